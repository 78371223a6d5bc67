/*
 * The door of the runtime: every public word. Other rooms enter only here.
 */
export {
  become,
  demonitor,
  exit,
  isAlive,
  link,
  log,
  monitor,
  now,
  random,
  register,
  self,
  send,
  sendAfter,
  sendAt,
  sendExit,
  setLabel,
  setPriority,
  spawn,
  spawnLink,
  spawnMonitor,
  spawnWith,
  trapExits,
  unlink,
  whereis,
} from './body'
export type { AutoShutdown, ChildSpec, Restart, Shutdown } from './child-spec'
export {
  countChildren,
  deleteChild,
  getChildSpec,
  restartChild,
  startChild,
  startNamedChild,
  terminateChild,
  whichChildren,
  type ChildCounts,
  type ChildLine,
  type ChildStarted,
  type Done,
} from './children'
export { LoadRefused, qualified, type Exports } from './code'
export { drive, type Loop } from './drive'
export { dynamicSupervisor } from './dynamic-supervisor'
export type { HostConnection } from './host-connection'
export type { Hosts } from './hosts'
export { findProcess, processInfo, type ProcessInfo } from './inspect'
export { Pid, Ref } from './pid'
export type { Body, BodyOf, Priority, Process, Status, Step } from './process'
export { receive, receiveWithin, sleep, timeout, type Match, type Timeout } from './receive'
export {
  census,
  tableOf,
  type Census,
  type ProcessTable,
  type SortKey,
  type TableQuestion,
  type TableRow,
} from './process-table'
export { CallFailed, describeReason, isOrderly, Unyielding, type ExitReason } from './reason'
export { reductions, via, type Place } from './reductions'
export {
  Runtime,
  type Load,
  type LogRecord,
  type RuntimeOptions,
  type SpawnOptions,
} from './runtime'
export { BoundedQueue } from './bounded-queue'
export { sliceLength, type RunQueue } from './scheduler'
export {
  answer,
  call,
  cast,
  noReply,
  reply,
  server,
  stop,
  type From,
  type ServerModule,
  type Turn,
} from './server'
export type { Down, ExitMessage } from './signals'
export { announcing, ignore, ignored, started, type Started } from './start'
export { stacktrace, type Frame, type Stack } from './stack'
export { settle, startTask, type Result, type Task } from './task'
export { supervisionTree, type TreeLine } from './supervision-tree'
export { supervisor } from './supervisor'
export type { DynamicSupervisorSpec, Strategy, SupervisorSpec } from './supervisor-spec'
export { top, type TopLine } from './top'
export { trace, type Trace, type TraceEvent, type TraceRefused } from './trace'
export type { NameOnHost, Whom } from './whom'
export type { Wire } from './wire'
