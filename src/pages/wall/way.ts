/* The way from the hall to a board, for those who scan, those who type, and those who are told. */
import { boardCode } from '../../protocol/board-code'

export interface Way {
  /** As people read and type it: `https://` goes without saying, `http://` does not. */
  readonly address: string
  readonly path: string
  readonly code: string
  /** Address of the picture to scan. */
  readonly picture: string
}

/** Undefined until it is known where the audience finds the system, and where nobody can. */
export function wayTo(board: string, address: string | undefined): Way | undefined {
  if (!address) return undefined
  const path = `/board/${board}`
  return {
    address: address.replace(/^https:\/\//, ''),
    path,
    code: boardCode(board),
    picture: `/qr.svg?to=${encodeURIComponent(path)}`,
  }
}
