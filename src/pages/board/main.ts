/* The board page's beginning: the one place that knows its source and its address. */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import { boardIdIn } from './board-id'
import BoardPage from './BoardPage.svelte'

mount(BoardPage, {
  target: document.body,
  props: { board: boardIdIn(location.pathname) },
  context: contextWith(chooseSource()),
})
