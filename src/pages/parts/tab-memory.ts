/*
 * What a page remembers over a reload, in this tab and nowhere else: a draft, say. A browser may
 * forbid all storage (a private window, a frame); then nothing is remembered, and nothing else
 * changes.
 */

/** What was remembered under `name`, if anything. */
export function recall(name: string): string | undefined {
  try {
    return sessionStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

export function remember(name: string, text: string): void {
  try {
    sessionStorage.setItem(name, text)
  } catch {
    // Forbidden or full: the page lives without a memory.
  }
}
