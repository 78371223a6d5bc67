/*
 * The boards that a deck declares in its front matter, each with an id (its address is
 * `/board/<id>`) and the question that the audience is asked; whatever else is said about a board
 * is for those who show it.
 */
import type { FrontPart } from './deck-front-matter'
import type { Report } from './problem'

const remedy =
  'Write boards: and below it, for each, “- id: tools” and “question: What are your tools?”.'

/** Ids of the declared boards. One without an id or a question is an error. */
export function declaredBoards({ front, lineOf }: FrontPart, report: Report): Set<string> {
  const boards = front['boards'] ?? []
  const ids = new Set<string>()
  const line = (path: string) => lineOf.get(path) ?? lineOf.get('boards') ?? 1
  if (!Array.isArray(boards)) {
    if (boards !== '') report.error(line('boards'), `These are no boards. ${remedy}`)
    return ids
  }
  boards.forEach((board, index) => {
    const path = `boards.${index + 1}`
    const { id, question } = typeof board === 'object' && !Array.isArray(board) ? board : {}
    if (typeof id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
      report.error(
        line(path),
        `This board has no id in small letters, digits and dashes. ${remedy}`,
      )
    } else if (ids.has(id)) {
      report.error(line(`${path}.id`), `The board “${id}” is declared twice. Keep one of them.`)
    } else {
      ids.add(id)
      if (typeof question !== 'string' || question === '') {
        report.error(line(path), `The board “${id}” has no question. ${remedy}`)
      }
    }
  })
  return ids
}
