/* What the causes of a plan are as exit reasons. */
import type { ExitReason } from '../../src/runtime'
import type { Cause } from './plan'
import { anyReason } from './signals-model'

class Foreign {}

const hostile = {
  get trap(): never {
    throw new Error('a reason that does not want to be read')
  },
}

export function reasonOf(cause: Cause): ExitReason {
  switch (cause) {
    case 'shutdown tuple':
      return ['shutdown', 'because']
    case 'error':
      return new Error('boom')
    case 'nothing':
      return undefined
    case 'list':
      return ['boom', { at: [1, 2] }]
    case 'uncopiable':
      return new Foreign()
    case 'hostile':
      return hostile
    default:
      return cause
  }
}

export const isCopiable = (cause: Cause): boolean => cause !== 'uncopiable' && cause !== 'hostile'

/** What others are told when a body ends by itself for that reason. */
export const toldAs = (cause: Cause, reason: ExitReason): unknown =>
  isCopiable(cause) ? reason : anyReason
