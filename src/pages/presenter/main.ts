/* The presenter page's beginning: the one place that knows what the deck declares. */
import declared from 'virtual:declared/let-it-crash'
import { showPage } from '../show-page'
import PresenterPage from './PresenterPage.svelte'

showPage(PresenterPage, { boards: declared.boards })
