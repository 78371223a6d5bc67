/* The host `play`: what the audience may break. Started by the root. */
import { runPlay } from './host'

await runPlay()
