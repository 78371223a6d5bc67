/*
 * Pictures and other files that a slide shows. They live in the project's img/ folder and are named
 * from there (`img/owl.svg`), so that the build knows each of them, and a slide never asks another
 * host.
 */
import { decodeEntities, tagsIn, type Tag } from './html-tree'

/** The address under which a file of img/ is served, or undefined when there is no such file. */
export type FindPicture = (path: string) => string | undefined

/** Tells what is wrong with a picture; `piece` is a text to find its line by. */
export interface ReportPicture {
  error(piece: string, message: string): void
  warn(piece: string, message: string): void
}

/** Attributes that name a file to show; the last two may stand on the slide itself. */
const sources = ['src', 'data-src', 'poster', 'data-background-image', 'data-background-video']

/**
 * Attributes that may have a file of img/ somewhere in them: a link, a colour or picture, a style.
 */
const mentions = ['href', 'srcset', 'style', 'data-background']

const mentioned = /(?<=^|[\s"'(,;])(?:\.\/)?img\/[^\s"'),;&]+/g

const shown = /^(img|video|audio|source|track|section)$/i

/** Replaces each name of a file in a slide by its address. */
export function findPictures(section: Tag, find: FindPicture, report: ReportPicture): void {
  const address = (path: string) => addressOf(path, find, report)
  for (const tag of [section, ...tagsIn(section.children)]) {
    if (/^img$/i.test(tag.name)) checkAlternative(tag, report)
    for (const [name, value] of tag.attributes) {
      if (mentions.includes(name)) tag.attributes.set(name, value.replace(mentioned, address))
      if (!shown.test(tag.name) || !sources.includes(name)) continue
      // Only a background may be several: reveal reads a comma as 'and behind it'.
      const isList = name.startsWith('data-background') && !value.startsWith('data:')
      const paths = isList ? value.split(',') : [value]
      tag.attributes.set(name, paths.map((path) => address(path.trim())).join(','))
    }
  }
}

/** The address for a path as written; the path itself when nothing can be done about it. */
function addressOf(written: string, find: FindPicture, report: ReportPicture): string {
  const path = pathOf(written)
  if (path === '' || path.startsWith('data:')) return written
  if (!/^img\/./.test(path)) {
    report.error(
      path,
      `“${path}” is not in img/. Put the file there and write img/${fileOf(path)}.`,
    )
    return written
  }
  const address = find(path)
  if (address === undefined) {
    report.error(path, `There is no ${path}. Put the file there, or correct the name.`)
    return written
  }
  return address.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

function checkAlternative(picture: Tag, report: ReportPicture): void {
  const isDecoration = /^(presentation|none)$/.test(picture.attributes.get('role') ?? '')
  if (isDecoration || picture.attributes.get('alt')?.trim()) return
  const path = pathOf(picture.attributes.get('src') ?? '')
  report.warn(
    path || '<img',
    'This picture says nothing to those who do not see it. Describe it: ' +
      `![what it shows](${path}), or alt="what it shows"; ` +
      'role="presentation" if it is decoration only.',
  )
}

/** The path that an attribute means: Markdown writes entities and percent signs into it. */
function pathOf(written: string): string {
  const path = decodeEntities(written).replace(/^\.\//, '')
  return /%[\da-f]{2}/i.test(path) && isEncoded(path) ? decodeURIComponent(path) : path
}

/** Whether every percent sign belongs to UTF-8, so that decoding cannot throw. */
function isEncoded(path: string): boolean {
  const bytes = Array.from(path.matchAll(/%([\da-f]{2})?/gi), ([, hex]) => parseInt(hex ?? '', 16))
  if (bytes.some(Number.isNaN)) return false
  return !new TextDecoder().decode(Uint8Array.from(bytes)).includes('\ufffd')
}

/** The name of a file without its folders. */
export const fileOf = (path: string): string => pathOf(path).split('/').at(-1) ?? ''
