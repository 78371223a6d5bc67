/* The sum page's beginning. */
import { showPage } from '../show-page'
import SumPage from './SumPage.svelte'

showPage(SumPage, {})
