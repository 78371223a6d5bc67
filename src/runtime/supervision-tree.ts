/*
 * The supervision tree of a host, read off the process table and what supervisors know, and asked
 * of nobody: supervisors may be busy just then. One pass over all processes, which gives way as any
 * body does, so that a hundred thousand of them hold nobody up. Each line is true of some moment of
 * the pass; a process that was started after its beginning is not looked for.
 *
 * Under a supervisor with a list stand its children, in their order, running or not. Everybody else
 * stands under whoever started it, and at the top when that is dead or was outside. Equals (of one
 * parent, one body, one kind) share one line with their number, whatever numbers their labels have,
 * and what they started in turn stands together below it.
 */
import type { Restart } from './child-spec'
import { restartsLeft } from './intensity'
import type { Pid } from './pid'
import { me, Process, type Body } from './process'
import { reductions, type Place } from './reductions'
import { supervisionOf, type Child } from './supervision'

export interface TreeLine {
  /** Its id in its supervisor's list; undefined for who stands in none. */
  readonly id: string | undefined
  /** Its label, or the function that it was started with. */
  readonly initialCall: string
  readonly type: 'worker' | 'supervisor'
  /** Undefined: nobody restarts it. */
  readonly restart: Restart | undefined
  /** Its restart failed and will be tried again. */
  readonly restarting: boolean
  /** How many processes this line stands for; 0: a child that does not run. */
  readonly count: number
  /** The first few of them. */
  readonly pids: readonly Pid[]
  /** Of a supervisor: how many restarts it would still survive now, and how many at most. */
  readonly restartsLeft: number | undefined
  readonly intensity: number | undefined
  /** How many messages wait in the longest of their mailboxes. */
  readonly longestMailbox: number
  readonly children: readonly TreeLine[]
}

/** So many pids of a crowd are told. */
const fewPids = 5
/** What finding a process's place costs, counted as steps of a plain loop (half a microsecond). */
const stepsEach = 4
/** A line that stood deeper shares the line of its starter: a tree is to be shown and sent. */
const deepest = 50

const treePlace: Place = {
  kind: 'turn',
  file: 'src/runtime/supervision-tree.ts',
  function: 'supervisionTree',
  line: 1,
  column: 1,
  names: [],
}

/** The whole tree of this host: its lines without a parent, each with what is below. */
export function* supervisionTree(): Body<readonly TreeLine[]> {
  const { runtime } = me()
  const tree = new Tree()
  for (const process of runtime.everyProcess()) {
    if ((reductions.left -= stepsEach) <= 0) {
      do yield [treePlace]
      while (reductions.looking)
    }
    if (process.pid.target !== process) continue
    const line = tree.add(process)
    line.longestMailbox = Math.max(line.longestMailbox, process.mailbox.length)
    const supervision = supervisionOf(process)
    if (!supervision) continue
    line.restartsLeft = restartsLeft(supervision.restartsMs, runtime.now(), supervision.limit)
    line.intensity = supervision.limit.intensity
    for (const child of supervision.list ?? []) {
      if ((reductions.left -= stepsEach) <= 0) {
        do yield [treePlace]
        while (reductions.looking)
      }
      tree.addListed(line, child)
    }
  }
  return tree.roots
}

type Line = { -readonly [Field in keyof TreeLine]: TreeLine[Field] } & {
  pids: Pid[]
  children: Line[]
}

/** The lines so far. Whoever started a process is older, so its line stands already. */
class Tree {
  readonly roots: Line[] = []
  /** The lines of those who have one of their own: supervisors, and children in a list. */
  private readonly own = new Map<Process, Line>()
  /** The shared lines below a line (or at the top), by what their processes have in common. */
  private readonly shared = new Map<Line | undefined, Map<string, Line>>()
  private readonly depths = new Map<Line, number>()
  private last: { starter: Process; line: Line; restart: Restart | undefined } | undefined

  /** Counts one process where it stands. */
  add(process: Process): Line {
    const listed = this.own.get(process)
    if (listed) return listed
    const line = this.lineOf(process)
    line.count++
    if (line.pids.length < fewPids) line.pids.push(process.pid)
    return line
  }

  /** A child in the list of the supervisor whose line is `parent`. */
  addListed(parent: Line, { spec, pid, restarting }: Child): void {
    const process = pid?.target instanceof Process ? pid.target : undefined
    const call = process ? callOf(process) : spec.start[0].name
    const line = this.place(parent, call, spec.type ?? 'worker', spec.restart ?? 'permanent')
    line.id = spec.id
    line.restarting = restarting
    if (!process) return
    line.count = 1
    line.pids.push(process.pid)
    this.own.set(process, line)
  }

  private lineOf(process: Process): Line {
    const known = this.own.get(process)
    if (known) return known
    const { line: parent, restart } = this.below(process.parent?.target)
    if (!supervisionOf(process)) return this.sharedLine(parent, kindOf(process), restart)
    const line = this.place(parent, callOf(process), 'supervisor', restart)
    this.own.set(process, line)
    return line
  }

  /** Where those stand whom `starter` started. Siblings come in a row, so one is remembered. */
  private below(starter: unknown): { line: Line | undefined; restart: Restart | undefined } {
    if (!(starter instanceof Process)) return { line: undefined, restart: undefined }
    if (this.last?.starter === starter) return this.last
    const line = this.lineOf(starter)
    this.last = { starter, line, restart: supervisionOf(starter)?.restart }
    return this.last
  }

  private sharedLine(parent: Line | undefined, call: string, restart: Restart | undefined): Line {
    if (parent && this.depths.get(parent)! >= deepest) return parent
    const siblings = this.shared.get(parent) ?? new Map<string, Line>()
    this.shared.set(parent, siblings)
    const known = siblings.get(call)
    if (known) return known
    const line = this.place(parent, call, 'worker', restart)
    siblings.set(call, line)
    return line
  }

  private place(
    parent: Line | undefined,
    initialCall: string,
    type: TreeLine['type'],
    restart: Restart | undefined,
  ): Line {
    const line: Line = {
      id: undefined,
      initialCall,
      type,
      restart,
      restarting: false,
      count: 0,
      pids: [],
      restartsLeft: undefined,
      intensity: undefined,
      longestMailbox: 0,
      children: [],
    }
    ;(parent ? parent.children : this.roots).push(line)
    this.depths.set(line, parent ? this.depths.get(parent)! + 1 : 0)
    return line
  }
}

/** What equals have in common: `virtual client …`. */
const kindOf = ({ label, initialCall }: Process): string =>
  label?.replace(/\d+/g, '…') ?? initialCall

const callOf = ({ label, initialCall }: Process): string => label ?? initialCall
