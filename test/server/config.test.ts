/*
 * The configuration: what is taken, and the sentence for what is not.
 */
import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../server/config'

test('nothing set, or set to nothing, is a whole configuration', () => {
  for (const env of [{}, { PORT: '', HOST: '', PUBLIC_URL: '', PRESENTER_TOKEN: '' }]) {
    expect(readConfig(env)).toMatchObject({ port: 4000, host: '', publicUrl: undefined })
  }
  const [first, second] = [readConfig({}), readConfig({})].map((each) => each.presenterToken)
  expect(first).not.toBe(second)
  expect(readConfig({ PRESENTER_TOKEN: first }).presenterToken).toBe(first)
})

test.each(['0', '65536', '99999', '-1', '80.5', '1e3', ' 80', 'http', '0x50'])(
  'a PORT of %j ends the start with a sentence',
  (PORT) => {
    const sentence = `PORT is '${PORT}', but must be a number from 1 to 65535.`
    expect(() => readConfig({ PORT })).toThrow(new ConfigError(sentence))
  },
)

test.each([
  'talk.example',
  'ftp://a.example',
  'https://a/b',
  'https://a?x',
  'https://a#x',
  'https://me@a',
  'javascript:1',
])('a PUBLIC_URL of %j ends the start with a sentence', (PUBLIC_URL) => {
  const sentence = `PUBLIC_URL is '${PUBLIC_URL}', but must be like 'https://talk.example'.`
  expect(() => readConfig({ PUBLIC_URL })).toThrow(new ConfigError(sentence))
})

test('a PUBLIC_URL loses the slash at its end', () => {
  expect(readConfig({ PUBLIC_URL: 'https://talk.example/' }).publicUrl).toBe('https://talk.example')
})

test.each(['short', 'x'.repeat(21), `${'x'.repeat(30)} y`, `${'x'.repeat(30)}é`])(
  'a PRESENTER_TOKEN of %j ends the start with a sentence that does not tell it',
  (PRESENTER_TOKEN) => {
    const read = () => readConfig({ PRESENTER_TOKEN })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow('PRESENTER_TOKEN needs at least 22 letters')
    expect(read).not.toThrow(PRESENTER_TOKEN)
  },
)

test('the number of play hosts is one, or as wanted, up to the cores of the machine', () => {
  const { playHosts, mostPlayHosts } = readConfig({})
  expect([playHosts, mostPlayHosts]).toEqual([1, availableParallelism()])
  expect(readConfig({ PLAY_HOSTS: String(mostPlayHosts) }).playHosts).toBe(mostPlayHosts)
})

test.each(['0', '-1', '1.5', 'two', '1000000'])(
  'a PLAY_HOSTS of %j ends the start with a sentence',
  (PLAY_HOSTS) => {
    const sentence = `PLAY_HOSTS is '${PLAY_HOSTS}', but must be a number from 1 to `
    expect(() => readConfig({ PLAY_HOSTS })).toThrow(sentence)
  },
)
