/*
 * Takes the stack of a host whose event loop is blocked, through the inspector that every Node
 * carries:
 *
 *   1. SIGUSR1 opens it, on loopback and at a random port (that is how hosts are launched);
 *   2. Node writes its address to the host's stderr: `Debugger listening on
 *      ws://127.0.0.1:PORT/UUID`;
 *   3. `Debugger.enable` and `Debugger.pause` interrupt a loop or a regular expression in mid-step;
 *   4. `Debugger.paused` tells the call frames, which are read and mapped to the sources.
 *
 * JSON.parse and cryptography never answer step 3, so everything has one short limit. The host's
 * stderr is not to be trusted: it may forge step 2. So only addresses on loopback count, only after
 * step 1, several are tried side by side, and whatever answers is shape-checked and bounded like a
 * stranger's message.
 */
import { array, literal, number, object, optional, safeParse, string, union } from 'valibot'
import { WebSocket } from 'ws'
import { originOf, type Origin } from './origin'

/** One call in a stack: the function's name, and its place in the source. */
export interface Frame extends Origin {
  readonly name: string
}

/** What is needed of a host to take its stack. */
export interface StackTarget {
  /** Sends SIGUSR1. */
  openInspector(): void
  /** Tells each line that the host writes to stderr from now on, whole. Gives `stop`. */
  onErrorLine(listener: (line: string) => void): () => void
}

const maxAddresses = 4
const maxFrames = 20
const maxNameLength = 80
/** A frame takes about 1 kB, with all its scopes: room for a recursion some thousands deep. */
const maxMessageBytes = 4_000_000

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const address = new RegExp(
  String.raw`^Debugger listening on (ws://127\.0\.0\.1:(\d{1,5})/${uuid})$`,
)

const scriptParsed = object({
  method: literal('Debugger.scriptParsed'),
  params: object({ scriptId: string(), url: string() }),
})
const paused = object({
  method: literal('Debugger.paused'),
  params: object({
    callFrames: array(
      object({
        functionName: string(),
        location: object({
          scriptId: string(),
          lineNumber: number(),
          columnNumber: optional(number(), 0),
        }),
      }),
    ),
  }),
})
const message = union([scriptParsed, paused])

interface Call {
  readonly name: string
  readonly url: string
  readonly line: number
  readonly column: number
}

/**
 * The stack of a blocked host, innermost call first; undefined when it did not answer in time.
 * Leaves the host paused with its inspector open: it must be killed afterwards.
 */
export async function takeStack(
  target: StackTarget,
  withinMs: number,
): Promise<readonly Frame[] | undefined> {
  const calls = await askForCalls(target, withinMs)
  return calls && Promise.all(calls.map(toFrame))
}

async function toFrame(call: Call): Promise<Frame> {
  return { name: call.name, ...(await originOf(call.url, call.line, call.column)) }
}

function askForCalls(target: StackTarget, withinMs: number): Promise<Call[] | undefined> {
  return new Promise((resolve) => {
    const sockets: WebSocket[] = []
    const finish = (calls: Call[] | undefined) => {
      clearTimeout(limit)
      stopListening()
      for (const socket of sockets) socket.terminate()
      resolve(calls)
    }
    const limit = setTimeout(finish, withinMs, undefined)
    const stopListening = target.onErrorLine((line) => {
      const url = inspectorAddress(line)
      if (url !== undefined && sockets.length < maxAddresses) sockets.push(pauseAt(url, finish))
    })
    target.openInspector()
  })
}

/**
 * The inspector's address in a line of stderr, or undefined when the line is none or points
 * elsewhere.
 */
export function inspectorAddress(line: string): string | undefined {
  const [, url, port] = address.exec(line) ?? []
  return Number(port) > 0 && Number(port) <= 65_535 ? url : undefined
}

function pauseAt(url: string, onCalls: (calls: Call[]) => void): WebSocket {
  const urls = new Map<string, string>()
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: maxMessageBytes })
  // A refused or broken connection is the same as no answer: the limit ends the wait.
  socket.on('error', () => socket.terminate())
  socket.on('open', () => {
    socket.send('{"id":1,"method":"Debugger.enable"}')
    socket.send('{"id":2,"method":"Debugger.pause"}')
  })
  socket.on('message', (data) => {
    const told = readMessage(data.toString())
    if (told?.method === 'Debugger.scriptParsed') urls.set(told.params.scriptId, told.params.url)
    if (told?.method !== 'Debugger.paused') return
    onCalls(
      told.params.callFrames.slice(0, maxFrames).map(({ functionName, location }) => ({
        name: functionName.slice(0, maxNameLength) || '(anonymous)',
        url: urls.get(location.scriptId) ?? '',
        line: location.lineNumber,
        column: location.columnNumber,
      })),
    )
  })
  return socket
}

function readMessage(text: string) {
  try {
    const read = safeParse(message, JSON.parse(text))
    return read.success ? read.output : undefined
  } catch {
    return undefined
  }
}
