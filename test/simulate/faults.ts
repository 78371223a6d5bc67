/*
 * Faults to be planted in the runtime, one at a time: each replaces a text that stands in a file
 * exactly once. The simulation must find every one of them within a bounded number of seeds (hunt.mjs),
 * or it proves nothing. They are the mistakes that one would really make.
 */
export interface Fault {
  readonly name: string
  /** In src/runtime. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** The exhaustive search must find it too. */
  readonly isSearched?: true
}

const fault = (name: string, file: string, find: string, replace: string): Fault => {
  return { name, file, find, replace }
}

const searched = (...given: Parameters<typeof fault>): Fault => {
  return { ...fault(...given), isSearched: true }
}

export const faults: readonly Fault[] = [
  // Signals
  searched(
    'a second down is lost',
    'signals.ts',
    'for (const ref of watchersOf(process)) tell',
    'for (const ref of watchersOf(process).slice(1)) tell',
  ),
  searched(
    'a down comes twice',
    'signals.ts',
    '  detach(ref)\n  accept(holder',
    "  detach(ref)\n  accept(holder, { type: 'down', ref, pid, reason })\n  accept(holder",
  ),
  searched(
    'a link holds on one side',
    'signals.ts',
    ';(other.links ??= new Set()).add(process.pid)',
    '',
  ),
  searched(
    'an unlink holds on one side',
    'signals.ts',
    'other.links?.delete(process.pid)',
    'void 0',
  ),
  fault(
    'trapping is ignored',
    'signals.ts',
    'if (process.trapsExits) accept',
    "if (process.trapsExits && reason !== 'shutdown') accept",
  ),
  searched(
    'kill can be trapped',
    'signals.ts',
    "if (reason === 'kill') return",
    "if (reason === 'kill' && !process.trapsExits) return",
  ),
  searched(
    'kill is seen as kill',
    'signals.ts',
    "terminate(process, 'killed')",
    "terminate(process, 'kill')",
  ),
  searched('normal kills others', 'signals.ts', "reason !== 'normal' || fromSelf", 'true'),
  searched(
    'normal to oneself is ignored',
    'signals.ts',
    "reason !== 'normal' || fromSelf",
    "reason !== 'normal'",
  ),
  searched(
    'a link to the dead is silent',
    'signals.ts',
    "return receiveExit(process, to, 'noproc', false)",
    'return',
  ),
  searched(
    'a monitor of the dead is silent',
    'signals.ts',
    "else accept(process, { type: 'down', ref, pid: to, reason: 'noproc' } satisfies Down)",
    '',
  ),
  searched(
    'a demonitor leaves the down',
    'signals.ts',
    'else process.mailbox.take((message) => isDownOf(message, ref))',
    '',
  ),
  fault(
    'the dead run on',
    'reductions.ts',
    '  reductions.left = Math.min(reductions.left, 0)\n  reductions.floor = Infinity\n',
    '',
  ),
  fault(
    'a dead process acts',
    'body.ts',
    "if (process.status === 'exited') return\n  const pid = find(",
    'const pid = find(',
  ),
  searched(
    'a chain of deaths ends early',
    'signals.ts',
    'at < dying.length; at++',
    'at < Math.min(dying.length, 2); at++',
  ),
  fault(
    'the dead go on watching',
    'signals.ts',
    'while (process.monitors) detach(process.monitors)',
    '',
  ),
  // Mailboxes and messages
  searched(
    'mailboxes are stacks',
    'mailbox.ts',
    'if (this.last) this.last.next = cell\n    else this.first = cell\n    this.last = cell',
    'cell.next = this.first\n    this.first = cell\n    this.last ??= cell',
  ),
  fault(
    'selective receive drops what it skips',
    'mailbox.ts',
    'if (before) before.next = cell.next\n      else this.first = cell.next',
    'this.first = cell.next',
  ),
  fault(
    'what is taken from the end is forgotten there',
    'mailbox.ts',
    'if (cell === this.last) this.last = before',
    '',
  ),
  fault(
    'messages are shared',
    'signals.ts',
    'if (target instanceof Process) accept(target, copy(message))',
    'if (target instanceof Process) accept(target, message)',
  ),
  fault(
    'messages are half copied',
    'message.ts',
    "typeof part === 'object' ? copyAt(part, depth + 1) : part",
    'part',
  ),
  fault(
    'a receive goes on behind what another has seen',
    'receive.ts',
    'this.match = this.seen = undefined',
    'this.match = undefined',
  ),
  fault('a limit of 0 waits', 'receive.ts', 'limitMs <= 0', 'limitMs < 0'),
  // Names
  fault(
    'a name outlives its holder',
    'runtime.ts',
    'if (process.name !== undefined) this.registry.unregister(process.name)',
    '',
  ),
  fault('a taken name is given again', 'registry.ts', 'if (holder) throw', 'if (!name) throw'),
  fault('a second name is given', 'body.ts', 'if (process.name !== undefined)', 'if (name === "")'),
  // Time
  fault('a timer is not cancelled', 'body.ts', 'runtime.timers.cancel(timer)', ''),
  fault(
    'a timer fires early',
    'timers.ts',
    'timer.dueMs = Math.max(Math.ceil',
    'timer.dueMs = -16 + Math.max(Math.ceil',
  ),
  fault(
    'fractions of a millisecond are cut off',
    'timers.ts',
    'Math.ceil(dueMs)',
    'Math.floor(dueMs)',
  ),
  fault('a limit passes early', 'runtime.ts', 'this.now() + limitMs', 'this.now() + limitMs / 2'),
  fault('late timers are lost', 'timers.ts', 'this.slotFor(timer.dueMs).unshift(timer)', ''),
  // Calls
  fault('a late reply arrives', 'server.ts', 'caller.awaited !== from.ref', 'false'),
  fault('an answer after the death stays', 'server.ts', 'yield* receive(isOfCall, 0)', ''),
  fault('a call does not watch whom it calls', 'server.ts', 'monitor(process, ref, pid)\n  }', '}'),
  fault(
    'a call leaves its monitor',
    'server.ts',
    '  process.awaited = undefined\n  demonitor(ref)',
    '  process.awaited = undefined',
  ),
  // Supervisors
  fault(
    'a window is one restart too wide',
    'intensity.ts',
    'window.length < limit.intensity',
    'window.length <= limit.intensity',
  ),
  fault('a window is never left', 'intensity.ts', 'nowMs - at <= periodSeconds * 1000', 'true'),
  fault(
    'children stop in the order of their start',
    'child-list.ts',
    '[...children].reverse()',
    '[...children]',
  ),
  fault(
    'rest_for_one restarts too many',
    'supervisor.ts',
    'list.slice(list.indexOf(child))',
    'list.slice(Math.max(list.indexOf(child) - 1, 0))',
  ),
  fault(
    'rest_for_one restarts too few',
    'supervisor.ts',
    "if (strategy === 'one_for_one') return",
    "if (strategy !== 'one_for_all') return",
  ),
  fault(
    'transient ones come back after normal',
    'child-spec.ts',
    "(restart === 'transient' && !isOrderly(reason))",
    "restart === 'transient'",
  ),
  fault(
    'temporary ones come back',
    'child-spec.ts',
    "return restart === 'permanent' ||",
    "return restart !== 'transient' ||",
  ),
  fault(
    'failed restarts do not count',
    'supervisor.ts',
    'child?.restarting ? yield* restart(state, child)',
    'child?.restarting ? yield* restart(((state.restartsMs = state.restartsMs.slice(1)), state), child)',
  ),
  fault(
    'a failed restart is given up',
    'supervisor.ts',
    "cast(self(), { type: 'try_again', id: failure.id })",
    '',
  ),
  fault(
    'a restart is done twice',
    'child-list.ts',
    'if (child.pid) continue\n    const outcome = yield* startIt(child)',
    'if (child.pid) continue\n    yield* startIt(child)\n    const outcome = yield* startIt(child)',
  ),
  fault(
    'stopping waits for ever',
    'child.ts',
    "typeof shutdown === 'number' ? shutdown : Infinity",
    'Infinity',
  ),
  fault(
    'a supervisor gives up in silence',
    'supervisor.ts',
    "report('gave_up', child.spec.id, state.limit)",
    '',
  ),
  fault(
    'one child more than there may be',
    'dynamic-supervisor.ts',
    'state.restarting.size >= maxChildren',
    'state.restarting.size > maxChildren',
  ),
  // Code
  fault(
    'a load forgets who runs old code',
    'code.ts',
    "if (lingering.length > 0) throw new LoadRefused(module, 'not_purged', lingering)",
    '',
  ),
  fault(
    'a purge spares who runs old code',
    'code.ts',
    "for (const process of lingering) terminate(process, 'killed')",
    '',
  ),
  fault(
    'a soft purge forgets what still runs',
    'code.ts',
    'if (this.lingering(module).length > 0) return false',
    '',
  ),
  fault(
    'who has not begun is overlooked',
    'code.ts',
    'if (process.next) return bodies.has(process.next.body)',
    'if (process.next) return false',
  ),
  fault(
    'a qualified call keeps its first version',
    'code.ts',
    'const late: Late = (...args) => me().runtime.code.called(module, key)(...args)',
    'let first: Late | undefined\n    const late: Late = (...args) => (first ??= me().runtime.code.called(module, key))(...args)',
  ),
  // Scheduling
  fault('long-runners starve', 'scheduler.ts', 'owe(this.owedLong, least / shortShare)', '0'),
  fault(
    'low priority starves',
    'scheduler.ts',
    'if (this.low.length > 0 && this.owedLow >= sliceLength) return this.low.shift()',
    '',
  ),
  fault(
    'who is preempted is forgotten',
    'runtime.ts',
    'if (wantsToRun(process)) this.queue.add(process)',
    'if (wantsToRun(process) && process.reductions % 97 !== 5) this.queue.add(process)',
  ),
  fault(
    'a wake is lost',
    'signals.ts',
    "if (process.status === 'waiting') process.runtime.wake(process)",
    "if (process.status === 'waiting' && process.mailbox.length === 1) process.runtime.wake(process)",
  ),
]
