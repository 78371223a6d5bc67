/*
 * The boards that a deck declares in its front matter: for each an id (its address is
 * `/board/<id>`), the question that the audience is asked, and how it is set when the talk begins.
 *
 *   boards:
 *     - id: tools
 *       question: What are your tools?
 *       open: no         opens by itself when its slide is first shown
 *       approve: no      yes: notes wait until somebody approves them
 *       slow: 0          seconds that an author waits between two notes
 *       filter: hold     what happens to a note with a listed word: off, mark, or hold it back
 *
 * All but id and question may be left out; the values above are what is meant then.
 */
import type { FrontMatter, FrontPart, FrontValue } from './deck-front-matter'
import type { Report } from './problem'

/** As in src/protocol/board.ts, which stands a floor above. */
export interface BoardSettings {
  readonly open: boolean
  readonly approveFirst: boolean
  readonly slowSeconds: number
  readonly filter: 'off' | 'mark' | 'hold'
}

export interface DeclaredBoard {
  readonly id: string
  readonly question: string
  readonly settings: BoardSettings
}

const remedy =
  'Write boards: and below it, for each, “- id: tools” and “question: What are your tools?”.'

const keys = ['id', 'question', 'open', 'approve', 'slow', 'filter']

/**
 * The declared boards, each id once. What is wrong with one is an error; it is left out if it has
 * no id of its own, and otherwise has what it lacks by default.
 */
export function declaredBoards({ front, lineOf }: FrontPart, report: Report): DeclaredBoard[] {
  const boards = front['boards'] ?? []
  const line = (path: string) => lineOf.get(path) ?? lineOf.get('boards') ?? 1
  if (!Array.isArray(boards)) {
    if (boards !== '') report.error(line('boards'), `These are no boards. ${remedy}`)
    return []
  }
  const declared = new Map<string, DeclaredBoard>()
  boards.forEach((written, index) => {
    const path = `boards.${index + 1}`
    const tell = (key: string, message: string) => report.error(line(`${path}.${key}`), message)
    const board = isMap(written) ? written : {}
    const { id, question } = board
    if (typeof id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
      report.error(
        line(path),
        `This board has no id in small letters, digits and dashes. ${remedy}`,
      )
    } else if (declared.has(id)) {
      tell('id', `The board “${id}” is declared twice. Keep one of them.`)
    } else {
      const isAsked = typeof question === 'string' && question !== ''
      if (!isAsked) report.error(line(path), `The board “${id}” has no question. ${remedy}`)
      const settings = readSettings(board, tell)
      declared.set(id, { id, question: isAsked ? question : '', settings })
    }
  })
  return [...declared.values()]
}

const isMap = (value: FrontValue): value is FrontMatter =>
  typeof value === 'object' && !Array.isArray(value)

function readSettings(
  board: FrontMatter,
  tell: (key: string, message: string) => void,
): BoardSettings {
  for (const key of Object.keys(board).filter((each) => !keys.includes(each))) {
    tell(key, `A board has no “${key}”. It has: ${keys.join(', ')}.`)
  }
  /** What a key says, or its default when it says nothing, or nothing that can be read. */
  function read<Value>(
    key: string,
    byDefault: Value,
    parse: (text: string) => Value | undefined,
    instead: string,
  ): Value {
    const written = board[key]
    if (written === undefined) return byDefault
    const value = typeof written === 'string' ? parse(written) : undefined
    if (value === undefined) tell(key, `This board’s “${key}” cannot be read. Write ${instead}.`)
    return value ?? byDefault
  }
  return {
    open: read('open', false, yesOrNo, 'open: yes, or open: no'),
    approveFirst: read('approve', false, yesOrNo, 'approve: yes, or approve: no'),
    slowSeconds: read('slow', 0, seconds, 'a whole number of seconds from 0 to 600: slow: 30'),
    filter: read('filter', 'hold', filter, 'filter: off, filter: mark, or filter: hold'),
  }
}

const yesOrNo = (text: string): boolean | undefined =>
  text === 'yes' ? true : text === 'no' ? false : undefined

const maxSlowSeconds = 600

const seconds = (text: string): number | undefined =>
  /^\d{1,3}$/.test(text) && Number(text) <= maxSlowSeconds ? Number(text) : undefined

const filter = (text: string): BoardSettings['filter'] | undefined =>
  text === 'off' || text === 'mark' || text === 'hold' ? text : undefined
