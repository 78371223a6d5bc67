/*
 * The rooms that a hot module may import, by the specifiers that it writes: a version that is
 * loaded later shares them with what already runs.
 */
import * as runtime from '../runtime'
import * as envelope from '../protocol/envelope'
import * as sum from '../protocol/sum'
import * as handOver from './hand-over'
import * as stream from './stream'
import * as wish from './wish'

export const rooms: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '../runtime': runtime,
  '../protocol/envelope': envelope,
  '../protocol/sum': sum,
  './hand-over': handOver,
  './stream': stream,
  './wish': wish,
}
