/*
 * The hot code of a play host, as the root wishes it: the first word of it is loaded before
 * anything runs, so that a host which begins late comes up with what all others have; each later
 * one is a change while all runs. One word after the other; what is loaded already is loaded.
 */
import type { CodeWord, FromPlay, HotFiles } from '../protocol/code-words'
import { hotModules } from '../protocol/upgrades'
import type { Pid, Runtime } from '../runtime'
import { codeKeeper, type HotCode, type KeeperWord } from './code-keeper'
import type { Loader } from './loader'

const lookAtKeeperMs = 100

export interface PlayCodeHears {
  say(word: FromPlay): void
  /** It cannot take what all others have. */
  fail(sentence: string): void
}

export class PlayCode {
  /** Once the first version is loaded. */
  readonly begun: Promise<void>
  private readonly runtime: Runtime
  private readonly hears: PlayCodeHears
  private readonly loader: Loader
  private files: HotFiles | undefined
  private turn: Promise<void> = Promise.resolve()
  private keeper: Pid | undefined
  private onBegun = () => {}

  constructor(runtime: Runtime, loader: Loader, hears: PlayCodeHears) {
    this.runtime = runtime
    this.loader = loader
    this.hears = hears
    this.begun = new Promise((resolve) => (this.onBegun = resolve))
  }

  hear(word: CodeWord): void {
    this.turn = this.turn.then(() => (word.type === 'code' ? this.take(word) : this.purge(word)))
  }

  private async take(word: Extract<CodeWord, { type: 'code' }>): Promise<void> {
    const { ref, files, isSettled } = word
    const problem = isEqual(files, this.files) ? undefined : await this.change(files)
    if (problem === undefined) {
      this.files = files
      this.onBegun()
      return this.hears.say({ type: 'code_loaded', ref })
    }
    const sentence = problem.slice(0, 400)
    if (isSettled) this.hears.fail(`The code cannot be loaded: ${sentence}`)
    else this.hears.say({ type: 'code_refused', ref, sentence })
  }

  private async change(files: HotFiles): Promise<string | undefined> {
    try {
      const modules = await this.loader.load(files)
      const changed = modules.filter(
        ([module]) => !this.files || files[module] !== this.files[module],
      )
      const load = () => this.runtime.code.loadAll(changed)
      if (this.files) return await this.ask((done) => ({ type: 'load', load, done }))
      load()
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  private async purge({ ref }: Extract<CodeWord, { type: 'purge_code' }>): Promise<void> {
    let count = 0
    await this.ask((done) => ({
      type: 'purge',
      done(killed) {
        count = killed
        done(undefined)
      },
    }))
    this.hears.say({ type: 'code_purged', ref, count })
  }

  /**
   * Gives what the keeper answers, or why it did not. Whoever presents may kill any process, also
   * one that would watch over the keeper; so it is looked at from outside.
   */
  private ask(
    word: (done: (problem: string | undefined) => void) => KeeperWord,
  ): Promise<string | undefined> {
    const keeper = this.livingKeeper()
    return new Promise((resolve) => {
      const done = (problem: string | undefined) => {
        clearInterval(looking)
        resolve(problem)
      }
      const looking = setInterval(() => {
        if (!this.runtime.info(keeper)) done('the process that loads it was ended')
      }, lookAtKeeperMs)
      this.runtime.send(keeper, word(done))
    })
  }

  private livingKeeper(): Pid {
    if (!this.keeper || !this.runtime.info(this.keeper)) this.keeper = this.startKeeper()
    return this.keeper
  }

  private startKeeper(): Pid {
    const { code } = this.runtime
    const hot: HotCode = {
      check: (module) => code.check(module),
      purge: (module) => code.purge(module),
      tell: (state) => this.hears.say({ type: 'code_state', ...state }),
    }
    return this.runtime.spawn(codeKeeper, hot)
  }
}

/** Whether two releases have the same files. */
const isEqual = (one: HotFiles, other: HotFiles | undefined): boolean =>
  other !== undefined && hotModules.every((module) => one[module] === other[module])
