/*
 * The terminal of the console page: xterm.js, loaded when it is needed. What was printed stands
 * above, and below it, where somebody may type, the line that they type.
 *
 * That line is drawn anew at each change: the terminal keeps the place where it begins (DECSC),
 * goes back to it (DECRC), empties all from there and writes it twice, whole and up to its caret,
 * so that the caret is where it belongs however wide the characters are. What a terminal would obey
 * is written here alone; all texts are made plain first.
 */
import type { Terminal } from '@xterm/xterm'
import type { FitAddon } from '@xterm/addon-fit'
import { beganAnew, newsIn, type Seen } from '../../console/news'
import { plain } from '../../console/print'
import type { ConsoleLine } from '../../protocol/console'
import { emptyLine, type Line } from './line-editor'

export interface ScreenDoors {
  readonly place: HTMLElement
  /** Whether somebody may type here. */
  readonly canType: boolean
  /** What is said of it to who does not see it. */
  readonly label: string
  readonly describedBy: string
  /** What the keyboard made, as a terminal reads it. */
  onKeys(data: string): void
}

const esc = '\u001b'
const [save, restore, emptyBelow] = [`${esc}7`, `${esc}8`, `${esc}[J`]
const [beginAnew, hideCaret] = [`${esc}c`, `${esc}[?25l`]
const [bold, red, usual] = [`${esc}[1m`, `${esc}[31m`, `${esc}[0m`]
const prompt = '> '

/** Letters in pixels: the smallest on a phone, and the largest that a hall needs. */
const [least, most] = [12, 28]
/** How wide a letter is, in font sizes; and what the scroll bar takes. */
const [letter, barPx] = [0.605, 20]
/** Rows that were drawn since all was drawn the last time; a place that is kept is lost beyond. */
const scrollback = 3_000
const redrawAfter = 2_000

/** Opens the terminal. Rejects when it cannot be loaded. */
export async function openScreen(doors: ScreenDoors): Promise<Screen> {
  const [{ Terminal }, { FitAddon }] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
  ])
  const { canType, place } = doors
  const terminal = new Terminal({
    disableStdin: !canType,
    cursorInactiveStyle: canType ? 'outline' : 'none',
    fontFamily: "ui-monospace, 'Cascadia Mono', Menlo, 'DejaVu Sans Mono', monospace",
    lineHeight: 1.15,
    screenReaderMode: true,
    scrollback,
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.open(place)
  terminal.onData(doors.onKeys)
  letKeysThrough(terminal)
  terminal.textarea?.setAttribute('aria-label', doors.label)
  terminal.textarea?.setAttribute('aria-describedby', doors.describedBy)
  return new Screen(terminal, fit, doors)
}

/** Keys that are the browser's: Tab after Escape, Shift and Tab, copy and paste. */
function letKeysThrough(terminal: Terminal): void {
  let isLeaving = false
  terminal.attachCustomKeyEventHandler((event) => {
    const { type, key, shiftKey, ctrlKey, metaKey } = event
    const leaves = key === 'Tab' && (shiftKey || isLeaving)
    if (type === 'keydown' && key !== 'Tab') isLeaving = key === 'Escape'
    const isCopy = (ctrlKey || metaKey) && key === 'c' && terminal.hasSelection()
    const isPaste = (ctrlKey || metaKey) && key === 'v'
    return !leaves && !isCopy && !isPaste
  })
}

export class Screen {
  private readonly terminal: Terminal
  private readonly fitting: FitAddon
  private readonly doors: ScreenDoors
  private shown: Seen | undefined
  private line = emptyLine
  private rows = 0

  constructor(terminal: Terminal, fitting: FitAddon, doors: ScreenDoors) {
    this.terminal = terminal
    this.fitting = fitting
    this.doors = doors
  }

  /** Shows what is new of the console. */
  show(now: Seen): void {
    const before = this.shown?.epoch
    const { isAnew, lines } = newsIn(this.shown, now)
    this.shown = now
    if (isAnew || this.rows > redrawAfter) this.redraw()
    else if (lines.length > 0) this.append(lines)
    if (before !== undefined && before !== now.epoch) this.note([beganAnew])
  }

  /** Shows the line that is being typed. */
  type(line: Line): void {
    this.line = line
    this.terminal.write(this.typed())
    this.terminal.scrollToBottom()
  }

  /** Prints lines for whoever sits here, and for nobody else. */
  note(texts: readonly string[]): void {
    this.append(texts.map((text) => ({ kind: 'printed', text })))
  }

  /** Fills its place, with letters of a size that 100 of them go into a row if that can be. */
  fit(): void {
    const { clientWidth } = this.doors.place
    const size = Math.floor((clientWidth - barPx) / (100 * letter))
    this.terminal.options.fontSize = Math.min(Math.max(size, least), most)
    this.fitting.fit()
    this.redraw()
  }

  /** Takes the colours of the page as they are now. */
  paint(): void {
    const style = getComputedStyle(this.doors.place)
    const colour = (name: string) => style.getPropertyValue(name)
    this.terminal.options.theme = {
      background: colour('--surface'),
      foreground: colour('--ink'),
      cursor: colour('--accent'),
      cursorAccent: colour('--surface'),
      selectionBackground: colour('--accent'),
      selectionForeground: colour('--on-accent'),
      selectionInactiveBackground: colour('--line'),
      red: colour('--bad'),
    }
  }

  focus(): void {
    this.terminal.focus()
  }

  close(): void {
    this.terminal.dispose()
  }

  private redraw(): void {
    this.rows = 0
    this.terminal.write(`${beginAnew}${this.doors.canType ? '' : hideCaret}${save}`)
    this.append(this.shown?.view.lines ?? [])
  }

  private append(lines: readonly ConsoleLine[]): void {
    this.rows += lines.length
    this.terminal.write(`${restore}${emptyBelow}${lines.map(textOf).join('')}${save}`)
    this.terminal.write(this.typed())
  }

  private typed(): string {
    if (!this.doors.canType) return ''
    const { text, caret } = this.line
    const upTo = (end?: number) => `${restore}${bold}${prompt}${plain(text.slice(0, end))}${usual}`
    return `${restore}${emptyBelow}${upTo()}${upTo(caret)}`
  }
}

function textOf({ kind, text }: ConsoleLine): string {
  if (kind === 'typed') return `${bold}${prompt}${plain(text)}${usual}\r\n`
  return kind === 'error' ? `${red}${plain(text)}${usual}\r\n` : `${plain(text)}\r\n`
}
