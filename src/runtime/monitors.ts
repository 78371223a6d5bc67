/*
 * The monitors that stand. Each is a ref that hangs in two lists: of those that its holder holds,
 * and of those that watch the watched process. Lists of links and no tables: most processes are
 * watched by one and hold one, and a job that lives for some microseconds must not make maps.
 */
import type { Ref } from './pid'
import type { Process } from './process'

/** From now on `holder` watches `watched` by `ref`. */
export function attach(ref: Ref, holder: Process, watched: Process): void {
  ref.holder = holder
  ref.watched = watched
  const held = holder.monitors
  ref.nextHeld = held
  if (held) held.lastHeld = ref
  holder.monitors = ref
  const watching = watched.watchers
  ref.nextWatching = watching
  if (watching) watching.lastWatching = ref
  watched.watchers = ref
}

/** Ends a monitor on both sides. Harmless on one that does not stand. */
export function detach(ref: Ref): void {
  const { holder, watched, nextHeld, lastHeld, nextWatching, lastWatching } = ref
  if (!holder || !watched) return
  if (lastHeld) lastHeld.nextHeld = nextHeld
  else holder.monitors = nextHeld
  if (nextHeld) nextHeld.lastHeld = lastHeld
  if (lastWatching) lastWatching.nextWatching = nextWatching
  else watched.watchers = nextWatching
  if (nextWatching) nextWatching.lastWatching = lastWatching
  ref.holder = ref.watched = undefined
  ref.nextHeld = ref.lastHeld = ref.nextWatching = ref.lastWatching = undefined
}

/** The refs that a process holds, oldest first. */
export function heldBy(process: Process): Ref[] {
  const refs: Ref[] = []
  for (let ref = process.monitors; ref; ref = ref.nextHeld) refs.push(ref)
  return refs.reverse()
}

/** The refs by which a process is watched, oldest first. */
export function watchersOf(process: Process): Ref[] {
  const refs: Ref[] = []
  for (let ref = process.watchers; ref; ref = ref.nextWatching) refs.push(ref)
  return refs.reverse()
}
