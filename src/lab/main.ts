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
import { forgetMoment, keptMoment } from '../pages/parts/taken-moment'
import { browserClock } from '../source/browser-clock'
import { lendSource } from '../source/lent'
import { beginningAt, freshBeginning } from './beginning'
import { builtTexts } from './built-texts'
import { createLab } from './lab'
import { Visitors } from './visitors'
import LabWorker from './worker?worker'

const kept = keptMoment()
const moment = kept === 'unfit' ? undefined : kept
const beginning = moment
  ? beginningAt(moment, declared.boards, Date.now())
  : freshBeginning(declared.boards)
const lab = createLab(beginning, () => new LabWorker())
const source = watched(lab.source)
lendSource(source)

// Nobody shows slides here, which would open it.
const { board, isBoardToOpen, lacks, release } = beginning
if (board !== undefined && isBoardToOpen) {
  const open = { type: 'change_settings', settings: { open: true } } satisfies BoardCommand
  void source.wish(boardStream(board), open)
}

const visitors = new Visitors({
  board,
  enter: lab.enter,
  random: Math.random,
  after: browserClock.after,
})

const startAfresh = () => {
  forgetMoment()
  location.reload()
}

mount(LabPage, {
  target: document.body,
  props: {
    ...{ built: builtTexts, running: release?.texts ?? builtTexts, board, kill: lab.kill },
    taken: { moment, isUnfit: kept === 'unfit', lacks, startAfresh },
    watch: (tell: (sight: Sight) => void) => watchLab(source, tell),
    wantVisitors: (wanted: boolean) => visitors.want(wanted),
  },
  context: contextWith(source),
})
