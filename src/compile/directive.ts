/*
 * Our own blocks, written as custom elements on a line of their own. To plain reveal.js they are
 * unknown, empty elements: nothing is shown and nothing breaks.
 *
 *   written in a deck                                     comes out as
 *   <live-page src="/sum" title="Sum page"></live-page>   <live-frame class="r-stretch" src title>
 *   <qr-code to="/"></qr-code>                            <qr-code class="r-stretch" to>
 *   <board-wall name="tools"></board-wall>                <board-wall class="r-stretch" board>
 *                                                           <live-frame src title>, its wall
 *   <supervision-tree></supervision-tree>                 <supervision-tree>
 *
 * Addresses are paths of the running system. Boards are declared in the front matter, and every
 * address of a board is held against it: a misspelt QR code would be found by the audience.
 * `<qr-code to="/" />` is the same as with an end tag.
 */
import type { DeclaredBoard } from './declared-board'
import {
  createTag,
  decodeEntities,
  encodeEntities,
  tagsIn,
  type HtmlNode,
  type Tag,
} from './html-tree'

/** What directives are checked against, and where they tell what is wrong. */
export interface DirectiveContext {
  readonly boards: readonly DeclaredBoard[]
  /** `piece` is a text to find the line by. */
  error(piece: string, message: string): void
  warn(piece: string, message: string): void
}

type Emit = (tag: Tag, context: DirectiveContext) => void

const directives = new Map<string, Emit>([
  ['live-page', emitLivePage],
  ['qr-code', emitQrCode],
  ['board-wall', emitBoardWall],
  ['supervision-tree', () => undefined],
])

/** Turns the directives in these nodes into the elements that the deck knows. */
export function emitDirectives(nodes: readonly HtmlNode[], context: DirectiveContext): void {
  for (const tag of nodes) {
    // Inside drawings, a dash in a name means nothing of ours.
    if (tag.kind !== 'tag' || /^(svg|math)$/i.test(tag.name)) continue
    const name = tag.name.toLowerCase()
    // First what the author wrote inside: what comes out of a directive is none.
    emitDirectives(tag.children, context)
    const emit = directives.get(name)
    if (emit) emit(tag, context)
    else if (name.includes('-')) {
      const known = [...directives.keys()].map((directive) => `<${directive}>`).join(', ')
      context.error(`<${tag.name}`, `There is no block <${tag.name}>. Those that exist: ${known}.`)
    } else if (name === 'iframe') {
      context.warn(
        `<${tag.name}`,
        'The speaker view loads a plain <iframe> three times. ' +
          'Write <live-page src="/…" title="…"></live-page>.',
      )
    } else if (name === 'a') {
      checkBoardOf(tag.attributes.get('href') ?? '', context)
    }
  }
}

/**
 * The board that emitted nodes ask the audience to: the first that a wall, a code or a live page
 * leads to. Undefined when they lead to none that is declared.
 */
export function boardAskedBy(
  nodes: readonly HtmlNode[],
  { boards }: Pick<DirectiveContext, 'boards'>,
): string | undefined {
  const asked = Array.from(tagsIn(nodes), ({ name, attributes }) => {
    if (name === 'board-wall') return attributes.get('board')
    const leads = name === 'qr-code' ? 'to' : name === 'live-frame' ? 'src' : undefined
    return leads && boardIn(decodeEntities(attributes.get(leads)?.trim() ?? ''))
  })
  return asked.find((id) => boards.some((board) => board.id === id))
}

function emitLivePage(tag: Tag, context: DirectiveContext): void {
  const src = addressIn(tag, 'src', context)
  if (!tag.attributes.get('title')?.trim()) {
    context.warn(
      '<live-page',
      'This live page has no title, so a screen reader cannot say what it is. Write title="…".',
    )
  }
  tag.name = 'live-frame'
  stretch(tag)
  tag.attributes.set('title', tag.attributes.get('title')?.trim() || src)
}

function emitQrCode(tag: Tag, context: DirectiveContext): void {
  addressIn(tag, 'to', context)
  stretch(tag)
}

function emitBoardWall(tag: Tag, context: DirectiveContext): void {
  const board = tag.attributes.get('name')?.trim() ?? ''
  if (board === '') context.error('<board-wall', 'Which board? Write <board-wall name="…">.')
  else checkBoard(board, `name="${board}"`, context)
  const question = context.boards.find(({ id }) => id === board)?.question || 'The board'
  tag.attributes.delete('name')
  tag.attributes.set('board', board)
  stretch(tag)
  const wall = { src: `/board/${board}/wall`, title: encodeEntities(question) }
  tag.children = [createTag('live-frame', Object.entries(wall))]
}

/** The address in an attribute, checked. */
function addressIn(tag: Tag, attribute: string, context: DirectiveContext): string {
  const address = decodeEntities(tag.attributes.get(attribute)?.trim() ?? '')
  if (!/^\/(?!\/)/.test(address)) {
    context.error(
      `<${tag.name}`,
      `${attribute}="${address}" is no page of this system. Write its path: ${attribute}="/sum".`,
    )
  }
  checkBoardOf(address, context)
  return address
}

/** Checks the board that an address leads to, if it leads to one. */
function checkBoardOf(address: string, context: DirectiveContext): void {
  const board = boardIn(address)
  if (board !== undefined) checkBoard(board, `/board/${board}`, context)
}

const boardIn = (address: string): string | undefined => /^\/board\/([^/?#]+)/.exec(address)?.[1]

function checkBoard(board: string, piece: string, { boards, error }: DirectiveContext): void {
  const ids = boards.map(({ id }) => id)
  if (ids.includes(board)) return
  const declared = ids.length > 0 ? ` Declared are: ${ids.join(', ')}.` : ''
  error(
    piece,
    `The board “${board}” is not declared. ` +
      `Add “- id: ${board}” and its question to boards: in the front matter.${declared}`,
  )
}

/** Makes the block fill the slide, as reveal does it, before its other attributes. */
function stretch(tag: Tag): void {
  const classes = new Set((tag.attributes.get('class') ?? '').split(/\s+/).filter(Boolean))
  const { attributes } = tag
  attributes.delete('class')
  tag.attributes = new Map([['class', [...classes.add('r-stretch')].join(' ')], ...attributes])
}
