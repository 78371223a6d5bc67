/* The supervision tree's beginning. */
import { showPage } from '../show-page'
import TreePage from './TreePage.svelte'

showPage(TreePage, {})
