/* A turn of a writer that works in groups: whatever lies in its mailbox when it begins. */
import { receive, receiveWithin, timeout, type Body } from '../runtime'

/** So many messages make a commit cheap; with more, the first of them would wait for the last. */
const maxMessages = 64

/** Waits for a message, and takes those that lie behind it. */
export function* nextTurn<Message>(): Body<readonly Message[]> {
  const messages = [yield* receive<Message>()]
  while (messages.length < maxMessages) {
    const next = yield* receiveWithin<Message>(0)
    if (next === timeout) break
    messages.push(next)
  }
  return messages
}
