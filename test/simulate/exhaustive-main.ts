/* The exhaustive search as a program: `node exhaustive-main.js processes=4 signals=6`. */
import { searchAll } from './exhaustive'

const given = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const [processes, signals] = [Number(given['processes'] ?? 3), Number(given['signals'] ?? 3)]
const { histories, played, states } = searchAll(processes, signals)
process.stdout.write(
  `${histories} histories of up to ${signals} signals of ${processes} processes hold; ` +
    `${played} were played, and led to ${states} states\n`,
)
