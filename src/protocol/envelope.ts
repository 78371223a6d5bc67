/*
 * Every word that crosses a machine or an OS process, in one table.
 *
 * browser → gateway (Socket.IO), each answered by its ack with an Answer
 *   follow    { stream, epoch?, after? }              I want this stream, seen up to `after`
 *   unfollow  { stream }                              I no longer want it
 *   wish      { id, stream, command }                 I wish that its writer does this
 * gateway → browser
 *   welcome   { visitor, role, version, address, … }  who you are here; always the first word
 *   snapshot  { stream, epoch, seq, view }            the view after event `seq`: replaces all
 *   events    { stream, epoch, seq, events }          what followed, up to number `seq`
 * gateway → host (pipe)
 *   wish      { ref, id, stream, command, visitor, role }
 *   follow    { ref, stream, epoch?, after? }         one socket wants a stream
 *   share     { ref, host, hosts }                    you are `host` of those: hand over the rest
 *   take_over { ref, stream, state }                  you write this stream from now on
 *   observe   { ref, host, question }                 you are `host`: what is seen of you?
 * host → gateway (pipe)
 *   answer    { ref, answer }
 *   snapshot  { ref?, stream, epoch, seq, view }      to one socket (`ref`), or to all who follow
 *   events    { ref?, stream, epoch, seq, events }    the same
 *   handed_over { stream, state }                     I no longer write this stream
 *   seen      { ref, seen }                           what was to be seen
 *
 * A stream's name begins with the host group of its writer: `play/session/7f3`. In a group of
 * several hosts each stream belongs to one of them (share.ts). Its events are
 * numbered 1, 2, 3 … without a gap within one epoch; a new epoch is a new life of the writer, or,
 * for a stream that is kept in the log, another log. `events` without any event tell how far a
 * stream is: whoever is not there yet asks. A
 * wish keeps its id when it is sent again, and a life of its writer grants each id once, so sending
 * twice is safe.
 */
import type { Observe, Seen } from './observe'
import type { Refusal } from './refusals'

export type Role = 'audience' | 'presenter'

/** The answer to a wish or a follow: accepted, or refused and why. Never the result of the work. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal }

export const accepted: Answer = { ok: true }

export const refused = (refusal: Refusal): Answer => ({ ok: false, refusal })

export interface Welcome {
  /** Public name of this visitor's session; says nothing about the visitor. */
  readonly visitor: string
  readonly role: Role
  /** Version of the running project, so that an old page knows that it is old. */
  readonly version: string
  /**
   * Where the audience finds the system, without a slash at the end: `http://192.168.1.5:4000`.
   * Empty where nobody else can come, as in a replay and in the lab.
   */
  readonly address: string
  /** A lost client waits a random time up to this before it tries again; grows with the crowd. */
  readonly reconnectWithinMs: number
}

/** A place in a stream that a follower has reached. */
export interface Cursor {
  readonly epoch: string
  readonly after: number
}

export interface Follow {
  readonly stream: string
  readonly epoch?: string | undefined
  readonly after?: number | undefined
}

export interface Wish {
  readonly id: string
  readonly stream: string
  readonly command: unknown
}

export interface Snapshot {
  readonly stream: string
  readonly epoch: string
  readonly seq: number
  readonly view: unknown
}

export interface Events {
  readonly stream: string
  readonly epoch: string
  /** Number of the last event in `events`. */
  readonly seq: number
  readonly events: readonly unknown[]
  /** A crowd shall not wait for others to come with them: somebody wants something gone. */
  readonly urgent?: true
}

/** Names one question of the gateway to a host until it is answered. */
export type QuestionRef = number

/** A stream as its writer leaves it to the next one, in another host: all that it must know. */
export interface HandedOver {
  readonly stream: string
  readonly state: unknown
}

export type ToHost =
  | ({
      readonly type: 'wish'
      readonly ref: QuestionRef
      readonly visitor: string
      readonly role: Role
    } & Wish)
  | ({ readonly type: 'follow'; readonly ref: QuestionRef } & Follow)
  | {
      readonly type: 'share'
      readonly ref: QuestionRef
      /** The name of who is told, and of all hosts of its group that have a share. */
      readonly host: string
      readonly hosts: readonly string[]
    }
  | ({ readonly type: 'take_over'; readonly ref: QuestionRef } & HandedOver)
  | {
      readonly type: 'observe'
      readonly ref: QuestionRef
      readonly host: string
      readonly question: Observe
    }

export type FromHost =
  | { readonly type: 'answer'; readonly ref: QuestionRef; readonly answer: Answer }
  | ({ readonly type: 'snapshot'; readonly ref?: QuestionRef } & Snapshot)
  | ({ readonly type: 'events'; readonly ref?: QuestionRef } & Events)
  | ({ readonly type: 'handed_over' } & HandedOver)
  | { readonly type: 'seen'; readonly ref: QuestionRef; readonly seen: Seen }

/**
 * The life of the host within an epoch. Epochs read `<life of the host>.<life of the writer in
 * it>`, so two epochs of one stream tell whether only the writer was restarted or its whole host.
 */
export const hostLifeOf = (epoch: string): string => epoch.split('.', 1)[0] ?? ''

/** The host group that writes a stream: the first word of its name. */
export const groupOf = (stream: string): string => stream.split('/', 1)[0] ?? ''

/** The stream of one visitor's session. */
export const sessionStream = (visitor: string): string => `play/session/${visitor}`
