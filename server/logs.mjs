/*
 * `npm run logs`: follows what a running system logs, one line a record, until Ctrl-C.
 *   npm run logs -- --to https://talk.example    of a system elsewhere
 *   npm run logs -- --json                       the records as they come, for machines
 * It comes back by itself after a lost connection. The log is public, so it needs no token.
 */
import { join } from 'node:path'
import { parseArgs, stripVTControlCharacters, styleText } from 'node:util'
import { install } from './set-up.mjs'

const root = join(import.meta.dirname, '..')
const { values: words } = parseArgs({
  options: {
    to: { type: 'string', default: `http://localhost:${process.env.PORT || 4000}` },
    json: { type: 'boolean', default: false },
  },
})
const url = readUrl(words.to)

install()
const { runnerImport } = await import('vite')
const importFrom = async (name) => (await runnerImport(join(root, 'src', name))).module
const { createLiveSource } = await importFrom('source/live.ts')
const { logsFold, logsStream } = await importFrom('protocol/logs.ts')
const { logText } = await importFrom('protocol/log-text.ts')

// Whoever reads only the first lines (`npm run logs | head`) has seen enough.
process.stdout.on('error', () => process.exit(0))

const source = createLiveSource({ url, wakes: () => () => {} })
source.onConnection((connection) => {
  if (connection === 'connecting') say(`Looking for ${url} …`)
  else say(connection === 'live' ? `Following ${url}` : 'The connection is lost; trying again …')
})
source.follow(logsStream, logsFold, ({ view, epoch }) => {
  if (epoch === undefined) return
  for (const entry of freshOf(view.records)) {
    process.stdout.write(`${words.json ? JSON.stringify(entry) : lineOf(entry)}\n`)
  }
})

/** What was told last, by when and which: a root that was started anew counts anew. */
let last
/** The records that were not told yet. */
function freshOf(records) {
  const isLast = ({ number, atMs }) => number === last?.number && atMs === last.atMs
  const fresh = records.slice(records.findLastIndex(isLast) + 1)
  last = records.at(-1) ?? last
  return fresh
}

/** `19:30:20 error  play-1   sum.sum <0.12.0> crashed: …`, and where, if that is known. */
function lineOf(entry) {
  const { atMs, level, host, stack = [] } = entry
  const time = new Date(atMs).toLocaleTimeString('en-GB', { hour12: false })
  const where = stack[0] === undefined ? '' : ` in ${stack[0]}`
  const line = `${time} ${level.padEnd(5)} ${host.padEnd(10)} ${logText(entry)}${where}`
  const colour = { warn: 'yellow', error: 'red' }[level]
  const plain = stripVTControlCharacters(line)
  return colour && process.stdout.isTTY ? styleText(colour, plain) : plain
}

/** What is said about the following, beside the log itself. */
function say(sentence) {
  process.stderr.write(`${sentence}\n`)
}

function readUrl(text) {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text).origin
  say(`'${text}' is no address: it begins with http:// or https://`)
  process.exit(1)
}
