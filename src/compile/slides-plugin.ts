/*
 * Decks as a Vite plugin: `import deck from 'virtual:deck/<name>'` is the file <name>.md of the
 * slides' folder. The pictures that a deck names lie in img/ beside that folder; Vite does not see
 * them in Markdown, so each becomes an import of the deck's module, and its place in the HTML a
 * piece of code:
 *
 *   import picture0 from '/…/img/owl.svg?url'
 *   export default { …, html: "<section><img src=\"" + picture0 + "\">…" }
 *
 * `import declared from 'virtual:declared/<name>'` is what the running system has to know of the
 * same file (declared-deck.ts), without its slides' content.
 *
 * How small a picture must be to become part of the module itself is Vite's `assetsInlineLimit`.
 *
 * A build fails with every problem that is an error; in development the deck carries its problems
 * and goes on with the rest. An edited deck, or a picture that comes or goes, reloads the page,
 * which keeps its slide in the address.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { EnvironmentModuleGraph, EnvironmentModuleNode, Plugin } from 'vite'
import { declaredDeck } from './declared-deck'
import { formatProblem } from './problem'
import { compileSlides } from './slides'

export interface SlidesPluginOptions {
  /** Where the decks are. Absolute. */
  readonly folder: string
}

/** What a module's address begins with, as Vite wants it once it is known to be ours. */
const deckPrefix = '\0virtual:deck/'
const declaredPrefix = '\0virtual:declared/'

/** Makes each Markdown file of `folder` a module, and what is wrong in it the build's business. */
export function slidesPlugin({ folder }: SlidesPluginOptions): Plugin {
  const project = dirname(folder)
  const pictures = join(project, 'img')
  let building = false
  return {
    name: 'slides',
    configResolved(config) {
      building = config.command === 'build'
    },
    configureServer(server) {
      // Both lie outside of the root that Vite watches by itself.
      server.watcher.add([folder, pictures])
    },
    resolveId(id) {
      return deckNameIn(`\0${id}`) === undefined ? undefined : `\0${id}`
    },
    load(id) {
      const name = deckNameIn(id)
      if (name === undefined) return undefined
      const path = join(folder, `${name}.md`)
      const file = slashed(relative(project, path))
      if (!existsSync(path)) this.error(`There is no deck ${file}. ${decksIn(folder)}`)
      this.addWatchFile(path)

      const imports = new PictureImports(project, filesIn(pictures))
      const find = (picture: string) => imports.find(picture)
      const deck = compileSlides(readFileSync(path, 'utf8'), { name, file, find })
      const lines = deck.problems.map(formatProblem)
      if (building && deck.problems.some(({ severity }) => severity === 'error')) {
        this.error(`${file} has problems:\n${lines.join('\n')}`)
      }
      for (const line of lines) this.warn(line)
      return id.startsWith(declaredPrefix)
        ? `export default ${JSON.stringify(declaredDeck(deck))}\n`
        : imports.moduleFor(deck)
    },
    hotUpdate({ file, type, modules }) {
      const path = resolve(file)
      const { moduleGraph } = this.environment
      // A picture that changes is a module of its own; one that comes or goes concerns the decks.
      const concerned =
        dirname(path) === folder && path.endsWith('.md')
          ? decksOf(moduleGraph, (name) => join(folder, `${name}.md`) === path)
          : type !== 'update' && path.startsWith(pictures)
            ? decksOf(moduleGraph, () => true)
            : []
      return concerned.length > 0 ? [...modules, ...concerned] : undefined
    },
  }
}

/** The pictures that one deck shows, each as an import of its module. */
class PictureImports {
  private readonly paths: string[] = []
  private readonly project: string
  private readonly files: ReadonlySet<string>

  constructor(project: string, files: ReadonlySet<string>) {
    this.project = project
    this.files = files
  }

  /** A mark that stands for the picture's address until the module is written. */
  find(picture: string): string | undefined {
    if (!this.files.has(picture)) return undefined
    if (!this.paths.includes(picture)) this.paths.push(picture)
    return `%PICTURE${this.paths.indexOf(picture)}%`
  }

  moduleFor(deck: unknown): string {
    const imports = this.paths.map((path, index) => {
      const from = slashed(join(this.project, path))
      return `import picture${index} from ${JSON.stringify(`${from}?url`)}\n`
    })
    const data = JSON.stringify(deck).replace(/%PICTURE(\d+)%/g, '" + picture$1 + "')
    return `${imports.join('')}export default ${data}\n`
  }
}

/**
 * Everything in a folder, as `img/owl.svg`. Read from the folder itself: disks differ about
 * capitals.
 */
function filesIn(folder: string): Set<string> {
  if (!existsSync(folder)) return new Set()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Set(files.map((file) => `img/${slashed(file)}`))
}

function decksIn(folder: string): string {
  const decks = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.md')) : []
  return decks.length > 0 ? `There are: ${decks.join(', ')}.` : `Write one in ${folder}.`
}

function decksOf(
  graph: EnvironmentModuleGraph,
  isConcerned: (name: string) => boolean,
): EnvironmentModuleNode[] {
  return Array.from(graph.idToModuleMap)
    .filter(([id]) => {
      const name = deckNameIn(id)
      return name !== undefined && isConcerned(name)
    })
    .map(([, module]) => module)
}

/** The deck that a module is made of; undefined for the modules of others. */
function deckNameIn(id: string): string | undefined {
  const prefix = [deckPrefix, declaredPrefix].find((each) => id.startsWith(each))
  return prefix && id.slice(prefix.length)
}

const slashed = (path: string): string => path.replaceAll('\\', '/')
