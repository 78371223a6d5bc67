/*
 * What will be at the addresses of the talk whose pages are still to be built. An entry goes when
 * its page comes.
 */

export interface Coming {
  /** The page's name. */
  readonly title: string
  /** One sentence: what it will be good for. */
  readonly sentence: string
}

const pages: readonly (readonly [address: RegExp, title: string, sentence: string])[] = [
  [/^\/dashboard(\/.*)?$/, 'Dashboard', 'Here you will look into the running system.'],
]

/** What will be at this path; something that is always true when the path is none of ours. */
export function whatComes(path: string): Coming {
  const plain = path.replace(/\/+$/, '')
  const [, title, sentence] = pages.find(([address]) => address.test(plain)) ?? [
    undefined,
    'A page to come',
    'A page of this talk will be here.',
  ]
  return { title, sentence }
}
