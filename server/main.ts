/* The entry: reads the configuration and runs the root. */
import { join } from 'node:path'
import { banner } from './banner'
import { ConfigError, readConfig, type Config } from './config'
import { runRoot } from './root'

function configOrExit(): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

const config = configOrExit()
const built = (name: string): string => join(import.meta.dirname, `${name}.js`)

runRoot({
  config,
  entries: {
    gateway: built('gateway'),
    boards: built('boards'),
    play: built('play'),
    load: built('load'),
    canary: built('canary'),
    recorder: built('recorder'),
  },
  onServing: () => void banner(config).then((text) => process.stdout.write(`${text}\n`)),
})
