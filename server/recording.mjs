/*
 * `npm run recording -- FILE`: makes of a recording in DATA_DIR/recordings one for everybody.
 *   --out FILE.jsonl.gz            where it goes; beside FILE unless told
 *   --title TEXT                   what the talk is called; the deck's title unless told
 *   --sound FILE --after SECONDS   what was said, and when that begins; may be negative
 */
import { join } from 'node:path'
import { install } from './set-up.mjs'

install()
const { runnerImport } = await import('vite')
const { module } = await runnerImport(join(import.meta.dirname, 'recording-export.ts'))
process.exitCode = module.exportRecording(process.argv.slice(2))
