/* Which page stands where, and whose it is. */
import { describe, expect, test } from 'vitest'
import { createPages, isPresenters, kindOf } from '../../server/pages'
import { boardCode } from '../../src/protocol/board-code'

const pages = createPages(['tools', 'feedback'])

describe('an address', () => {
  test.each([
    ['/', 'pages/now/index.html'],
    ['/sum', 'pages/sum/index.html'],
    ['/board/tools', 'pages/board/index.html'],
    ['/board/tools/wall', 'pages/wall/index.html'],
    ['/board/feedback/admin', 'pages/admin/index.html'],
    ['/dashboard/load_control', 'pages/load/index.html'],
    ['/dashboard/logs', 'pages/logs/index.html'],
    ['/console', 'pages/console/index.html'],
    ['/dashboard/console', 'pages/console/index.html'],
    ['/dashboard', 'pages/load/index.html'],
    ['/dashboard/processes', 'pages/processes/index.html'],
    ['/replay', 'pages/replay/index.html'],
    ['/lab', 'lab/index.html'],
  ])('%s has its page', (path, file) => {
    expect(pages.pageAt(path)).toBe(file)
  })

  test.each([
    ...['/board', '/board/', '/board/none', '/board/none/wall', '/board/tools/none'],
    ...['/board/tools/wall/x', '/board/__proto__', '/board/tools/constructor', '/nothing'],
  ])('%s has none', (path) => {
    expect(pages.pageAt(path)).toBeUndefined()
  })

  test('of a board has a short one', () => {
    expect(pages.longAddress(`/${boardCode('tools').toLowerCase()}`)).toBe('/board/tools')
    expect(pages.longAddress(`/${boardCode('feedback')}`)).toBe('/board/feedback')
    expect(pages.longAddress(`/${boardCode('another')}`)).toBeUndefined()
    for (const path of ['/', '/sum', '/deck', '/enter', '/hunt', '/lab']) {
      expect(pages.longAddress(path)).toBeUndefined()
    }
  })

  test.each(['/presenter', '/console', '/board/tools/admin', '/board/none/admin'])(
    '%s is the presenter’s alone',
    (path) => expect(isPresenters(path)).toBe(true),
  )

  test.each([
    '/',
    '/dashboard/console',
    '/board/tools',
    '/board/tools/wall',
    '/board/tools/admin/x',
  ])('%s is for everybody', (path) => expect(isPresenters(path)).toBe(false))

  test.each([
    ['/deck', 'deck'],
    ['/console', 'console'],
    ['/dashboard/console', 'console'],
    ['/sum', 'plain'],
    ['/nothing', 'plain'],
  ])('%s has the policy of its kind', (path, kind) => expect(kindOf(path)).toBe(kind))
})
