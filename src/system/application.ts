/*
 * The supervision tree of the demo system, as one list: read this first. Children start from top to
 * bottom; when one dies, it and those below it are restarted.
 */
import { dynamicSupervisor, type SupervisorSpec } from '../runtime'
import { reception } from './reception'
import type { Streams } from './stream'

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
  ],
})
