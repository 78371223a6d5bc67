/*
 * `npm test`: makes ready what is not, checks types, lint and format, and runs all tests. Closes
 * with one plain line that counts them; a check that fails counts as one failed test.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setUp } from '../server/set-up.mjs'
import { needChromium } from './support/chromium.mjs'

const root = join(import.meta.dirname, '..')

setUp()
if (!needChromium()) {
  process.stderr.write(
    'The tests need a browser: install Chromium or Chrome, or name one in CHROMIUM.\n',
  )
  process.exit(1)
}

const checks = [
  ['typescript/bin/tsc', '--noEmit'],
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
const failedChecks = checks.filter(([tool, ...args]) => !run(tool, args)).length
const tests = runTests()
const passed = checks.length - failedChecks + tests.passed
const failed = failedChecks + tests.failed
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 || tests.passed === 0 ? 1 : 0)

/** Runs a tool of node_modules; gives whether it was content. */
function run(tool, args) {
  process.stdout.write(`${tool.split('/')[0]} …\n`)
  const path = join(root, 'node_modules', tool)
  return spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: 'inherit' }).status === 0
}

/**
 * What observes whole systems has the machine's cores for itself; all else runs two files at a time.
 * Files named on the command line run one after the other.
 */
function runTests() {
  const named = process.argv.slice(2)
  if (named.length > 0) return runFiles(named)
  const alone = ['deck', 'server', 'walks']
  const others = readdirSync(join(root, 'test')).filter((name) => !alone.includes(name))
  const runs = [
    runFiles([...others.map((name) => `test/${name}`), '--fileParallelism', '--maxWorkers=2']),
    runFiles(alone.map((name) => `test/${name}`)),
  ]
  const sum = (count) => runs.reduce((total, run) => total + run[count], 0)
  return { passed: sum('passed'), failed: sum('failed') }
}

function runFiles(words) {
  const folder = mkdtempSync(join(tmpdir(), 'let-it-crash-test-'))
  const report = join(folder, 'report.json')
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
  const content = run('vitest/vitest.mjs', [...args, ...words])
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    // A file that cannot even be loaded has no failed test of its own.
    return {
      passed: numPassedTests,
      failed: content ? numFailedTests : Math.max(numFailedTests, 1),
    }
  } catch {
    return { passed: 0, failed: 1 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
