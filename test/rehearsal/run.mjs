/*
 * `npm run rehearse`: gives the whole talk to a hall of scripted visitors, records it, makes of it a
 * recording for everybody, and compares that at seeded moments with what was live. Prints figures as
 * lines of JSON; ends with 1 unless all moments are equal.
 *   npm run rehearse                                  into data/rehearsal.jsonl.gz
 *   npm run rehearse -- out=slides/rehearsal.jsonl.gz the one that is shipped
 *   npm run rehearse -- visitors=5 pace=0.5 seed=7 moments=100
 */
import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { runnerImport } from 'vite'

const root = join(import.meta.dirname, '../..')
const words = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const out = resolve(words.out ?? join(root, 'data/rehearsal.jsonl.gz'))
mkdirSync(dirname(out), { recursive: true })

const load = async (path) => (await runnerImport(join(root, path))).module
await (await load('test/support/build.ts')).default()
const { rehearse } = await load('test/rehearsal/rehearsal.ts')
const { figures, unequal } = await rehearse({
  out,
  visitors: Number(words.visitors ?? 20),
  pace: Number(words.pace ?? 1),
  seed: Number(words.seed ?? 1),
  moments: Number(words.moments ?? 50),
})
for (const figure of [...figures, ...unequal]) process.stdout.write(`${JSON.stringify(figure)}\n`)
process.exit(unequal.length > 0 ? 1 : 0)
