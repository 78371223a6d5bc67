/*
 * The keys of a tree, as the ARIA Authoring Practices have them: up and down through all that is in
 * sight, right into what is below, left out of it, Home and End, and Enter for what the chosen item
 * does. Read off the elements, whose order is the tree's.
 */

export interface TreeMoves {
  /** Gives an item the focus. */
  choose(item: HTMLElement): void
  expand(item: HTMLElement, isExpanded: boolean): void
}

const itemsIn = (tree: HTMLElement): HTMLElement[] => [
  ...tree.querySelectorAll<HTMLElement>('[role=treeitem]'),
]

export const itemOf = (target: EventTarget | null): HTMLElement | undefined =>
  target instanceof Element
    ? (target.closest<HTMLElement>('[role=treeitem]') ?? undefined)
    : undefined

/** Does what a key means in a tree; false when it means nothing. */
export function pressKey(tree: HTMLElement, event: KeyboardEvent, moves: TreeMoves): boolean {
  const item = itemOf(event.target)
  if (!item || event.altKey || event.ctrlKey || event.metaKey) return false
  const items = itemsIn(tree)
  const at = items.indexOf(item)
  const expanded = item.getAttribute('aria-expanded')
  const choose = (next: HTMLElement | undefined) => {
    if (next) moves.choose(next)
  }
  switch (event.key) {
    case 'ArrowDown':
      choose(items[at + 1])
      return true
    case 'ArrowUp':
      choose(items[at - 1])
      return true
    case 'Home':
      choose(items[0])
      return true
    case 'End':
      choose(items.at(-1))
      return true
    case 'ArrowRight':
      if (expanded === 'false') moves.expand(item, true)
      else if (expanded === 'true') choose(items[at + 1])
      return true
    case 'ArrowLeft':
      if (expanded === 'true') moves.expand(item, false)
      else choose(itemOf(item.parentElement))
      return true
    case 'Enter':
      item.querySelector<HTMLElement>(':scope > .row :is(a, button)')?.click()
      return true
    default:
      return false
  }
}
