/* Process code by its folder, and hot-loadable: an entry of its own. */
export interface Turn {
  readonly turn: number
}

export function* first(turns: number): Generator<unknown, Turn> {
  let turn = 0
  while (turn < turns) turn++
  if (turns < 0) throw new Error('first fails')
  return { turn }
}
