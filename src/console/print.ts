/*
 * What the console prints: tables, stacks and traces as lines of plain text, none wider than 100
 * columns. A process may have any name and hold any value, so what a terminal would obey is made
 * visible first, and nothing that is printed is ever more than text.
 */
import type { FrameSeen, ProcessSeen, TraceSeen } from '../protocol/observe'
import type { Browsers, Problem, UpgradeEnd } from '../protocol/upgrades'
import type { TopLine } from './hands'
import type { Fault, PidName } from './parse'
import { usage, words } from './words'

export type Lines = readonly string[]

export const maxColumns = 100

const leftOut = '…'

/** The text with a dot for each character that is no mark on paper: escapes, turns, line ends. */
export const plain = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '·')

/** At most so many characters of it, with a sign where something is left out. */
export function cut(text: string, columns = maxColumns): string {
  // Twice as many units hold as many characters, whatever they are.
  const characters = [...plain(text.slice(0, 2 * columns + 2))]
  if (characters.length <= columns) return characters.join('')
  return characters.slice(0, Math.max(columns - 1, 0)).join('') + leftOut
}

export const pidText = ({ host, serial }: PidName): string => `<${host}.${serial}.0>`

const nameOf = ({ name, initialCall }: Pick<TopLine, 'name' | 'initialCall'>): string =>
  name === undefined || name === initialCall ? initialCall : `${name} (${initialCall})`

export const grouped = (count: number): string =>
  String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '_')

interface Column {
  readonly title: string
  readonly cells: readonly string[]
  readonly most: number
  readonly isNumber?: true
}

/** Columns side by side, each as wide as it must be. */
function table(columns: readonly Column[]): string[] {
  const whole = columns.map(({ title, cells, most, isNumber }) => {
    const shown = [title, ...cells].map((cell) => cut(cell, most))
    const width = Math.max(...shown.map((cell) => [...cell].length))
    const pad = (cell: string) => ' '.repeat(width - [...cell].length)
    return shown.map((cell) => (isNumber ? pad(cell) + cell : cell + pad(cell)))
  })
  const rows = whole[0]?.map((_, row) => whole.map((column) => column[row]).join('  ')) ?? []
  return rows.map((row) => row.trimEnd())
}

export function printTop(lines: readonly TopLine[]): Lines {
  if (lines.length === 0) return ['Nobody took a step in that second.']
  const column = (title: string, most: number, cell: (line: TopLine) => string): Column => ({
    title,
    most,
    cells: lines.map(cell),
  })
  const numbers = (title: string, cell: (line: TopLine) => string): Column => ({
    ...column(title, 15, cell),
    isNumber: true,
  })
  return table([
    column('pid', 20, ({ pid }) => pid),
    numbers('reductions', ({ reductions }) => grouped(reductions)),
    numbers('of host', ({ share }) => `${Math.round(100 * share)} %`),
    numbers('msgs', ({ mailboxLength }) => grouped(mailboxLength)),
    // The last one, since it may be long, and a phone has room for half of a line.
    column('process', 40, nameOf),
  ])
}

const variablesOf = ({ variables }: FrameSeen): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')

export function printStack(seen: ProcessSeen): Lines {
  const { stack, status } = seen
  if (stack.length === 0) {
    const why = status === 'running' ? 'is running just now' : 'has not begun, or tells no place'
    return [cut(`${nameOf(seen)} ${why}.`)]
  }
  const rows = table([
    { title: 'function', most: 24, cells: stack.map((frame) => frame.function) },
    { title: 'line', most: 32, cells: stack.map(({ file, line }) => `${file}:${line}`) },
    { title: 'variables', most: maxColumns, cells: stack.map(variablesOf) },
  ])
  return [`${nameOf(seen)}, ${status}`, ...rows].map((row) => cut(row))
}

const limits: Readonly<Record<TraceSeen['limit'], string>> = {
  time: 'the time was over',
  events: 'that is as many as are shown',
  ended: 'the process has ended',
}

export function printTrace({ events, limit, ms }: TraceSeen): Lines {
  const rows = events.map(
    (event) =>
      `${event.event} ${event.function}(${variablesOf(event)})  ${event.file}:${event.line}`,
  )
  const count = events.length === 1 ? '1 step' : `${events.length} steps`
  return [...rows, `${count} in ${Math.round(ms)} ms: ${limits[limit]}.`].map((row) => cut(row))
}

export function printInfo(pid: PidName, seen: ProcessSeen): Lines {
  const [frame] = seen.stack
  const rows: readonly (readonly [string, string])[] = [
    ['pid', pidText(pid)],
    ['process', nameOf(seen)],
    ['status', seen.status],
    ['is in', frame ? `${frame.function} (${frame.file}:${frame.line})` : '–'],
    ['age', `${(seen.ageMs / 1000).toFixed(1)} s`],
    ['reductions', grouped(seen.reductions)],
    ['mailbox', grouped(seen.mailboxLength)],
    ['traps exits', seen.trapsExits ? 'yes' : 'no'],
    ['links', seen.links.join(' ') || '–'],
    ['monitors', seen.monitors.join(' ') || '–'],
    ['monitored by', seen.monitoredBy.join(' ') || '–'],
    ['ancestors', seen.ancestors.join(' ') || '–'],
  ]
  return rows.map(([name, value]) => cut(`${name.padEnd(12)}  ${value}`))
}

/** What came of an upgrade, a roll back or a purge. */
export function printUpgrade(end: UpgradeEnd): Lines {
  switch (end.type) {
    case 'upgraded':
    case 'rolled_back': {
      const { type, from, to, tookMs, browsers } = end
      const what =
        type === 'upgraded' ? 'The new version is loaded' : 'The version before runs again'
      return [`${what}: release ${from} → ${to} in ${tookMs} ms${stayed(browsers)}.`]
    }
    case 'purged': {
      const { count } = end
      return [`${count === 1 ? '1 process' : `${count} processes`} that ran old code ended.`]
    }
    case 'upgrade_refused':
      return printProblem(end.problem)
  }
}

const stayed = (browsers: Browsers | undefined): string =>
  browsers ? `; ${browsers.still} of ${browsers.before} browsers stayed` : ''

/** The sentence, the place, and the lines around it. */
function printProblem({ sentence, module, line, column, excerpt }: Problem): Lines {
  const hasPlace = module !== undefined && line !== undefined
  const place = hasPlace ? [`at src/system/${module}.ts:${line}:${column}`] : []
  const around = excerpt === undefined ? [] : excerpt.split('\n')
  return ['Nothing was changed.', sentence, ...place, ...around].map((text) => cut(text))
}

export const printHelp = (): Lines =>
  words.map((word) => cut(`${usage(word).padEnd(27)} ${word.help}`))

/** Characters of the line on each side of the fault that are shown. */
const around = 40

/** The line, a caret below the place, and the sentence. */
export function printFault(line: string, { at, sentence }: Fault): Lines {
  const before = [...line.slice(0, at)]
  const from = Math.max(before.length - around, 0)
  const shown = [...line.slice(0, at + 2 * around)].slice(from, before.length + around).join('')
  return [
    plain(shown),
    `${' '.repeat(before.length - from)}^`,
    cut(`Column ${before.length + 1}: ${sentence}`),
  ]
}
