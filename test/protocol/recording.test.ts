import { expect, test } from 'vitest'
import { readRecording, recordingLine, type RecordedWord } from '../../src/protocol/recording'

const head = { recording: 1, title: 'Let it crash', version: '0.1.0', beganAtMs: 1_000 }
const place = { stream: 'boards/deck', epoch: 'a.1' }
const snapshot: RecordedWord = { atMs: 0, type: 'snapshot', ...place, seq: 1, view: {} }
const events: RecordedWord = { atMs: 5, type: 'events', ...place, seq: 2, events: [{ type: 'x' }] }
const gap: RecordedWord = { atMs: 9, type: 'gap' }

const written = (...words: unknown[]): string[] =>
  [head, ...words].map((word) => recordingLine(word as RecordedWord))

test('what is written is read', () => {
  expect(readRecording(written(snapshot, events, gap))).toEqual({
    head,
    words: [snapshot, events, gap],
    unreadable: 0,
    isNewer: false,
  })
})

test('a recording that was cut off in a line is good up to there', () => {
  const whole = written(snapshot, events).join('\n')
  const read = readRecording(whole.slice(0, -7).split('\n'))
  expect(read?.words).toEqual([snapshot])
  expect(read?.unreadable).toBe(1)
})

test('a file without a head is no recording', () => {
  expect(readRecording([])).toBeUndefined()
  expect(readRecording(['{}', recordingLine(snapshot)])).toBeUndefined()
  expect(readRecording(['<!doctype html>'])).toBeUndefined()
})

test.each([
  ['a time that is no number', { ...snapshot, atMs: 'now' }],
  ['a time before the beginning', { ...snapshot, atMs: -1 }],
  ['a time years later', { ...snapshot, atMs: 1e15 }],
  ['a stream of another shape', { ...snapshot, stream: '<script>' }],
  ['events that are no list', { ...events, events: 'x' }],
  ['a word of another version', { atMs: 0, type: 'picture' }],
  ['no object', 7],
])('a line with %s is left out and counted', (_, bad) => {
  const read = readRecording(written(snapshot, bad, events))
  expect(read?.words).toEqual([snapshot, events])
  expect(read?.unreadable).toBe(1)
})

test('a line whose time goes back is left out', () => {
  expect(readRecording(written(events, snapshot, gap))?.words).toEqual([events, gap])
})

test('a newer recording is read as far as it is known, and says so', () => {
  const newer = JSON.stringify({ ...head, recording: 2, mood: 'calm' })
  const read = readRecording([newer, recordingLine(snapshot)])
  expect(read).toMatchObject({ isNewer: true, words: [snapshot] })
})
