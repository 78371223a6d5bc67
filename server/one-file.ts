/*
 * The pages as one file, which works by a double click: everything packed into one element, and the
 * program that unpacks it (src/file/). Its policy lets nothing be asked of anybody.
 */
import { writeFileSync } from 'node:fs'
import { packFiles, textOf } from '../src/compile/pack'
import type { Built } from './exporting'

const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  "style-src 'unsafe-inline' blob: data:",
  'img-src blob: data:',
  'font-src data:',
  'media-src blob: data:',
  'connect-src blob: data:',
  'worker-src blob:',
  "frame-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Writes it. Gives its size in bytes. */
export async function writeOneFile(path: string, built: Built, boot: string): Promise<number> {
  const { title, files, pages } = built
  const packed = new Map(files)
  packed.delete('deck-csp.json')
  packed.set('pages.json', new TextEncoder().encode(JSON.stringify(Object.fromEntries(pages))))
  // What an element closes ends the script, also inside of a text.
  const program = boot.trim().replaceAll('</script', '<\\/script')
  const [icon = ''] = /<link\s+rel="icon"[^>]*>/.exec(textOf(files.get(pages.get('/')!)!)) ?? []
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>
${icon}
</head>
<body>
<noscript><p>This file needs JavaScript: it runs a whole talk in your browser.</p></noscript>
<p id="opening">Opening…</p>
<script type="text/plain" id="packed">${await packFiles(packed)}</script>
<script type="module">${program}</script>
</body>
</html>
`
  writeFileSync(path, text)
  return Buffer.byteLength(text)
}
