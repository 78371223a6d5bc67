/* The whole system as `npm start` runs it, but with a host `play` that can be sabotaged. */
import { join } from 'node:path'
import { readConfig } from '../../../server/config'
import { runRoot } from '../../../server/root'

const folder = process.env.SERVER_FOLDER ?? ''

// Never outlives the test that started it, however that ended.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume()

runRoot({
  config: readConfig(process.env),
  entries: {
    gateway: join(folder, 'gateway.js'),
    play: join(import.meta.dirname, '../hosts/faulty-play.js'),
  },
  onServing: () => process.stdout.write('serving\n'),
})
