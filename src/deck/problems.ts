/*
 * What the build found wrong in the slides' Markdown, shown to the author while developing: the
 * file and line to mend. The deck goes on with everything else, so one bad line never costs the
 * whole talk.
 */
import type { Problem } from 'virtual:deck/let-it-crash'

/** Lists the problems over the deck; a click takes the list away. */
export function showProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return
  const list = document.createElement('ul')
  list.className = 'problems'
  list.setAttribute('role', 'alert')
  for (const { file, line, message, severity } of problems) {
    const item = document.createElement('li')
    item.dataset['severity'] = severity
    item.textContent = `${file}:${line}: ${message}`
    list.append(item)
  }
  list.addEventListener('click', () => list.remove())
  document.body.append(list)
}
