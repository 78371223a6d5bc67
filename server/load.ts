/* The host `load`: virtual clients, who have jobs done in `play`. Started by the root. */
import { runLoad } from './host'

await runLoad()
