/* The process page's beginning. */
import { showPage } from '../show-page'
import ProcessesPage from './ProcessesPage.svelte'

showPage(ProcessesPage, {})
