/*
 * Where an error was thrown, in the lines that a person wrote. Node maps places to the sources
 * itself (hosts are launched so), the first time that an error's stack is read: that takes tens of
 * milliseconds for the first crash of a host and a tenth of one for each further error, so it is
 * done for records that are written and for no others.
 */
const frame = /^\s*at (?:(?:async )?(.{1,200}) \()?([^()\s]{1,500}):(\d{1,7}):(\d{1,7})\)?$/
/** Below a body all stacks look alike: the scheduler runs it. */
const scheduler = 'src/runtime/runtime.ts'

/** The frames of an error's stack, innermost first: `sum (src/system/sum.ts:8:25)`. */
export function crashStack({ stack }: Error): string[] {
  if (typeof stack !== 'string') return []
  const frames: string[] = []
  for (const line of stack.split('\n')) {
    const shown = stackFrame(line)
    if (shown?.includes(`(${scheduler}:`)) break
    if (shown !== undefined) frames.push(shown)
  }
  return frames
}

/** A line of a stack as Node writes it; undefined for any other line, and for Node's own code. */
export function stackFrame(line: string): string | undefined {
  const [, name = '(anonymous)', url = '', row, column] = frame.exec(line) ?? []
  if (row === undefined || url.startsWith('node:')) return undefined
  return `${name} (${shownFile(url)}:${row}:${column})`
}

/** A file as findings name it: from the project's folder on, or by its own name alone. */
const shownFile = (url: string): string =>
  /.*[/\\]((?:src|server|test|dist)[/\\].+)$/.exec(url)?.[1]?.replaceAll('\\', '/') ??
  /^(?:src|server|test|dist)\/.+/.exec(url)?.[0] ??
  url.replace(/.*[/\\]/, '')
