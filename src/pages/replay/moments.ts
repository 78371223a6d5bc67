/* Moments of a recording as people write them: `12:30`, `1:02:03`, `1h2m3s`, `750`. */

/** In milliseconds; 0 for what is no moment. */
export function readMoment(text: string): number {
  const plain = text.trim().toLowerCase()
  const parts =
    /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(plain) ??
    /^(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(plain)
  const [hours = 0, minutes = 0, seconds = 0] = (parts ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0))
  return (hours * 3600 + minutes * 60 + seconds) * 1000
}

/** `12:30`, and `1:02:03` from an hour on. */
export function momentText(ms: number): string {
  const all = Math.floor(ms / 1000)
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

/** The same as it is spoken: `12 minutes 30 seconds`. */
export function spokenMoment(ms: number): string {
  const all = Math.floor(ms / 1000)
  return `${Math.floor(all / 60)} minutes ${all % 60} seconds`
}
