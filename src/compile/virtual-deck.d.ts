/*
 * `virtual:deck/<name>` is the file slides/<name>.md, compiled by slides-plugin.ts. Its words are
 * those of slides.ts; they are named here too, so that a page needs this one import.
 */
declare module 'virtual:deck/*' {
  export type Deck = import('./slides').Deck
  export type SlideInfo = import('./slides').SlideInfo
  export type Problem = import('./problem').Problem
  const deck: Deck
  export default deck
}
