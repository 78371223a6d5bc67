/* Node's own loop, as a runtime takes its turns on it. */
import type { Loop } from '../src/runtime'

export const nodeLoop: Loop = {
  soon: setImmediate,
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}
