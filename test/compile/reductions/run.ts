/*
 * Runs compiled process code for real, against a door that is nothing but the counter: the compiler
 * knows no more of the runtime than that. Programs are loaded as modules of their own from data:
 * addresses, and the door too, so that a test and the code it runs hold the same counter.
 */
import { transformWithOxc } from 'vite'
import { countReductions } from '../../../src/compile/reductions'

export interface Place {
  readonly kind: 'call' | 'turn' | 'delegation'
  readonly file: string
  readonly function: string
  readonly line: number
  readonly column: number
  readonly names: readonly string[]
}

export type Frame = [Place, ...unknown[]]

interface Door {
  reductions: {
    left: number
    floor: number
    looking: boolean
    ended: Error | undefined
    overrun(...frame: Frame): void
    see(frame: Frame): void
  }
}

const doorCode = `
export const reductions = { left: 0, floor: 0, looking: false, ended: undefined }
export const via = (body, frame) => ({
  next(value) {
    const step = body.next(value)
    if (reductions.looking && !step.done) reductions.see(frame)
    return step
  },
  [Symbol.iterator]() { return this },
})`
export const door = `data:text/javascript,${encodeURIComponent(doorCode)}`
export const { reductions } = (await import(/* @vite-ignore */ door)) as Door

/** A slice that never ends: no check does anything. */
export function never(): void {
  reductions.left = Infinity
  reductions.floor = -Infinity
}

/** A slice that is always used up: a body's checks all yield, all others report their place. */
export function always(report: (...frame: Frame) => void = () => {}): void {
  reductions.left = 0
  reductions.floor = Infinity
  reductions.overrun = report
}

export class Overrun extends Error {
  readonly place: Place
  constructor(place: Place) {
    super(`overrun in ${place.function}`)
    this.place = place
  }
}

/** Every check of a plain function crashes with its place. */
export function crash(place: Place): never {
  throw new Overrun(place)
}

let loaded = 0

/** Loads JavaScript as a new module. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a program exports what it likes
export async function load(code: string): Promise<any> {
  const address = `data:text/javascript,${encodeURIComponent(code)}//${++loaded}`
  return import(/* @vite-ignore */ address)
}

/** Loads TypeScript as a new module. */
export async function loadTyped(source: string) {
  const { code } = await transformWithOxc(source, 'program.ts')
  return load(code)
}

/** Compiles process code and loads it. */
export async function loadCounted(source: string) {
  return loadTyped(countReductions(source, { file: 'program.ts', door }).code)
}

/** What a check of a body yields, taken apart; undefined for what the program itself yields. */
export function checkIn(
  value: unknown,
): { place: Place; live: Record<string, unknown> } | undefined {
  if (!Array.isArray(value)) return undefined
  const [place, ...values] = value as [Place, ...unknown[]]
  if (typeof place !== 'object' || !place || !('names' in place)) return undefined
  return { place, live: Object.fromEntries(place.names.map((name, at) => [name, values[at]])) }
}

export interface Ending {
  readonly yielded: unknown[]
  readonly returned?: unknown
  readonly thrown?: string
}

/** Looks at a body that is suspended at a check: where it is, from the innermost outward. */
export function look(body: Iterator<unknown>): Frame[] {
  const outer: Frame[] = []
  reductions.see = (frame) => void outer.push(frame)
  reductions.looking = true
  const { value } = body.next()
  reductions.looking = false
  return [value as Frame, ...outer]
}

/**
 * Runs a program to its end, answers its own yields with numbers and passes over its checks, at
 * each of which it is looked at.
 */
export function run(main: () => unknown): Ending {
  const yielded: unknown[] = []
  try {
    const body = main()
    if (!isGenerator(body)) return { yielded, returned: body }
    let step = body.next()
    while (!step.done) {
      if (checkIn(step.value)) {
        const [innermost] = look(body)
        if (innermost?.[0] !== (step.value as Frame)[0]) throw new Error('a look changed something')
        step = body.next()
      } else step = body.next(yielded.push(step.value))
    }
    return { yielded, returned: step.value }
  } catch (error) {
    return { yielded, thrown: String(error) }
  }
}

function isGenerator(value: unknown): value is Generator<unknown, unknown, unknown> {
  return Object.prototype.toString.call(value) === '[object Generator]'
}
