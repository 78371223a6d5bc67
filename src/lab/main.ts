/*
 * The lab page's beginning: it starts the system in this page and lends its source to its frames.
 */
import { mount } from 'svelte'
import declared from 'virtual:declared/let-it-crash'
import LabPage from '../pages/lab/LabPage.svelte'
import { boardStream, type BoardCommand } from '../protocol/board'
import { contextWith } from '../pages/page-source'
import '../pages/parts/base.css'
import { lendSource } from '../source/lent'
import { builtTexts } from './built-texts'
import { createLab } from './lab'
import LabWorker from './worker?worker'

const lab = createLab(() => new LabWorker())
lendSource(lab.source)

// Nobody shows slides here, which would open it.
const board = declared.boards[0]?.id
if (board !== undefined) {
  const open = { type: 'change_settings', settings: { open: true } } satisfies BoardCommand
  void lab.source.wish(boardStream(board), open)
}

mount(LabPage, {
  target: document.body,
  props: { built: builtTexts, board, kill: lab.kill },
  context: contextWith(lab.source),
})
