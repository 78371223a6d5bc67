/*
 * Texts that hurt a page if it lets them: some break the picture (towers of marks, turned
 * directions, walls of emoji, words without an end), some try to run as code
 * (script-injections.ts). All are made from families and a seed, so each run has the same ones and
 * a failing one is found by its name.
 *
 * They are raw, as somebody types or sends them: what tidyNote leaves of them is milder.
 */
import { Random } from './random'
import { scriptInjections, type NastyText } from './script-injections'

export { scriptInjections, type NastyText }

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at))

const above = range(0x300, 0x315)
const below = range(0x316, 0x333)
const marks = [...above, ...below, ...range(0x334, 0x338), ...range(0x1ab0, 0x1abe)]
const enclosing = ['\u20dd', '\u20de', '\u20df', '\u20e0', '\u20e2', '\u20e3', '\u20e4']
const directions = [
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
  '\u200e',
  '\u200f',
  '\u061c',
]
const invisible = [
  ...['\u00ad', '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u180e', '\u200b', '\u200c'],
  ...['\u200d', '\u2060', '\u2061', '\u2062', '\u2063', '\u2064', '\u206a', '\u206f', '\u2800'],
  ...['\u3164', '\ufeff', '\uffa0', '\ufff9', '\ufffa', '\ufffb', '\ufffc'],
]
const blanks = [...range(0x2000, 0x200a), '\u00a0', '\u1680', '\u202f', '\u205f', '\u3000', '\t']
const breaks = ['\n', '\r\n', '\r', '\u2028', '\u2029', '\v', '\f', '\u0085']
const tags = range(0xe0020, 0xe007f)
const wide = [
  '\ufdfd',
  '\ufdfa',
  '\u{12031}',
  '\u{1242b}',
  '\u{12219}',
  '\u2e3b',
  '\u{1f1e6}',
  '\u0bb5\u0bc1',
]
const emoji = ['😀', '🔥', '🚀', '👍🏽', '🏳️‍🌈', '👩🏿‍🚒', '👨‍👩‍👧‍👦', '🇩🇪', '1️⃣', '🧑🏻‍❤️‍💋‍🧑🏿']
const controls = [...range(0, 8), ...range(0xe, 0x1f), ...range(0x7f, 0x84), ...range(0x86, 0x9f)]
const odd = [
  '\u0378',
  '\ufdd0',
  '\uffff',
  '\u{1ffff}',
  '\ue000',
  '\u{f0000}',
  '\u{10fffd}',
  '\ufffd',
]
const scripts = [
  'مرحبا بالعالم كيف حالك',
  'שלום עולם מה שלומך',
  'ܫܠܡܐ ܥܠܡܐ',
  'ދުނިޔެ',
  'ߒߞߏ ߖߊ߰ߡߊ',
  'नमस्ते दुनिया क्ष्म्य',
  'สวัสดีชาวโลก ที่นี้',
  'བཀྲ་ཤིས་བདེ་ལེགས།',
  'ကမ္ဘာလောက',
  'ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ',
  '你好世界今天天气很好',
  'こんにちは世界がぎぐげご',
  '안녕하세요 세계',
  'Xin chào thế giới ậ ễ ộ',
  'ⴰⵣⵓⵍ',
  'Grüße aus Köln ß ẞ',
  'Привет, мир',
  'Γειά σου Κόσμε',
  '𓀀𓁐𓂀𓃒',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
]

/** Makes a display text of one family; `size` grows from 0 to 19 over the family's texts. */
type Make = (random: Random, size: number) => string

const some = (random: Random, from: readonly string[], count: number): string =>
  Array.from({ length: count }, () => random.pick(from)).join('')

const word = (random: Random, length: number): string =>
  some(random, [...'abcdefghijklmnoprstuvwxyz'], length)

const words = (random: Random, count: number): string =>
  Array.from({ length: count }, () => word(random, random.between(2, 9))).join(' ')

const between = (random: Random, letters: string, from: readonly string[], each: number): string =>
  [...letters].map((letter) => letter + some(random, from, each)).join('')

const displayFamilies: Readonly<Record<string, Make>> = {
  'tower of marks': (random, size) => `a${some(random, marks, 10 + size * 250)}b`,
  'marks on each letter': (random, size) => between(random, words(random, 6), marks, 2 + size * 6),
  'marks above only': (random, size) => between(random, 'tall', above, 20 + size * 40),
  'marks below only': (random, size) => between(random, 'deep', below, 20 + size * 40),
  'marks without a letter': (random, size) => some(random, marks, 1 + size * 100),
  'enclosing marks': (random, size) => between(random, words(random, 3), enclosing, 1 + size),
  'turned directions': (random, size) =>
    between(random, words(random, 4), directions, 1 + (size % 3)),
  'direction never ended': (random, size) =>
    directions[size % directions.length]!.repeat(1 + size * 20) + words(random, 5),
  'file name in disguise': (random, size) => `photo\u202e${word(random, 3 + size)}gnp.exe`,
  'wall of emoji': (random, size) => some(random, emoji, 10 + size * 60),
  'family without an end': (random, size) =>
    Array.from({ length: 4 + size * 20 }, () => random.pick(['👩', '👨', '👧', '👦'])).join(
      '\u200d',
    ),
  'skin tones in a row': (random, size) =>
    `👍${some(random, range(0x1f3fb, 0x1f3ff), 2 + size * 10)}`,
  'flags in a row': (random, size) => some(random, range(0x1f1e6, 0x1f1ff), 3 + size * 30),
  'line breaks': (_, size) => `a${breaks[size % breaks.length]!.repeat(500 * (size + 1))}b`,
  'steps down': (random, size) =>
    Array.from({ length: 5 + size * 5 }, (_, at) => ' '.repeat(at) + word(random, 3)).join('\n'),
  'very wide signs': (_, size) => wide[size % wide.length]!.repeat(1 + size * 14),
  'word without an end': (random, size) => word(random, 280 + size * 500),
  'same letter': (_, size) => [...'WMmil.-_ﷲ|'][size % 10]!.repeat(size < 10 ? 280 : 2_000),
  tabs: (random, size) => words(random, 2) + '\t'.repeat(10 + size * 300) + words(random, 2),
  'huge blank': (_, size) => `a${blanks[size % blanks.length]!.repeat(100 + size * 400)}b`,
  'blank alone': (_, size) => blanks[size % blanks.length]!.repeat(1 + size * 50),
  invisible: (_, size) => invisible[size]!.repeat(1 + size * 10),
  'invisible between': (random, size) => between(random, words(random, 4), invisible, 1 + size * 3),
  'hangul fillers': (_, size) => '\u115f\u1160\u3164\uffa0'.repeat(1 + size * 40),
  'hangul without an end': (random, size) => some(random, range(0x1100, 0x1112), 20 + size * 60),
  'tag characters': (random, size) => `🏴${some(random, tags, 5 + size * 30)}`,
  'lone halves': (random, size) => {
    const halves = [...range(0x41, 0x45), '\ud83d', '\udc69', '\ud800', '\udfff']
    return some(random, halves, 5 + size * 10)
  },
  controls: (random, size) => between(random, words(random, 3), controls, 1 + size),
  'no characters at all': (random, size) => some(random, odd, 1 + size * 10),
  'many scripts': (_, size) => scripts[size]!.repeat(1 + (size % 6)),
  'scripts against each other': (random, size) => some(random, scripts, 2 + size),
  'variation selectors': (random, size) => `☺${some(random, range(0xfe00, 0xfe0f), 5 + size * 50)}`,
  mixed: (random, size) => {
    const all = [marks, directions, invisible, breaks, wide, emoji, controls, odd, blanks, scripts]
    return Array.from({ length: 10 + size * 10 }, () => random.pick(random.pick(all))).join('')
  },
}

/** At least 500 texts that break the picture of a page that lets them. */
export const displayNasty: readonly NastyText[] = Object.entries(displayFamilies).flatMap(
  ([name, make], family) =>
    Array.from({ length: 20 }, (_, size) => ({
      name: `${name} ${size}`,
      text: make(new Random(family * 100 + size), size),
    })),
)

export const nastyTexts: readonly NastyText[] = [...displayNasty, ...scriptInjections]
