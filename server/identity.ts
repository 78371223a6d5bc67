/*
 * Who somebody is, from the cookies alone. A visitor is a random id, signed so that nobody can take
 * another's; others only ever see its hash. A presenter is whoever brought the
 * token once: the cookie holds a key made from it, never the token. Without TLS that cookie would
 * be read by a room of attackers, so then it counts from this machine only.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { parse, serialize } from 'cookie'
import type { Role } from '../src/protocol/envelope'

export interface Secrets {
  readonly token: string
  readonly key: string
}

/** The parts of a request that tell who asks. */
export interface Asking {
  readonly cookie: string | undefined
  /** From this very machine, or over TLS. */
  readonly isPrivate: boolean
}

const visitorCookie = 'visitor'
const presenterCookie = 'presenter'
const monthSeconds = 30 * 24 * 60 * 60

export class Identity {
  private readonly secrets: Secrets
  private readonly secure: boolean

  /** @param secure the system is reached over TLS, so cookies shall travel no other way */
  constructor(secrets: Secrets, secure: boolean) {
    this.secrets = secrets
    this.secure = secure
  }

  /** The visitor's secret id in a request, or undefined when there is none of ours. */
  visitorId(cookie: string | undefined): string | undefined {
    const [id, signature] = (parse(cookie ?? '')[visitorCookie] ?? '').split('.')
    return id && signature && isEqual(signature, this.sign(`visitor ${id}`)) ? id : undefined
  }

  newVisitorId = (): string => randomBytes(16).toString('hex')

  /** The header that gives a browser its visitor id. */
  visitorHeader(id: string): string {
    const value = `${id}.${this.sign(`visitor ${id}`)}`
    return serialize(visitorCookie, value, this.options('lax', monthSeconds))
  }

  /** What others may know of a visitor: the name of the session. */
  publicName = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 12)

  /** Whether that is the presenter's token. Takes the same time for every wrong one. */
  isToken = (token: string): boolean => isEqual(hash(token), hash(this.secrets.token))

  /** The header that makes a browser the presenter's. */
  presenterHeader = (): string =>
    serialize(presenterCookie, this.presenterValue(), this.options('strict', monthSeconds))

  role({ cookie, isPrivate }: Asking): Role {
    const value = parse(cookie ?? '')[presenterCookie] ?? ''
    return isPrivate && isEqual(value, this.presenterValue()) ? 'presenter' : 'audience'
  }

  private presenterValue = (): string =>
    createHmac('sha256', this.secrets.token).update('presenter').digest('base64url')

  private sign = (text: string): string =>
    createHmac('sha256', this.secrets.key).update(text).digest('base64url')

  private options = (sameSite: 'lax' | 'strict', maxAge: number) =>
    ({ path: '/', httpOnly: true, secure: this.secure, sameSite, maxAge }) as const
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
