/*
 * What is wrong in a deck, told so that an author can mend it: the file, the line, and what to
 * write instead. The compiler never throws about a deck: it reports, leaves out what it cannot use,
 * and goes on.
 */

export interface Problem {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** What is wrong, and what to write instead. */
  readonly message: string
  /** An error fails the build; a warning does not. */
  readonly severity: 'error' | 'warning'
}

/** Collects the problems of one file. */
export interface Report {
  error(line: number, message: string): void
  warn(line: number, message: string): void
  /** All problems so far, in the order of their lines. */
  problems(): Problem[]
}

export function createReport(file: string): Report {
  const found: Problem[] = []
  return {
    error: (line, message) => void found.push({ file, line, message, severity: 'error' }),
    warn: (line, message) => void found.push({ file, line, message, severity: 'warning' }),
    problems: () => found.toSorted((one, other) => one.line - other.line),
  }
}

/** One line, as compilers and editors write it: `slides/talk.md:12: error: …`. */
export const formatProblem = ({ file, line, message, severity }: Problem): string =>
  `${file}:${line}: ${severity}: ${message}`
