/* The console page's beginning. */
import { showPage } from '../show-page'
import ConsolePage from './ConsolePage.svelte'

showPage(ConsolePage, {})
