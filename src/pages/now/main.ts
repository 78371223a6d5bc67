/* The front door's beginning. */
import { showPage } from '../show-page'
import NowPage from './NowPage.svelte'

showPage(NowPage, {})
