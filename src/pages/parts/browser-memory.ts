/*
 * What a page remembers in this browser, over reloads and closed tabs: notes that are not stored
 * yet, say. A browser may forbid all storage, or have no room; then the page itself remembers, for
 * as long as it lives, and nothing else changes. What belongs to one tab alone is tab-memory.ts.
 */

export interface Memory {
  /** What was remembered under `name`, if anything. */
  recall(name: string): string | undefined
  remember(name: string, text: string): void
  forget(name: string): void
  /** All names that begin with `prefix`, in no order. */
  names(prefix: string): readonly string[]
}

/** What the browser did not take. */
const unkept = new Map<string, string>()

/** Gives undefined where the browser forbids what is asked of its storage, or has no room. */
function tried<T>(ask: (storage: Storage) => T): T | undefined {
  try {
    return ask(localStorage)
  } catch {
    return undefined
  }
}

export const browserMemory: Memory = {
  recall: (name) => unkept.get(name) ?? tried((storage) => storage.getItem(name)) ?? undefined,
  remember(name, text) {
    unkept.set(name, text)
    const isKept = tried((storage) => {
      storage.setItem(name, text)
      return true
    })
    if (isKept) unkept.delete(name)
  },
  forget(name) {
    unkept.delete(name)
    tried((storage) => storage.removeItem(name))
  },
  names(prefix) {
    const kept = tried((storage) => Object.keys(storage)) ?? []
    return [...new Set([...kept, ...unkept.keys()])].filter((name) => name.startsWith(prefix))
  },
}
