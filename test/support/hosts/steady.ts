/*
 * A host that does as it is told, and otherwise nothing. Its details are its arguments; a word it
 * does not know it says back.
 */
import { liveUnderRoot } from '../../../server/leash'

const leash = liveUnderRoot({
  onWord(word) {
    if (word === 'exit') process.exit(7)
    else if (word === 'environment') leash.say(Object.keys(process.env))
    else if (word === 'arguments') leash.say(process.execArgv)
    else if (word === 'print') console.log('a line of output')
    else if (word === 'throw') throw new Error('as told')
    else if (word === 'babble') process.send?.({ type: 'gossip' })
    else if (word === 'nest') leash.say(JSON.parse('['.repeat(100) + ']'.repeat(100)))
    else {
      if (word === 'ready again') leash.ready()
      leash.say(word)
    }
  },
  onStop() {
    console.log('stopping in order')
  },
})
leash.ready(process.argv.slice(2))
