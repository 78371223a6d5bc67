/*
 * The console in a terminal: Node's readline with the history and the completion of ours. A line is
 * sent when the one before is done, so a file of lines can be piped in; what others type is shown
 * between one's own.
 */
import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline'
import type { Interface } from 'node:readline'
import { styleText } from 'node:util'
import { complete, keptNames } from '../src/console/complete'
import { beganAnew, newsIn, type Seen } from '../src/console/news'
import { plain } from '../src/console/print'
import {
  consoleFold,
  consoleStream,
  maxLineLength,
  maxTyped,
  type ConsoleCommand,
  type ConsoleLine,
  type ConsoleView,
} from '../src/protocol/console'
import { refuse, sentenceOf } from '../src/protocol/refusals'
import type { Connection, Source } from '../src/source/source'

export interface Streams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
}

export class ConsoleClient {
  /** What the program shall exit with, once nothing more will be typed and all is done. */
  readonly ended: Promise<number>
  private readonly source: Source
  private readonly output: NodeJS.WriteStream
  private readonly readline: Interface
  private readonly isTerminal: boolean
  private readonly withoutSecrets: (line: string) => string
  private readonly end: (code: number) => void
  private seen: Seen | undefined
  /** Typed here and not sent yet. */
  private readonly waiting: string[] = []
  /** Sent, and whether it was its turn. */
  private mine: { readonly text: string; wasTyped: boolean } | undefined
  private hasEnded = false
  private wasLost = false
  private code = 0

  /** @param withoutSecrets a line as it may be sent, and will be told to all */
  constructor(
    source: Source,
    { stdin, stdout }: Streams,
    withoutSecrets: (line: string) => string,
  ) {
    this.source = source
    this.withoutSecrets = withoutSecrets
    this.output = stdout
    this.isTerminal = Boolean(stdin.isTTY && stdout.isTTY)
    this.readline = createInterface({
      input: stdin,
      output: this.isTerminal ? stdout : undefined,
      terminal: this.isTerminal,
      prompt: '> ',
      historySize: maxTyped,
      completer: (line: string) => this.complete(line),
    })
    let end = (_code: number) => {}
    this.ended = new Promise((resolve) => (end = resolve))
    this.end = (code) => {
      this.readline.close()
      end(code)
    }
    this.listen()
  }

  private listen(): void {
    this.source.onConnection((connection) => this.hearConnection(connection))
    this.source.onWelcome(({ role }) => {
      if (role === 'presenter') return
      this.print([{ kind: 'error', text: 'This system does not take us for its presenter.' }])
      this.end(1)
    })
    this.source.follow(consoleStream, consoleFold, (seen) => this.hear(seen))
    this.readline.on('line', (line) => this.take(line))
    this.readline.on('close', () => {
      this.hasEnded = true
      this.goOn()
    })
    // Control with C empties the line, as in the browser.
    this.readline.on('SIGINT', () => this.readline.write(null, { ctrl: true, name: 'u' }))
  }

  private hear(seen: Seen): void {
    if (seen.epoch === undefined) return
    const before = this.seen
    this.seen = seen
    if (!before) return this.begin(seen.view)
    const { isAnew, lines } = newsIn(before, seen)
    const isCleared = isAnew && before.epoch === seen.epoch && before.view.clears < seen.view.clears
    if (isCleared && this.isTerminal) this.output.write('\u001b[2J\u001b[3J\u001b[H')
    if (before.epoch !== seen.epoch) this.hearNewLife()
    this.print(lines.filter((line) => !this.isOwn(line)))
    this.follow(before.view, seen)
    this.goOn()
  }

  private begin({ typed }: ConsoleView): void {
    if (this.isTerminal) {
      const readline: Interface & { history?: string[] } = this.readline
      readline.history = typed.map(plain).reverse()
      this.print([{ kind: 'printed', text: 'help lists the words; Control and D ends.' }])
    }
    this.goOn()
  }

  /** What was under way died with the gateway. */
  private hearNewLife(): void {
    this.print([{ kind: 'error', text: beganAnew }])
    if (this.mine) this.code = 1
    this.mine = undefined
  }

  /** Whether it stands in this terminal already, since it was typed here. */
  private isOwn({ kind, text }: ConsoleLine): boolean {
    return kind === 'typed' && text === this.mine?.text
  }

  /** Follows what becomes of the line that was sent. */
  private follow(before: ConsoleView, { view }: Seen): void {
    const { mine } = this
    if (!mine) return
    const count = view.typedCount - before.typedCount
    const fresh = count > 0 ? view.typed.slice(-count) : []
    const at = fresh.lastIndexOf(mine.text)
    if (at >= 0) mine.wasTyped = true
    const isDone = mine.wasTyped && (!view.isBusy || (at >= 0 && at < fresh.length - 1))
    if (!isDone) return
    if (hasFailed(view, mine.text)) this.code = 1
    this.mine = undefined
  }

  private take(line: string): void {
    if (['exit', 'quit'].includes(line.trim())) return this.readline.close()
    if (line.trim() !== '') this.waiting.push(this.withoutSecrets(line))
    this.goOn()
  }

  /** Sends the next line if nothing of ours is under way, or ends. */
  private goOn(): void {
    if (this.mine || !this.seen) return
    const text = this.waiting.shift()
    if (text !== undefined) void this.send(text)
    else if (this.hasEnded) this.end(this.isTerminal ? 0 : this.code)
    else if (this.isTerminal) this.readline.prompt(true)
  }

  private async send(text: string): Promise<void> {
    this.mine = { text, wasTyped: false }
    const command: ConsoleCommand = { type: 'line', text }
    const answer =
      text.length > maxLineLength
        ? { ok: false as const, refusal: refuse('line_too_long') }
        : await this.source.wish(consoleStream, command)
    if (answer.ok) return
    this.mine = undefined
    this.code = 1
    this.print([{ kind: 'error', text: sentenceOf(answer.refusal) }])
    this.goOn()
  }

  private hearConnection(connection: Connection): void {
    if (connection === 'lost') {
      this.print([{ kind: 'error', text: 'Connection lost, trying again…' }])
    } else if (connection === 'live' && this.wasLost) {
      this.print([{ kind: 'printed', text: 'Connected again.' }])
    }
    this.wasLost = connection === 'lost'
  }

  /** Prints above the line that is being typed. */
  private print(lines: readonly ConsoleLine[]): void {
    if (lines.length === 0) return
    const texts = lines.map((line) => `${this.shown(line)}\n`).join('')
    if (!this.isTerminal) return void this.output.write(texts)
    moveCursor(this.output, 0, -this.readline.getCursorPos().rows)
    cursorTo(this.output, 0)
    clearScreenDown(this.output)
    this.output.write(texts)
    if (!this.hasEnded) this.readline.prompt(true)
  }

  private shown({ kind, text }: ConsoleLine): string {
    const marked = kind === 'typed' ? `> ${plain(text)}` : plain(text)
    if (!this.isTerminal || kind === 'printed') return marked
    return styleText(kind === 'error' ? 'red' : 'bold', marked)
  }

  private complete(line: string): [candidates: string[], of: string] {
    const { from, candidates } = complete(line, keptNames(this.seen?.view.typed ?? []))
    return [[...candidates], line.slice(from)]
  }
}

/** Whether the answer to the line that was last typed so is an error. */
function hasFailed({ lines }: ConsoleView, typed: string): boolean {
  const at = lines.findLastIndex(({ kind, text }) => kind === 'typed' && text === typed)
  return lines[at + 1]?.kind === 'error'
}
