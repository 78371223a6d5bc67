/*
 * Where the system is found: the address for the audience, and the names under which a browser may
 * call it.
 */
import { hostname, networkInterfaces } from 'node:os'

/** How the system can be reached. */
export interface Reach {
  readonly publicUrl: string | undefined
  /** The one interface that it listens on; empty for all. */
  readonly host: string
  readonly port: number
}

/** The one address that it listens on, or undefined when that is every one. */
const listensTo = (host: string): string | undefined =>
  ['', '0.0.0.0', '::'].includes(host) ? undefined : host

/**
 * The machine's addresses in its networks, the likeliest for phones first: Wi-Fi and cable before
 * bridges.
 */
export function lanAddresses(): string[] {
  return Object.entries(networkInterfaces())
    .flatMap(([name, entries]) => (entries ?? []).map((entry) => ({ name, ...entry })))
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .sort((a, b) => likelihood(b.name) - likelihood(a.name))
    .map(({ address }) => address)
}

/** Containers and virtual machines bring networks of their own, which no phone is in. */
const likelihood = (name: string): number =>
  /^(docker|br-|veth|virbr|vmnet|tun|utun|wg|zt|tailscale)/.test(name) ? 0 : 1

/** The address for the audience, without a slash at the end. */
export const audienceAddress = ({ publicUrl, host, port }: Reach): string =>
  publicUrl ?? `http://${listensTo(host) ?? lanAddresses()[0] ?? 'localhost'}:${port}`

/** The address for a program on the machine itself, without a slash at the end. */
export function ownAddress({ host, port }: Pick<Reach, 'host' | 'port'>): string {
  const one = listensTo(host) ?? '127.0.0.1'
  return `http://${one.includes(':') ? `[${one}]` : one}:${port}`
}

/**
 * Every `host:port` by which a browser may call. Anything else is refused, so that a foreign name
 * that is made to resolve to this machine reaches nothing (DNS rebinding).
 */
export function ownHosts({ publicUrl, host, port }: Reach): Set<string> {
  const machine = hostname().toLowerCase()
  const names = [
    'localhost',
    '127.0.0.1',
    '[::1]',
    machine,
    `${machine}.local`,
    ...lanAddresses(),
    ...(listensTo(host) ? [host.includes(':') ? `[${host}]` : host] : []),
  ]
  const own = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  return new Set(publicUrl ? [...own, new URL(publicUrl).host] : own)
}
