/* The editor itself, loaded when the lab is open: CodeMirror in the pages' own colours. */
import { javascript } from '@codemirror/lang-javascript'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { tags } from '@lezer/highlight'
import { basicSetup, EditorView } from 'codemirror'

export interface EditorDoors {
  readonly place: HTMLElement
  readonly label: string
  readonly text: string
  /** Told whatever stands there, at each change. */
  readonly onText: (text: string) => void
}

const colours = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--muted)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--wait-ground)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
})

/** The palette's, which are legible in light and dark. */
const words = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--wait)' },
])

export const createEditor = ({ place, label, text, onText }: EditorDoors): EditorView =>
  new EditorView({
    parent: place,
    doc: text,
    extensions: [
      basicSetup,
      javascript({ typescript: true }),
      colours,
      syntaxHighlighting(words),
      EditorView.lineWrapping,
      // Some assistants do not know that what can be edited can be focused.
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onText(update.state.doc.toString())
      }),
    ],
  })
