/*
 * The guided path through the lab: what somebody who learns has seen for themselves at its end, in
 * the order of the talk. When one is reached, grading.ts says; here are the words.
 */

export interface Checkpoint {
  /** As it stands in a link: never changed once given. */
  readonly id: CheckpointId
  /** What is to be done, in one sentence. */
  readonly goal: string
  /** Opened one after the other by whoever wants them. */
  readonly hints: readonly string[]
  /** What was just seen, in one sentence. */
  readonly seen: string
}

export const checkpointIds = [
  'first_sum',
  'thirteen',
  'endless',
  'huge',
  'culprit',
  'killed',
  'loaded',
  'upgraded',
  'rolled_back',
  'healed',
] as const
export type CheckpointId = (typeof checkpointIds)[number]

const words: Readonly<Record<CheckpointId, Omit<Checkpoint, 'id'>>> = {
  first_sum: {
    goal: 'Have a number added up.',
    hints: ['On the page Sum, type a small number and press Enter.'],
    seen: 'A process of its own added it up, told your session the result, and ended.',
  },
  thirteen: {
    goal: 'Find the number that crashes its own calculation, and nothing else.',
    hints: ['It is small, and some hotels have no floor of that number.', 'Type 13.'],
    seen: 'One process crashed and its session wrote down why: your list and all others went on.',
  },
  endless: {
    goal: 'Find a number that is counted up for ever.',
    hints: ['Where does counting up from 1 never arrive?', 'Type a number below 1, such as -5.'],
    seen: 'It never ends, and yet the page stays quick: the scheduler lets nobody keep the turn.',
  },
  huge: {
    goal: 'Find a number whose sum is right, and takes far too long.',
    hints: ['All numbers up to it are added one by one.', 'Type 99999999999, and wait a moment.'],
    seen: 'It is no mistake in the result but in the way: a formula would need no time at all.',
  },
  culprit: {
    goal: 'Find the process that burns, and look at its stack.',
    hints: [
      'On the page Processes the busiest come first: those started with sum.sum are calculations.',
      'Open one by its pid. Its stack tells the line where it is, and what its variables hold.',
    ],
    seen: 'The stack says which bug it is: the loop in add counts up to a number it never meets.',
  },
  killed: {
    goal: 'Kill a calculation of yours, and keep your list.',
    hints: [
      'Where you see its stack there is a button that kills it.',
      'Or type Runtime.kill_math() into the console: it kills all calculations at once.',
    ],
    seen: 'The process is gone, its line says so, and your session goes on with the list it had.',
  },
  loaded: {
    goal: 'Serve 1,000 virtual clients, and have a number of yours added up meanwhile.',
    hints: [
      'On the page Load, set the virtual clients to 1000 or more and press Enter.',
      'When the chart shows that they are there, go back to Sum and type a small number.',
    ],
    seen: 'A thousand clients have a job done each second, and you still need not wait.',
  },
  upgraded: {
    goal: 'Repair 13 while all runs: the list you have must still be there afterwards.',
    hints: [
      'In sum.ts a comment beside each planted bug says what repairs it; Show the repair types it.',
      'Press Upgrade, wait until it says which release runs, and type 13 once more.',
    ],
    seen: 'Your session went on in the new code with the list it had made in the old.',
  },
  rolled_back: {
    goal: 'Go back to the code from before the upgrade.',
    hints: ['Press Roll back, beside Upgrade; it needs an upgrade before it.'],
    seen: 'The old code runs again, bugs and all, and again no session was lost.',
  },
  healed: {
    goal: 'Kill play-1 until its supervisor gives up and rests it in quarantine, and see it heal.',
    hints: [
      'A host that dies three times before it is ready is quarantined: press Kill again and again.',
      'It is tried again every five seconds, or at once by its button on the page Tree.',
    ],
    seen: 'Nothing heals that has no time to start: its supervisor waited, and then it healed.',
  },
}

export const checkpoints: readonly Checkpoint[] = checkpointIds.map((id) => ({ id, ...words[id] }))
