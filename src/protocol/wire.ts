/*
 * Shape checks for whatever a browser sends, before anything else touches it. Depth comes first:
 * ten kilobytes of nested arrays parse, and then overflow the stack of the first thing that walks
 * them.
 */
import {
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  pipe,
  integer,
  regex,
  safeParse,
  strictObject,
  string,
  unknown,
} from 'valibot'
import type { Follow, Wish } from './envelope'

const maxDepth = 8
const maxParts = 64

/**
 * True when a parsed value is at most 8 deep and has at most 64 parts in all.
 * Walks level by level, so no input can exhaust the stack.
 */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value]
  let parts = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return false
    const below: unknown[] = []
    for (const part of level) {
      if (typeof part !== 'object' || part === null) continue
      const inner = Object.values(part)
      parts += inner.length
      if (parts > maxParts) return false
      below.push(...inner)
    }
    level = below
  }
  return true
}

/** A table's stream has what was searched for in its name. */
const name = pipe(string(), minLength(1), maxLength(160), regex(/^[a-z0-9/_-]+$/))
const wishId = pipe(string(), minLength(8), maxLength(40), regex(/^[A-Za-z0-9_-]+$/))

const follow = strictObject({
  stream: name,
  epoch: optional(pipe(string(), maxLength(40))),
  after: optional(pipe(number(), integer(), minValue(0), maxValue(Number.MAX_SAFE_INTEGER))),
})
const unfollow = strictObject({ stream: name })
const wish = strictObject({ id: wishId, stream: name, command: unknown() })

/** The follow in a raw value, or undefined when it is none. Fresh object, known keys only. */
export function readFollow(raw: unknown): Follow | undefined {
  const read = isShallow(raw) ? safeParse(follow, raw) : undefined
  return read?.success ? read.output : undefined
}

/** The unfollow in a raw value, or undefined when it is none. */
export function readUnfollow(raw: unknown): { stream: string } | undefined {
  const read = isShallow(raw) ? safeParse(unfollow, raw) : undefined
  return read?.success ? read.output : undefined
}

/**
 * The wish in a raw value, or undefined when it is none. Its command is checked by its own noun.
 */
export function readWish(raw: unknown): Wish | undefined {
  const read = isShallow(raw) ? safeParse(wish, raw) : undefined
  return read?.success ? (read.output as Wish) : undefined
}
