/* Lines between OS processes of this machine: pipes over local sockets. */
import type { Lines } from '../src/host/lines'
import { Dialling } from './dialling'
import { isLocalAddress, listenLocally } from './local-socket'
import { openPipe } from './pipe'

export const localLines: Lines = {
  isAddress: isLocalAddress,
  createCall: ({ onStand, hear, onDrop }) =>
    new Dialling({
      onStand(socket) {
        onStand(
          openPipe(socket, (word) => {
            if (!socket.destroyed) hear(word)
          }),
        )
      },
      onDrop,
    }),
  listen: (whom, take) =>
    listenLocally(whom, (socket) => {
      const taken = take(openPipe(socket, (word) => taken.hear(word)))
      socket.on('close', () => taken.onClose())
    }),
}
