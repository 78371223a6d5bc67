/* The rooms of the lab: the talk's own pages, each in a frame, over the system in this page. */

export interface Room {
  readonly name: string
  readonly path: string
}

/** @param board one that the deck declares, if it declares any */
export const roomsWith = (board: string | undefined): readonly Room[] => [
  { name: 'Sum', path: '/sum' },
  { name: 'Processes', path: '/dashboard/processes' },
  { name: 'Tree', path: '/dashboard/tree' },
  { name: 'Logs', path: '/dashboard/logs' },
  { name: 'Load', path: '/dashboard/load_control' },
  { name: 'Console', path: '/dashboard/console' },
  { name: 'Upgrade', path: '/dashboard/upgrade' },
  ...(board === undefined
    ? []
    : [
        { name: 'Board', path: `/board/${board}` },
        { name: 'Wall', path: `/board/${board}/wall` },
      ]),
]
