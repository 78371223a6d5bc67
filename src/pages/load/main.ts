/* The load page's beginning. */
import { showPage } from '../show-page'
import LoadPage from './LoadPage.svelte'

showPage(LoadPage, {})
