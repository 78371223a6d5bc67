/*
 * `npm test`: makes ready what is not, checks types, lint and format, and runs all tests. Closes
 * with one plain line that counts them; a check that fails counts as one failed test.
 */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setUp } from '../server/set-up.mjs'
import { needChromium } from './support/chromium.mjs'

const root = join(import.meta.dirname, '..')

/** Walks in which nothing is over before its time, however slow it goes. */
const patient = ['export', 'guide', 'homes', 'replay', 'take-over'].map((name) => `${name}.test.ts`)

/** What sees how a system fares within a time, and so wants the machine's cores for itself. */
const alone = [
  ...readdirSync(join(root, 'test/walks'))
    .filter((name) => !patient.includes(name))
    .map((name) => `walks/${name}`),
  ...['gateway/host-group', 'host/open-jobs'].map((name) => `${name}.test.ts`),
  ...['leash', 'play-hosts', 'schedules', 'spare', 'stack', 'supervisor'].map(
    (name) => `server/${name}.test.ts`,
  ),
]

setUp()
if (!needChromium()) {
  process.stderr.write(
    'The tests need a browser: install Chromium or Chrome, or name one in CHROMIUM.\n',
  )
  process.exit(1)
}

const checks = [
  // It checks the types of all files, not only those of components.
  [
    'svelte-check/bin/svelte-check',
    '--tsconfig',
    './tsconfig.json',
    '--fail-on-warnings',
    '--output',
    'human',
  ],
  ['eslint/bin/eslint.js', '.'],
  ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
]
const contents = await Promise.all(checks.map(([tool, ...args]) => check(tool, args)))
const failedChecks = checks.map(([tool]) => tool).filter((_, at) => !contents[at])
const tests = runTests()
const passed = checks.length - failedChecks.length + tests.passed
const failed = [...failedChecks, ...tests.failed]
// Named once more at the end: the first group's report stands far above.
process.stdout.write(failed.map((name) => `\nfailed: ${name}`).join(''))
process.stdout.write(`\n${passed} passed, ${failed.length} failed\n`)
process.exit(failed.length > 0 || tests.passed === 0 ? 1 : 0)

/** Runs a tool beside others; prints what it says, and gives whether it was content. */
function check(tool, args) {
  const path = join(root, 'node_modules', tool)
  return new Promise((resolve) => {
    execFile(process.execPath, [path, ...args], { cwd: root }, (error, said, complained) => {
      process.stdout.write(`${tool.split('/')[0]} …\n${said}${complained}`)
      resolve(!error)
    })
  })
}

/** Runs a tool of node_modules; gives whether it was content. */
function run(tool, args) {
  process.stdout.write(`${tool.split('/')[0]} …\n`)
  const path = join(root, 'node_modules', tool)
  return spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: 'inherit' }).status === 0
}

/** All else runs two files at a time. Files named on the command line run one after the other. */
function runTests() {
  const named = process.argv.slice(2)
  if (named.length > 0) return runFiles(named)
  const others = readdirSync(join(root, 'test'), { recursive: true }).filter(
    (name) => name.endsWith('.test.ts') && !alone.includes(name),
  )
  const runs = [
    runFiles([...others.map((name) => `test/${name}`), '--fileParallelism', '--maxWorkers=2']),
    runFiles(alone.map((name) => `test/${name}`)),
  ]
  return {
    passed: runs.reduce((total, run) => total + run.passed, 0),
    failed: runs.flatMap((run) => run.failed),
  }
}

/** Runs test files; gives how many tests passed, and the names of those that failed. */
function runFiles(words) {
  const folder = mkdtempSync(join(tmpdir(), 'let-it-crash-test-'))
  const report = join(folder, 'report.json')
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
  const content = run('vitest/vitest.mjs', [...args, ...words])
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const failed = testResults.flatMap(failuresOf)
    const unnamed = content || failed.length > 0 ? [] : ['vitest itself']
    return { passed: numPassedTests, failed: [...failed, ...unnamed] }
  } catch {
    return { passed: 0, failed: ['vitest itself'] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Names the tests of a file that failed; a file that cannot even be loaded has none of its own. */
function failuresOf({ name, status, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (failed.length === 0 && status === 'failed') return [relative(root, name)]
  return failed.map((test) => `${relative(root, name)} › ${test.fullName}`)
}
