/*
 * A hot module with its planted bugs repaired, made from its source as a presenter does on stage:
 * a line that says `repair: delete this line` is deleted, and the code behind any other `repair:`
 * is taken in. Compiled like all process code, it shares every other room with what already runs.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as envelope from '../../src/protocol/envelope'
import * as sumWords from '../../src/protocol/sum'
import * as stream from '../../src/system/stream'
import * as wish from '../../src/system/wish'
import { compiledModule } from '../support/hot-module'

const rooms: Readonly<Record<string, object>> = {
  '../protocol/envelope': envelope,
  '../protocol/sum': sumWords,
  './stream': stream,
  './wish': wish,
}

/** The exports of the repaired module. Throws when its source names no repair. */
export function repaired(module: 'sum' | 'session'): Readonly<Record<string, unknown>> {
  const file = `src/system/${module}.ts`
  const source = readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')
  const better = source
    .replaceAll(/^.*repair: delete this line\n/gm, '')
    .replaceAll(/\/\/ repair: /g, '')
  if (better === source) throw new Error(`${file} names no repair`)
  return compiledModule(better, file, rooms)
}
