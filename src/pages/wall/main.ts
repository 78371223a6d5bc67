/*
 * The wall's beginning: the one place that knows which source it has, which board its address names
 * (`/board/<id>/wall`), and whether it stands in a slide, which then shows the way to the board.
 */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import './wall.css'
import WallPage from './WallPage.svelte'

const board = location.pathname.toLowerCase().split('/')[2] ?? ''

mount(WallPage, {
  target: document.body,
  props: { board, isInSlide: window !== window.top },
  context: contextWith(chooseSource()),
})
