/*
 * Where the audience finds the system, as the gateway's welcome tells it: the one fact that QR
 * codes and stills wait for. It is also written on the document's root element, since the speaker
 * view's previews, which open no socket, read it from there.
 */
import type { Source, Stop } from '../source/source'
import { hallWindow } from './window-kind'

type Tell = (address: string) => void

const told = new Set<Tell>()
let known: string | undefined

/** Tells the address, without a slash at its end, once known and again after each reconnect. */
export function onAudienceAddress(tell: Tell): Stop {
  told.add(tell)
  if (known !== undefined) tell(known)
  return () => told.delete(tell)
}

/** Learns the address from the source's welcomes, for as long as the page lives. */
export function learnFrom(source: Source): void {
  source.onWelcome(({ address }) => learn(address))
}

/** Learns the address from the deck that opened the speaker view, if that knows it already. */
export function learnFromHall(): void {
  const address = hallWindow()?.document.documentElement.dataset['audienceAddress']
  if (address !== undefined) learn(address)
}

/** An address as people read and type it: `https://` goes without saying, `http://` does not. */
export const readable = (address: string): string =>
  address.replace(/^https:\/\//, '').replace(/\/$/, '')

function learn(address: string): void {
  known = address
  document.documentElement.dataset['audienceAddress'] = address
  for (const tell of told) tell(address)
}
