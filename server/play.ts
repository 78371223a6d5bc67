/* The host `play`: what the audience may break. Started by the root. */
import { runHost } from './host'

await runHost()
