/* The programs of the simulation (main.ts, exhaustive-main.ts), each run in an OS process. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * Runs seeds. Gives nothing when they do not end within `mostMs`.
 * @param {string} folder of the build
 * @param {Record<string, string | number>} given as main.ts reads it
 * @param {number} [mostMs]
 */
export async function runSeeds(folder, given, mostMs) {
  const text = await run(join(folder, 'main.js'), given, mostMs)
  return text === undefined ? undefined : JSON.parse(text)
}

/**
 * Runs a kept case.
 * @param {string} folder of the build
 * @param {string} file
 */
export async function runCase(folder, file) {
  return JSON.parse(await run(join(folder, 'main.js'), { case: file }))
}

/**
 * Searches all histories of so many processes and signals.
 * @param {string} folder of the build
 * @param {{ processes: number, signals: number }} size
 */
export async function runExhaustive(folder, size) {
  return JSON.parse(await run(join(folder, 'exhaustive.js'), size))
}

/**
 * Gives what the program prints, or nothing when it was ended after `mostMs`; rejects when it ends
 * otherwise than it should.
 */
function run(file, given, mostMs) {
  return new Promise((resolve, reject) => {
    const words = Object.entries(given).map(([word, value]) => `${word}=${value}`)
    const child = spawn(process.execPath, [file, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: mostMs,
      killSignal: 'SIGKILL',
    })
    let text = ''
    child.stdout.on('data', (part) => (text += part))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(text)
      else if (mostMs !== undefined && signal === 'SIGKILL') resolve(undefined)
      else reject(new Error(`the simulation ended with ${code ?? signal}`))
    })
  })
}
