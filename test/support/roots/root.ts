/*
 * A root in an OS process of its own, so that a test can kill it. Its arguments are the built files
 * of its hosts. It tells each change on stdout as a line of JSON, with the pids, and hosts are told
 * to block themselves as soon as they are ready: only `blocker` understands. It ends with its
 * stdin, so that it does not outlive a test that is broken off.
 */
import { basename } from 'node:path'
import { superviseHosts } from '../../../server/supervisor'

const tell = (words: object) => process.stdout.write(`${JSON.stringify(words)}\n`)

const supervisor = superviseHosts({
  hosts: process.argv.slice(2).map((entry) => ({ name: basename(entry, '.js'), entry })),
  log: () => {},
  onHosts(event) {
    const pid = supervisor.health().find(({ name }) => name === event.host)?.pid
    tell({ ...event, pid })
    if (event.type === 'host_ready') supervisor.send(event.host, 'blockForever')
  },
  onWord: (host, word) => tell({ type: 'word', host, word }),
})

process.stdin.on('end', () => process.exit()).resume()
