/* The entry of `npm run console`: the console of a running system in a terminal. */
import { parseArgs } from 'node:util'
import { ConsoleClient } from './console-terminal'
import { askToken, NoEntry, openPresenterLine } from './presenter-line'

try {
  const { values } = parseArgs({ options: { to: { type: 'string' } } })
  const { source, withoutToken } = await openPresenterLine({
    to: values.to,
    env: process.env,
    askToken: process.stdin.isTTY ? askToken : undefined,
  })
  const client = new ConsoleClient(source, process, withoutToken)
  process.exitCode = await client.ended
  source.close()
} catch (error) {
  const isUsage = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  if (!isUsage && !(error instanceof NoEntry)) throw error
  process.stderr.write(
    `${isUsage ? 'npm run console [-- --to https://talk.example]' : (error as Error).message}\n`,
  )
  process.exitCode = 1
}
