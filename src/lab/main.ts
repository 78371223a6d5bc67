/*
 * The lab page's beginning: it starts the system in this page and lends its source to its frames.
 */
import { mount } from 'svelte'
import declared from 'virtual:declared/let-it-crash'
import type { Sight } from '../pages/lab/guide/grading'
import { watched, watchLab } from '../pages/lab/guide/watch'
import LabPage from '../pages/lab/LabPage.svelte'
import { boardStream, type BoardCommand } from '../protocol/board'
import { contextWith } from '../pages/page-source'
import '../pages/parts/base.css'
import { browserClock } from '../source/browser-clock'
import { lendSource } from '../source/lent'
import { builtTexts } from './built-texts'
import { createLab } from './lab'
import { Visitors } from './visitors'
import LabWorker from './worker?worker'

const lab = createLab(() => new LabWorker())
const source = watched(lab.source)
lendSource(source)

// Nobody shows slides here, which would open it.
const board = declared.boards[0]?.id
if (board !== undefined) {
  const open = { type: 'change_settings', settings: { open: true } } satisfies BoardCommand
  void source.wish(boardStream(board), open)
}

const visitors = new Visitors({
  board,
  enter: lab.enter,
  random: Math.random,
  after: browserClock.after,
})

mount(LabPage, {
  target: document.body,
  props: {
    built: builtTexts,
    board,
    kill: lab.kill,
    watch: (tell: (sight: Sight) => void) => watchLab(source, tell),
    wantVisitors: (wanted: boolean) => visitors.want(wanted),
  },
  context: contextWith(source),
})
