/*
 * What each name in the table of keys does, on the desk or to the selected note.
 */
import type { Note } from '../../protocol/board'
import * as acts from './acts'
import type { Desk } from './desk.svelte'
import type { KeyName } from './keys'

/** What needs no note. */
export const boardDeeds: Partial<Record<KeyName, (desk: Desk) => void>> = {
  down: (desk) => desk.step(1),
  up: (desk) => desk.step(-1),
  toWaiting: (desk) => selectFirst(desk, desk.groups.waiting),
  toShown: (desk) => selectFirst(desk, desk.groups.shown),
  undo: (desk) => desk.undo(),
  blank: (desk) => desk.do(acts.blank(desk.view)),
  open: (desk) => desk.do(acts.set(desk.view, 'open', !desk.view.settings.open)),
  approveFirst: (desk) =>
    desk.do(acts.set(desk.view, 'approveFirst', !desk.view.settings.approveFirst)),
  slow: (desk) => {
    const { slowSeconds } = desk.view.settings
    desk.do(acts.set(desk.view, 'slowSeconds', acts.slowerThan(slowSeconds)))
  },
  filter: (desk) =>
    desk.do(acts.set(desk.view, 'filter', acts.filterAfter(desk.view.settings.filter))),
  reset: (desk) => desk.reset(),
  away: (desk) => (desk.isAwayOpen = !desk.isAwayOpen),
  export: (desk) => (desk.sheet = 'export'),
  help: (desk) => (desk.sheet = 'help'),
}

/** What is done to the selected note. */
export const noteDeeds: Partial<Record<KeyName, (desk: Desk, note: Note) => void>> = {
  show: (desk, note) => {
    const isMuted = desk.view.muted.includes(note.author)
    desk.judge(note, acts.moderate(note, 'shown'), isMuted ? mutedWords : 'It is shown already')
  },
  hide: (desk, note) => desk.judge(note, acts.moderate(note, 'hidden'), 'It is hidden already'),
  wait: (desk, note) => desk.do(acts.moderate(note, 'waiting'), 'It waits already'),
  pin: (desk, note) => desk.do(acts.pin(note)),
  spotlight: (desk, note) => {
    const isMuted = desk.view.muted.includes(note.author)
    const act = acts.spotlight(desk.view, note, desk.groups.lit === note.id)
    desk.do(isMuted ? undefined : act, mutedWords)
  },
  mute: (desk, note) => {
    const act = acts.mute(desk.view, note.author, note)
    if (desk.view.muted.includes(note.author)) desk.do(act)
    else desk.judge(note, act)
  },
  merge: (desk, note) => {
    if (note.mergedInto === undefined) desk.beginMerge(note)
    else desk.do(acts.separate(note))
  },
}

const mutedWords = 'Its author is muted, so it is not shown: m unmutes'

function selectFirst(desk: Desk, [first]: readonly Note[]): void {
  if (first) desk.select(first.id)
}
