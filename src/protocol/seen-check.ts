/*
 * The shape of what an observer tells, for from-host.ts: the audience may have broken its host, and
 * all of it goes on to browsers. Everything is bounded, a tree's depth and size first.
 */
import {
  array,
  check,
  custom,
  finite,
  lazy,
  literal,
  maxLength,
  maxValue,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  record,
  regex,
  boolean,
  safeInteger,
  strictObject,
  string,
  variant,
  type GenericSchema,
} from 'valibot'
import type { Seen, TreeNode } from './observe'

/** More rows than any page asks for. */
const maxRows = 200
const maxPids = 50
const maxFrames = 50
const maxTreeNodes = 3_000
/** The runtime's own bound is lower. */
const maxTreeDepth = 60

const atMost = (length: number) => pipe(string(), maxLength(length))
const few = <Item extends GenericSchema>(most: number, item: Item) =>
  pipe(
    custom<unknown[]>((list) => Array.isArray(list) && list.length <= most),
    array(item),
  )
const count = pipe(number(), safeInteger(), minValue(0))
const ms = pipe(number(), finite(), minValue(0))
const share = pipe(number(), minValue(0), maxValue(1))
const called = atMost(200)
const named = optional(atMost(200))
const status = picklist(['runnable', 'running', 'waiting', 'exited'])
const pid = pipe(atMost(40), regex(/^<\d+\.\d+\.0>$/))

/** A row of a table, by its fields. */
export const rowFields = {
  serial: count,
  name: named,
  initialCall: called,
  reductionsDiff: count,
  reductions: count,
  mailboxLength: count,
  status,
  current: optional(atMost(300)),
  ageMs: ms,
}

const frame = {
  function: called,
  file: called,
  line: count,
  variables: pipe(
    record(atMost(100), atMost(400)),
    check((variables) => Object.keys(variables).length <= 100),
  ),
}

const node: GenericSchema<TreeNode> = strictObject({
  id: named,
  initialCall: called,
  type: picklist(['worker', 'supervisor']),
  restart: optional(picklist(['permanent', 'transient', 'temporary'])),
  restarting: optional(literal(true)),
  count,
  serials: few(maxPids, count),
  restartsLeft: optional(count),
  intensity: optional(count),
  longestMailbox: optional(count),
  children: lazy(() => array(node)),
}) as GenericSchema<TreeNode>

/** Whether the nodes are few and not deep; walked level by level, so no input can end the stack. */
function isBounded(roots: unknown): boolean {
  let level: unknown[] = [roots]
  let nodes = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxTreeDepth || level.some((list) => !Array.isArray(list))) return false
    const below = (level as unknown[][]).flat()
    nodes += below.length
    if (nodes > maxTreeNodes) return false
    level = below.map((each) => (each as Partial<TreeNode> | null)?.children)
  }
  return true
}

/** The top of a host's tree. */
export const rootsSchema = pipe(custom<unknown[]>(isBounded), array(node))

const pids = few(maxPids, pid)

/** What may be told, by its kind. */
export const seenSchema: GenericSchema<Seen> = variant('kind', [
  strictObject({
    kind: literal('table'),
    windowMs: optional(ms),
    rows: few(maxRows, strictObject(rowFields)),
    matched: count,
    processes: count,
  }),
  strictObject({
    kind: literal('tree'),
    roots: rootsSchema,
  }),
  strictObject({
    kind: literal('top'),
    rows: few(
      maxRows,
      strictObject({
        serial: count,
        name: named,
        initialCall: called,
        reductions: count,
        share,
        mailboxLength: count,
      }),
    ),
  }),
  strictObject({
    kind: literal('process'),
    serial: count,
    name: named,
    initialCall: called,
    status,
    mailboxLength: count,
    reductions: count,
    ageMs: ms,
    trapsExits: boolean(),
    links: pids,
    monitors: pids,
    monitoredBy: pids,
    ancestors: pids,
    stack: few(maxFrames, strictObject(frame)),
  }),
  strictObject({
    kind: literal('trace'),
    events: few(maxFrames, strictObject({ ...frame, event: picklist(['call', 'turn']) })),
    limit: picklist(['time', 'events', 'ended']),
    ms,
  }),
  strictObject({ kind: literal('kill'), killed: count }),
  strictObject({
    kind: literal('refused'),
    code: picklist(['no_such_process', 'already_traced', 'too_busy']),
  }),
]) as GenericSchema<Seen>
