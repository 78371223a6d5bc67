/*
 * Who somebody is, from cookies alone: what comes back as it was given, and what was forged.
 */
import { expect, test } from 'vitest'
import { Identity } from '../../server/identity'

const secrets = { token: 'a-token-that-is-long-enough', key: 'a key' }
const identity = new Identity(secrets, false)
const other = new Identity({ token: 'another-token-long-enough', key: 'another key' }, false)
const cookieOf = (header: string): string => header.split(';', 1)[0] ?? ''

test('a visitor keeps an id through the cookie, beside any other cookie', () => {
  const id = identity.newVisitorId()
  const cookie = cookieOf(identity.visitorHeader(id))
  expect(identity.visitorId(cookie)).toBe(id)
  expect(identity.visitorId(`a=b; ${cookie}; c=d`)).toBe(id)
  expect(identity.newVisitorId()).not.toBe(id)
})

test('a visitor’s cookie that was forged is none', () => {
  const [mine, yours] = ['id-1', 'id-2'].map((id) => cookieOf(identity.visitorHeader(id)))
  const signature = mine?.split('.')[1] ?? ''
  const forged = [
    ...[undefined, '', 'visitor', 'visitor=', 'visitor=.', 'visitor=id-1', 'visitor=id-1.'],
    ...[`visitor=.${signature}`, `visitor=id-2.${signature}`, `visitor=id-1.${signature.slice(1)}`],
    ...[`visitor=id-1.${yours?.split('.')[1]}`, `visitor=id-1.${'é'.repeat(22)}`],
    cookieOf(other.visitorHeader('id-1')),
  ]
  for (const cookie of forged) expect(identity.visitorId(cookie)).toBe(undefined)
})

test('cookies are for the server alone, and travel over TLS only where there is one', () => {
  const secure = new Identity(secrets, true)
  for (const header of [identity.visitorHeader('x'), identity.presenterHeader()]) {
    expect(header).toContain('HttpOnly')
    expect(header).not.toContain('Secure')
  }
  expect(secure.visitorHeader('x')).toContain('Secure')
  expect(secure.presenterHeader()).toMatch(/Secure.*SameSite=Strict/)
})

test('the presenter is whoever brought the token, on a private line only', () => {
  const cookie = cookieOf(identity.presenterHeader())
  expect(cookie).not.toContain(secrets.token)
  expect(identity.role({ cookie, isPrivate: true })).toBe('presenter')
  expect(identity.role({ cookie, isPrivate: false })).toBe('audience')
  const forged = [undefined, '', 'presenter=', `presenter=${secrets.token}`, `${cookie}x`]
  for (const each of [...forged, cookieOf(other.presenterHeader())]) {
    expect(identity.role({ cookie: each, isPrivate: true })).toBe('audience')
  }
})

test('only the whole token is the token', () => {
  expect(identity.isToken(secrets.token)).toBe(true)
  for (const wrong of ['', 'a-token', `${secrets.token} `])
    expect(identity.isToken(wrong)).toBe(false)
})

test('a visitor’s public name is always the same, and does not tell the id', () => {
  const id = identity.newVisitorId()
  expect(identity.publicName(id)).toBe(other.publicName(id))
  expect(identity.publicName(id)).toMatch(/^[0-9a-f]{12}$/)
  expect(id).not.toContain(identity.publicName(id))
  expect(identity.publicName('id-1')).not.toBe(identity.publicName('id-2'))
})
