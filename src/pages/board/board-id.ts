/*
 * Which board an address asks for: `/board/your-tools`. A QR code holds its link in capitals, since
 * it is smaller so; ids have none.
 */

/** The id in a path, in small letters; empty when there is none. */
export const boardIdIn = (path: string): string => path.split('/')[2]?.toLowerCase() ?? ''
