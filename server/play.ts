/* The host `play`: what the audience may break. Started by the root. */
import { runPlay } from '../src/host/system-host'
import { osWorld } from './os-host'

await runPlay(osWorld())
