/*
 * Finds a Chromium to test with, and installs Debian's where that is possible. Plain JavaScript,
 * since it also runs before anything is built.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The path of an installed Chromium or Chrome, or undefined. */
export const findChromium = () => places.find((place) => place && existsSync(place))

/**
 * Installs Debian's Chromium when there is none and this is Debian as root. Gives its path, or
 * undefined.
 */
export function needChromium() {
  const found = findChromium()
  if (found || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return found
  process.stdout.write('Installing Chromium …\n')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const get = (...args) => spawnSync('apt-get', [...args, '-qq'], { stdio: ['ignore', 2, 2], env })
  get('update')
  get('install', '-y', '--no-install-recommends', 'chromium')
  return findChromium()
}
