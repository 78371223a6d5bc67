/*
 * Why a sum has no result, in plain words. The reason comes as its process's exit reason in one
 * line; the crash of a process is what this page is about, so an error's own words are kept.
 */

/** A sentence part that follows 'No result: '. */
export function whyFailed(reason: string | undefined): string {
  if (reason === undefined) return 'nobody knows why.'
  if (reason === 'killed' || reason === 'kill') return 'its process was killed.'
  if (reason.startsWith('unyielding')) return `its process would not pause (${reason}).`
  if (reason === 'noproc' || reason === 'noconnection') return 'its process is gone.'
  return `its process crashed (${reason.replace(/^Error: /, '')}).`
}
