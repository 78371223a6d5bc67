import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { inlineScriptHashes } from '../../src/deck/speaker-csp-plugin'

const hashOf = (script: string) => `sha256-${createHash('sha256').update(script).digest('base64')}`

test('each inline script of a written page has its hash, as the page will have it', () => {
  const page = '<script>\\n\\tlet a = \\"1\\" // é\\n<\\/script><p></p><script>2</script>'
  expect(inlineScriptHashes(`const open = (w) => { w.document.write("${page}") }`)).toEqual([
    hashOf('\n\tlet a = "1" // é\n'),
    hashOf('2'),
  ])
})

test('a page without an inline script stops the build: the speaker view is another one', () => {
  expect(() => inlineScriptHashes('popup.document.write("<p>hello</p>")')).toThrow('speaker view')
  expect(() => inlineScriptHashes('popup.document.body.append(view)')).toThrow('speaker view')
})
