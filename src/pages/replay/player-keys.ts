/*
 * The player's keys, as people know them from other players of recordings. They work wherever the
 * focus is in the player and on its slides, before the deck's own; a field, a button and a live
 * page that somebody has entered keep theirs.
 */

export type PlayerAct =
  | { readonly act: 'toggle' | 'fullscreen' | 'help' | 'slower' | 'faster' | 'take_over' }
  | { readonly act: 'skip'; readonly byMs: number }
  | { readonly act: 'step' | 'marker'; readonly by: 1 | -1 }
  | { readonly act: 'tenth'; readonly tenth: number }

const skipMs = 5_000

const acts: Readonly<Record<string, PlayerAct>> = {
  ' ': { act: 'toggle' },
  k: { act: 'toggle' },
  arrowleft: { act: 'skip', byMs: -skipMs },
  arrowright: { act: 'skip', byMs: skipMs },
  ',': { act: 'step', by: -1 },
  '.': { act: 'step', by: 1 },
  '[': { act: 'marker', by: -1 },
  ']': { act: 'marker', by: 1 },
  '<': { act: 'slower' },
  '>': { act: 'faster' },
  f: { act: 'fullscreen' },
  t: { act: 'take_over' },
  '?': { act: 'help' },
}

/** What a key asks of the player; undefined when it is none of its keys here. */
export function actOf(event: KeyboardEvent): PlayerAct | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined
  // Of another window's realm it is no instance of this one's Element.
  const target = event.target as Partial<Element> | null
  const isIn = (selector: string) => Boolean(target?.closest?.(selector))
  if (isIn('input:not([type="range"]), select, textarea, [contenteditable]')) return undefined
  if (event.key === ' ' && isIn('button, a, summary')) return undefined
  if (/^[0-9]$/.test(event.key)) return { act: 'tenth', tenth: Number(event.key) }
  return acts[event.key.toLowerCase()]
}

/** What the keys do, for the help. */
export const keyWords: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Space', 'K'], 'play, or pause'],
  [['←', '→'], '5 seconds back, or on'],
  [[',', '.'], 'the event before, or the next one'],
  [['[', ']'], 'the slide before, or the next one'],
  [['<', '>'], 'slower, or faster'],
  [['0', '…', '9'], 'to so many tenths of it'],
  [['F'], 'the whole screen, or no more'],
  [['T'], 'take over: the lab goes on from this moment'],
  [['?'], 'this list'],
]
