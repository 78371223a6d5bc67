/* The programs of the simulation (main.ts, exhaustive-main.ts), each run in an OS process. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * Runs seeds.
 * @param {string} folder of the build
 * @param {Record<string, string | number>} given as main.ts reads it
 * @returns {Promise<import('./main').Report>}
 */
export async function runSeeds(folder, given) {
  return JSON.parse(await run(join(folder, 'main.js'), given))
}

/**
 * Runs a kept case.
 * @param {string} folder of the build
 * @param {string} file
 * @returns {Promise<{ failure?: string }>}
 */
export async function runCase(folder, file) {
  return JSON.parse(await run(join(folder, 'main.js'), { case: file }))
}

/**
 * Searches all histories of so many processes and signals.
 * @param {string} folder of the build
 * @param {{ processes: number, signals: number }} size
 * @returns {Promise<import('./exhaustive').Found & { failure?: string }>}
 */
export async function runExhaustive(folder, size) {
  return JSON.parse(await run(join(folder, 'exhaustive.js'), size))
}

/** Gives what the program prints; rejects when it ends otherwise than it should. */
function run(file, given) {
  return new Promise((resolve, reject) => {
    const words = Object.entries(given).map(([word, value]) => `${word}=${value}`)
    const child = spawn(process.execPath, [file, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (part) => (text += part))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(text)
      else reject(new Error(`the simulation ended with ${code ?? signal}`))
    })
  })
}
