/*
 * The keys of a moderator, one table: what each does, and how the list of keys tells it. None needs
 * a second key held down, so one hand is free, and they follow the letter that is printed on them.
 */

export const keys = {
  down: { keys: ['ArrowDown', 'j'], says: 'select the note below' },
  up: { keys: ['ArrowUp', 'k'], says: 'select the note above' },
  toWaiting: { keys: ['ArrowLeft'], says: 'select the oldest note that waits' },
  toShown: { keys: ['ArrowRight'], says: 'select the newest note that is shown' },
  show: { keys: ['a'], says: 'approve: show the note' },
  hide: { keys: ['h'], says: 'hide the note' },
  wait: { keys: ['w'], says: 'put the note back to waiting' },
  undo: { keys: ['u'], says: 'undo the last act; again: the one before' },
  spotlight: { keys: ['f', 'Enter'], says: 'fill the wall with the note; again: off' },
  pin: { keys: ['p'], says: 'pin the note; again: off' },
  merge: { keys: ['g'], says: 'merge the note into another that says the same; again: apart' },
  mute: { keys: ['m'], says: 'mute the author; again: off' },
  blank: { keys: ['b'], says: 'blank the projector at once; again: show the wall' },
  open: { keys: ['o'], says: 'open or close the board' },
  approveFirst: { keys: ['v'], says: 'approve first, or show at once' },
  slow: { keys: ['s'], says: 'slow mode: off, 15, 30, 60 seconds' },
  filter: { keys: ['t'], says: 'word filter: off, mark, hold' },
  reset: { keys: ['r'], says: 'reset the board (press twice)' },
  away: { keys: ['x'], says: 'unfold or fold what is put away' },
  export: { keys: ['e'], says: 'export what is shown to a file' },
  help: { keys: ['?'], says: 'show these keys' },
} as const satisfies Record<string, { readonly keys: readonly string[]; readonly says: string }>

export type KeyName = keyof typeof keys

const names = Object.keys(keys) as KeyName[]

/** What a key means on the list of notes. */
export const meaningOf = (key: string): KeyName | undefined =>
  names.find((name) => (keys[name].keys as readonly string[]).includes(key))

const signs: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
}

/** How a key is written on a button. */
export const signOf = (key: string): string => signs[key] ?? key

/**
 * The key that was pressed, or undefined when it is not for us: held with another, meant for a
 * field, or the press of a button that has the focus. A key that is held down repeats the arrows
 * alone, or it would judge a queue of notes that nobody has read.
 */
export function readKey(event: KeyboardEvent): string | undefined {
  const { key, code, repeat, target } = event
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return undefined
  if (target instanceof Element) {
    if (target.closest('input, textarea, select, [contenteditable]')) return undefined
    if ((key === 'Enter' || key === ' ') && target.closest('button, a, summary')) return undefined
  }
  if (repeat && !/^(Arrow|[jk]$)/.test(key)) return undefined
  if (key.length > 1 || key === '?') return key
  if (event.shiftKey) return undefined
  // A keyboard of another script has our letters by their place; caps lock changes nothing.
  return /^[a-z]$/i.test(key)
    ? key.toLowerCase()
    : (/^Key([A-Z])$/.exec(code)?.[1] ?? key).toLowerCase()
}
