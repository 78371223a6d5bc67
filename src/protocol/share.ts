/*
 * Which host of a group serves a stream: the one with the highest score for its name (rendezvous
 * hashing). So all who know the group's hosts agree without asking each other, and when a host
 * comes or goes, only its own share moves.
 */

/** The owner of a stream among the hosts of its group; undefined when there are none. */
export function ownerOf(stream: string, hosts: readonly string[]): string | undefined {
  let owner: string | undefined
  let highest = -1
  for (const host of hosts) {
    const score = scoreOf(`${host} ${stream}`)
    if (score <= highest) continue
    owner = host
    highest = score
  }
  return owner
}

/** The hash FNV-1a of 32 bits, stirred as MurmurHash3 does: similar names get unlike scores. */
function scoreOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
