/*
 * The moments at which a page may have slept, or its network may have changed: it came to the
 * front, came back from the browser's cache, or went online or offline. What it believes of its
 * connection may be wrong then, and it must look at once instead of waiting for a timer that slept
 * as well.
 */
import type { Wakes } from './line'

/** The wakes of a browser's page. */
export const browserWakes: Wakes = (wake) => {
  const seen = () => {
    if (document.visibilityState === 'visible') wake()
  }
  document.addEventListener('visibilitychange', seen)
  addEventListener('pageshow', wake)
  addEventListener('online', wake)
  addEventListener('offline', wake)
  return () => {
    document.removeEventListener('visibilitychange', seen)
    removeEventListener('pageshow', wake)
    removeEventListener('online', wake)
    removeEventListener('offline', wake)
  }
}
