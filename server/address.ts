/*
 * Where the system is found: the address for the audience, and the names under which a browser may
 * call it.
 */
import { hostname, networkInterfaces } from 'node:os'

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
export const audienceAddress = (publicUrl: string | undefined, port: number): string =>
  publicUrl ?? `http://${lanAddresses()[0] ?? 'localhost'}:${port}`

/**
 * Every `host:port` by which a browser may call. Anything else is refused, so that a foreign name
 * that is made to resolve to this machine reaches nothing (DNS rebinding).
 */
export function ownHosts(publicUrl: string | undefined, port: number): Set<string> {
  const machine = hostname().toLowerCase()
  const names = ['localhost', '127.0.0.1', '[::1]', machine, `${machine}.local`, ...lanAddresses()]
  const hosts = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  return new Set(publicUrl ? [...hosts, new URL(publicUrl).host] : hosts)
}
