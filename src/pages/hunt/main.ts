/* The hunt page's beginning. */
import { showPage } from '../show-page'
import HuntPage from './HuntPage.svelte'

showPage(HuntPage, {})
