/* A host of the demo system as an OS process, started by the root. */
import { randomBytes } from 'node:crypto'
import type { HostWorld } from '../src/host/system-host'
import { fromFiles } from './files-loader'
import { createHostLog } from './host-log'
import { liveUnderRoot } from './leash'
import { localLines } from './local-lines'
import { nodeLoop } from './node-loop'

/** This OS process, as a world for one host. */
export const osWorld = (): HostWorld => ({
  lines: localLines,
  loop: nodeLoop,
  loader: fromFiles,
  newLife: () => randomBytes(6).toString('hex'),
  log: createHostLog(),
  liveUnderRoot,
})
