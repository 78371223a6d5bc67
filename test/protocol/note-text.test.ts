import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countGraphemes, maxNoteGraphemes, tidyNote } from '../../src/protocol/note-text'
import { displayNasty, nastyTexts, scriptInjections } from '../support/nasty-texts'

/** What no kept note may hold; each with a name for the one who reads the failure. */
const forbidden: Readonly<Record<string, RegExp>> = {
  'a control': /(?!\n)\p{Cc}/u,
  'a turn of direction': /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
  'half a character': /\p{Cs}/u,
  'a character that nobody shares': /[\p{Co}\p{Noncharacter_Code_Point}]/u,
  'something that shows nothing':
    /[\ufff0-\ufffd\u{e0000}-\u{e002f}\u{e0080}-\u{e0fff}\u2060-\u206f\u3164\ufeff]/u,
  'hidden words':
    /(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]*)[\u{e0020}-\u{e007f}]|[\u{e0020}-\u{e007f}]{8}/u,
  'a tower of marks': /[\p{M}\u200c\u200d]{5}/u,
  'two spaces': / {2}/,
  'an empty line': /\n\n/,
  'more than six lines': /(?:\n[^]*){6}/,
  'blank at an end': /^\s|\s$/,
}

const faultsOf = (text: string): string[] => [
  ...Object.entries(forbidden).flatMap(([fault, pattern]) => (pattern.test(text) ? [fault] : [])),
  ...(text === text.normalize('NFC') ? [] : ['a letter in parts']),
  ...(text === tidyNote(text) ? [] : ['something that a second tidying changes']),
  ...(text !== '' && !/[^\p{M}\p{Cf}\p{Z}\s]/u.test(text) ? ['nothing to see'] : []),
]

describe('a nasty text', () => {
  test('there are as many as promised, each of its own', () => {
    expect(displayNasty.length).toBeGreaterThanOrEqual(500)
    expect(scriptInjections.length).toBeGreaterThanOrEqual(300)
    expect(new Set(nastyTexts.map(({ text }) => text)).size).toBe(nastyTexts.length)
  })

  test.each(nastyTexts)('is decent once it is tidied: $name', ({ text }) => {
    expect(faultsOf(tidyNote(text))).toEqual([])
  })

  test('is decent whatever it is made of', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom(...nastyTexts.map(({ text }) => text.slice(0, 40))),
    )
    const texts = fc.array(unit, { maxLength: 30 }).map((units) => units.join(''))
    fc.assert(
      fc.property(texts, (text) => {
        expect(faultsOf(tidyNote(text))).toEqual([])
      }),
      { seed: 4, numRuns: 2_000 },
    )
  })
})

describe('what a note says', () => {
  test.each([
    ['plain words', 'Prometheus + Grafana, mostly.'],
    ['code', '<b onclick="x()">{{ ${process} }}</b> && a < b;'],
    ['Vietnamese', 'Tiếng Việt: ậ ễ ộ ữ'],
    ['Arabic', 'مرحبا بالعالم'],
    ['Hebrew with points', 'בְּרֵאשִׁית בָּרָא'],
    ['Devanagari', 'नमस्ते दुनिया क्ष्म्य'],
    ['Thai', 'สวัสดีชาวโลก ที่นี้'],
    ['Tibetan', 'བཀྲ་ཤིས་བདེ་ལེགས།'],
    ['Korean', '안녕하세요'],
    ['Persian with a joiner', 'می\u200cخواهم'],
    ['a family', '👨‍👩‍👧‍👦 and 🧑🏻‍❤️‍💋‍🧑🏿'],
    ['flags', '🏳️‍🌈 🇩🇪 🇳🇿'],
    ['the flag of a region', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a keycap', '1️⃣ #️⃣'],
    ['six lines', 'one\ntwo\nthree\nfour\nfive\nsix'],
  ])('is left alone: %s', (_, text) => {
    expect(tidyNote(text)).toBe(text)
  })

  test.each([
    ['letters in parts are composed', 'e\u0301', '\u00e9'],
    ['blank around and between is one space', ' \t a \u3000\u00a0 b ', 'a b'],
    ['empty lines go', 'a\n \n\u200b\n\r\n b', 'a\nb'],
    ['a seventh line joins the sixth', '1\n2\n3\n4\n5\n6\n7\n8', '1\n2\n3\n4\n5\n6 7 8'],
    ['four marks of a tower stay', `a${'\u0316'.repeat(9)}b`, `a${'\u0316'.repeat(4)}b`],
    ['nothing to see is nothing', '\u200b\u3164\u2800\ufeff\u0301 \u200d', ''],
    ['a line of marks goes', 'a\n\u0301\u0302\nb', 'a\nb'],
  ])('is made decent: %s', (_, raw, kept) => {
    expect(tidyNote(raw)).toBe(kept)
  })
})

describe('the length of a note', () => {
  test('is counted as readers count', () => {
    expect(countGraphemes('')).toBe(0)
    expect(countGraphemes('e\u0301👨‍👩‍👧‍👦🇩🇪x')).toBe(4)
    expect(countGraphemes('👩🏽‍🚒'.repeat(maxNoteGraphemes))).toBe(maxNoteGraphemes)
  })
})
