/* What the visitors of a rehearsal write: one note each, and whom they second. */

export const buildingBlocks = [
  'Supervisors that restart what broke',
  'A process for every visitor',
  'Timeouts on every call',
  'A queue between the parts',
  'Health checks',
  'Circuit breakers',
  'Retries with a growing delay',
  'Messages instead of shared memory',
  'A limit on every mailbox',
  'A load balancer in front',
  'Small services with one job each',
  'A log that survives a restart',
  'Do less for a while rather than stop',
  'Fair scheduling',
  'Backups that somebody has restored once',
  'One database, well understood',
  'Requests that may come twice',
  'Deploys without downtime',
  'Switches for every feature',
  'Somebody who may say no',
]

export const observability = [
  'Logs with a request id',
  'A dashboard that somebody looks at',
  'Traces across all services',
  'Ask whoever deployed last',
  'Alerts on the slowest percent',
  'top, and then guess',
  'A profiler in production',
  'Bisect the last releases',
  'A heap dump and much patience',
  'Switch features off, one by one',
  'Structured logs',
  'Replay the traffic of yesterday',
  'A debugger on a copy',
  'Read the code again',
  'The slow query log',
  'Watch how long the queues are',
  'A canary for each release',
  'Checks from outside',
  'Compare with the week before',
  'Turn it off and on again',
]

/** The presenter takes this one off its wall. */
export const hidden = 'Nobody shall read this one'
