/*
 * The wall's beginning: the one place that knows which board its address names
 * (`/board/<id>/wall`), and whether it stands in a slide, which then shows the way to the board.
 */
import { here } from '../../source/address'
import { showPage } from '../show-page'
import './wall.css'
import WallPage from './WallPage.svelte'

const board = here().pathname.toLowerCase().split('/')[2] ?? ''

showPage(WallPage, { board, isInSlide: window !== window.top })
