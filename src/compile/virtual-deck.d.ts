/*
 * `virtual:deck/<name>` is the file slides/<name>.md, compiled by slides-plugin.ts, and
 * `virtual:declared/<name>` what the system has to know of it. Their words are those of slides.ts
 * and declared-deck.ts; they are named here too, so that a page or a host needs this one import.
 */
declare module 'virtual:deck/*' {
  export type Deck = import('./slides').Deck
  export type SlideInfo = import('./slides').SlideInfo
  export type Problem = import('./problem').Problem
  const deck: Deck
  export default deck
}

declare module 'virtual:declared/*' {
  export type DeclaredDeck = import('./declared-deck').DeclaredDeck
  const declared: DeclaredDeck
  export default declared
}
