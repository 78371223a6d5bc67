/*
 * The whole system as `npm start` runs it, but with a host `play` that can be sabotaged. The
 * environment may ask for more: FAULTY_BOARDS for boards that acknowledge what they have not kept,
 * MEASURED_GATEWAY for a gateway that writes down how late it is.
 */
import { join } from 'node:path'
import { readConfig } from '../../../server/config'
import { runRoot } from '../../../server/root'

const { SERVER_FOLDER: folder = '', FAULTY_BOARDS, MEASURED_GATEWAY } = process.env
const faulty = (name: string): string => join(import.meta.dirname, `../hosts/${name}.js`)

// Never outlives the test that started it, however that ended.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume()

runRoot({
  config: readConfig(process.env),
  entries: {
    gateway: MEASURED_GATEWAY ? faulty('measured-gateway') : join(folder, 'gateway.js'),
    play: faulty('faulty-play'),
    boards: FAULTY_BOARDS ? faulty('faulty-boards') : join(folder, 'boards.js'),
    load: join(folder, 'load.js'),
    canary: join(folder, 'canary.js'),
    recorder: join(folder, 'recorder.js'),
  },
  onServing: () => process.stdout.write('serving\n'),
})
