/*
 * Where a host listens for other hosts of this machine: a socket in the folder of this run, or a
 * named pipe on Windows. Its name has the pid, so that no life is taken for another.
 */
import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'

/** Whether that may be such an address: what a host says of itself is judged. */
export const isLocalAddress = (said: unknown): said is string =>
  typeof said === 'string' &&
  said.length <= 200 &&
  !said.includes('\0') &&
  /^(\/|\\\\\.\\pipe\\)./.test(said)

/** Listens for `whom`; gives the address. Rejects when that cannot be. */
export async function listenLocally(
  whom: string,
  onSocket: (socket: Socket) => void,
): Promise<string> {
  const address = addressFor(whom)
  // A killed host of the same pid leaves its socket's file behind.
  if (process.platform !== 'win32') rmSync(address, { force: true })
  const server = createServer(onSocket)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address, resolve)
  })
  return address
}

function addressFor(whom: string): string {
  const name = `${whom}-${process.pid}`
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\let-it-crash-${name}`
    : join(process.env.RUN_DIR ?? '.', `${name}.sock`)
}
