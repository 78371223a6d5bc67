/*
 * A board's answers as files. Audience text goes into programs that read more into it than its
 * author may write: a spreadsheet takes `=…` for a formula, Markdown takes `<…>` for HTML. So each
 * format escapes what it would not show as plain text, and nothing else.
 */
import type { ExportView } from '../../protocol/board-export'

export type Format = 'markdown' | 'csv' | 'json'

export interface ExportFile {
  readonly name: string
  readonly type: string
  readonly content: string
}

const writers: Readonly<Record<Format, { ending: string; type: string; write: Write }>> = {
  markdown: { ending: 'md', type: 'text/markdown', write: writeMarkdown },
  csv: { ending: 'csv', type: 'text/csv', write: writeCsv },
  json: { ending: 'json', type: 'application/json', write: writeJson },
}

type Write = (view: ExportView, board: string) => string

/** The file of a board, named by it and by the day. */
export function exportFile(
  view: ExportView,
  board: string,
  format: Format,
  atMs: number,
): ExportFile {
  const { ending, type, write } = writers[format]
  const day = new Date(atMs).toISOString().slice(0, 10)
  const name = `${board.replace(/[^\w-]/g, '-')}-${day}.${ending}`
  return { name, type: `${type};charset=utf-8`, content: write(view, board) }
}

function writeMarkdown({ question, notes }: ExportView): string {
  const items = notes.map(({ text, votes, pinned, atMs }) => {
    const facts = [
      ...(pinned ? ['pinned'] : []),
      ...(votes > 0 ? [votes === 1 ? '1 vote' : `${votes} votes`] : []),
      new Date(atMs).toISOString().slice(11, 16),
    ]
    return `- ${plainMarkdown(text, '\\\n  ')} *(${facts.join(', ')})*\n`
  })
  return `# ${plainMarkdown(question, ' ')}\n\n${items.join('')}`
}

/** Text that Markdown, GitHub's with its bare links included, shows as it is. */
export function plainMarkdown(text: string, lineBreak: string): string {
  const lines = text.split(/\s*[\r\n]\s*/).map((line) =>
    line
      .trim()
      .replace(/[\\`*_[\]<>&~|#!@$]/g, '\\$&')
      .replace(/:(?=\/\/)/g, '\\:')
      .replace(/(www)\./gi, '$1\\.')
      // At the beginning of a line these make lists, rules, headings and tables.
      .replace(/^[-+=:]/, '\\$&')
      .replace(/^(\d+)([.)])/, '$1\\$2'),
  )
  return lines.filter((line) => line !== '').join(lineBreak)
}

/** Marks the text as UTF-8 for spreadsheets, which take it for something else without. */
const byteOrderMark = '\ufeff'

function writeCsv({ notes }: ExportView): string {
  const rows = notes.map(({ id, text, votes, pinned, atMs }) => [
    String(id),
    new Date(atMs).toISOString(),
    String(votes),
    pinned ? 'yes' : 'no',
    cellText(text),
  ])
  const lines = [['id', 'time', 'votes', 'pinned', 'text'], ...rows].map((row) =>
    row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','),
  )
  return `${byteOrderMark}${lines.join('\r\n')}\r\n`
}

/** A cell that begins like a formula gets an apostrophe, which spreadsheets read as 'only text'. */
const cellText = (text: string): string =>
  /^\s*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text

function writeJson({ question, notes }: ExportView, board: string): string {
  const plain = notes.map(({ atMs, ...note }) => ({ ...note, time: new Date(atMs).toISOString() }))
  return `${JSON.stringify({ board, question, notes: plain }, null, 2)}\n`
}
