/* The board page's beginning: the one place that knows its address. */
import { here } from '../../source/address'
import { showPage } from '../show-page'
import { boardIdIn } from './board-id'
import BoardPage from './BoardPage.svelte'

showPage(BoardPage, { board: boardIdIn(here().pathname) })
