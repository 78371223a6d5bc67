/*
 * The supervision trees of the demo system, each as one list: read this first. Children start from
 * top to bottom; when one dies, it and those below it are restarted.
 */
import { dynamicSupervisor, supervisor, type ChildSpec, type SupervisorSpec } from '../runtime'
import { boardStream, type DeclaredBoard } from '../protocol/board'
import { deckStream, type DeclaredDeck } from '../protocol/deck'
import { huntStream } from '../protocol/hunt'
import { loadStream } from '../protocol/load'
import { logHealthStream } from '../protocol/log-health'
import { board, type BoardWorld } from './board'
import { deck } from './deck'
import { hunt } from './hunt'
import { jobs } from './jobs'
import { loadControl, type LoadWorld } from './load'
import { clients } from './load-clients'
import { logKeeper } from './log-keeper'
import { observer, observerName } from './observer'
import { reception, writersReception } from './reception'
import type { Streams } from './stream'

/** Says what is to be seen of the processes of a host. */
const observing: ChildSpec = { id: 'observer', name: observerName, start: [observer] }

/** Host `play`: what the audience may break. */
export const application = (streams: Streams): SupervisorSpec => ({
  strategy: 'rest_for_one',
  intensity: 10,
  periodSeconds: 10,
  children: [
    // One process for each sum. If it crashes, its session writes the epitaph; nobody restarts it.
    // If its session is killed, it runs on for nobody: look for such among the processes.
    dynamicSupervisor('sums', { name: 'sums', restart: 'temporary', maxChildren: 5_000 }),

    // One process a visitor. A killed one comes back at once, with an empty list.
    dynamicSupervisor('sessions', {
      name: 'sessions',
      restart: 'transient',
      intensity: 100,
      periodSeconds: 10,
      maxChildren: 10_000,
    }),

    // The way in: hands each word from the gateway to the process that it is for.
    { id: 'reception', name: 'reception', start: [reception, streams] },

    // The jobs of the virtual clients: a process for each batch, and one for each job.
    { id: 'jobs', name: 'jobs', start: [jobs] },

    observing,
  ],
})

/** Host `load`: virtual clients, who have jobs done in `play`. */
export const loadApplication = (world: LoadWorld): SupervisorSpec => ({
  strategy: 'rest_for_one',
  intensity: 10,
  periodSeconds: 10,
  children: [
    // Keeps as many clients as are wanted, each a process. With it they end, and begin anew.
    { id: 'clients', name: 'clients', start: [clients, world.jobs.door] },

    // Takes the target, and tells ten times a second what comes of it.
    { id: 'control', name: loadStream, start: [loadControl, world] },

    // The way in. A wish does not wait behind the clients.
    { id: 'reception', name: 'reception', start: [writersReception, [loadStream], 'high'] },

    observing,
  ],
})

/** What the deck declares: its slides, and the boards that they ask to. */
export interface Declared extends DeclaredDeck {
  readonly boards: readonly DeclaredBoard[]
}

/** Host `boards`: what must survive, since it is what people said. */
export const boardsApplication = (declared: Declared, world: BoardWorld): SupervisorSpec => ({
  strategy: 'rest_for_one',
  intensity: 10,
  periodSeconds: 10,
  children: [
    // Tells the presenter when nothing can be kept, and tries until it can.
    { id: 'log-keeper', name: logHealthStream, start: [logKeeper, world] },

    // One process a board. A killed one folds its log, and goes on where it was.
    supervisor('boards', {
      intensity: 20,
      periodSeconds: 10,
      children: declared.boards.map((one) => ({
        id: one.id,
        name: boardStream(one.id),
        start: [board, one, world],
      })),
    }),

    // Where the talk is; opens a board when its slide is shown.
    { id: 'deck', name: deckStream, start: [deck, declared, world] },

    // Which of the planted bugs the audience has found.
    { id: 'hunt', name: huntStream, start: [hunt, world] },

    // The way in.
    { id: 'reception', name: 'reception', start: [writersReception, writerNames(declared)] },

    observing,
  ],
})

const writerNames = ({ boards }: Declared): string[] => [
  logHealthStream,
  deckStream,
  huntStream,
  ...boards.map(({ id }) => boardStream(id)),
]
