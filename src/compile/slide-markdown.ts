/*
 * Markdown as reveal's plugin reads it, with our own rules for lines that authors mean as blocks:
 *
 *   <hr …>                       is a block by itself, as `---` is; otherwise the list above ends
 *                                there, and the items below are text of an HTML block
 *   <qr-code to="/"></qr-code>   is one too, as any custom element that is alone on its lines;
 *                                otherwise it stands in a paragraph
 *   <img class="r-stretch">      and a custom element end what is above them; otherwise they belong
 *                                to the last item of a list, where reveal does not stretch them
 */
import { Marked, type TokenizerAndRendererExtension, type Tokens } from 'marked'
import { renderCode } from './code-block'
import type { DeckLine } from './deck-line'

/** Tells of a fault in a code block; `piece` is its first line. */
export type WarnOfCode = (piece: string, message: string) => void

/** Renders lines of Markdown to HTML. */
export function renderMarkdown(lines: readonly DeckLine[], warn: WarnOfCode): string {
  const marked = new Marked({
    extensions: [lonelyTag('lonelyHr', lonelyHr), lonelyTag('lonelyElement', lonelyElement)],
    renderer: {
      // Empty lines are kept: a comment behind one is about the whole list, not its last item.
      space: ({ raw }: Tokens.Space) => raw,
      code: ({ text, lang = '', raw }: Tokens.Code) =>
        renderCode(text, lang, (message) => warn(raw.trimStart().split('\n', 1)[0] ?? '', message)),
    },
  })
  const texts = lines.map(({ kind, text }) =>
    kind === 'text' && endsWhatIsAbove.test(text) ? `\n${text}` : text,
  )
  const markdown = texts
    .join('\n')
    .replace(/^\s*\n/, '')
    .trimEnd()
  return marked.parse(markdown, { async: false })
}

const endsWhatIsAbove = /^<(?:[a-z]\w*-[\w-]*(?=[\s/>]|$)|img\s[^>]*\br-stretch\b)/i

const lonelyHr = /^ {0,3}<hr(?:\s[^>\n]*)?>[ \t]*(?:\n|$)/i

const lonelyElement = /^ {0,3}<([a-z]\w*-[\w-]*)(?:\s[^>]*)?(?:\/>|>[^<]*<\/\1>)[ \t]*(?:\n|$)/i

function lonelyTag(name: string, rule: RegExp): TokenizerAndRendererExtension {
  return {
    name,
    level: 'block',
    tokenizer: (source) => {
      const raw = rule.exec(source)?.[0]
      return raw === undefined ? undefined : { type: name, raw }
    },
    renderer: ({ raw }) => raw,
  }
}
