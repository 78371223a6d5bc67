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

/** False where that is forbidden or there is no room: the page lives without a memory. */
export function remember(name: string, text: string): boolean {
  try {
    sessionStorage.setItem(name, text)
    return true
  } catch {
    return false
  }
}

export function forget(name: string): void {
  try {
    sessionStorage.removeItem(name)
  } catch {
    // Where it is forbidden, nothing was remembered.
  }
}
