/*
 * Whether somebody is in the middle of a text. The page that is shown now has its own field, and
 * whoever shows it need not know which.
 */

/** True when any field within `root` holds text that was not sent. */
export const hasTypedText = (root: ParentNode): boolean =>
  [...root.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')].some(
    ({ value }) => value.trim() !== '',
  )
