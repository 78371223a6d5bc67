/* The host `load`: virtual clients, who have jobs done in `play`. Started by the root. */
import { runLoad } from '../src/host/system-host'
import { osWorld } from './os-host'

await runLoad(osWorld())
