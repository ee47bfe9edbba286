import { join } from 'node:path'
import { API } from 'typescript/unstable/sync'

/** The types of a folder, checked by one process that keeps what a change does not touch. */
export type Types = {
  /** Are they, with this text in the place of a file's? Paths are from the folder. */
  areRight(path: string, text: string): boolean
}

/** @param sources what files say instead of what is in the folder */
export function openTypes(folder: string, sources: ReadonlyMap<string, string>): Types {
  const texts = new Map([...sources].map(([path, source]) => [join(folder, path), source]))
  const configuration = join(folder, 'tests/tsconfig.json')
  const compiler = new API({ cwd: folder, fs: { readFile: (file) => texts.get(file) } })
  compiler.updateSnapshot({ openProjects: [configuration] }).dispose()

  return {
    areRight(path, text) {
      const file = join(folder, path)
      texts.set(file, text)
      const snapshot = compiler.updateSnapshot({ fileChanges: { changed: [file] } })
      const { program } = snapshot.getProject(configuration)!
      const isRight = program.getSemanticDiagnostics(file).length === 0 && program.getSemanticDiagnostics().length === 0
      snapshot.dispose()
      texts.set(file, sources.get(path)!)
      compiler.updateSnapshot({ fileChanges: { changed: [file] } }).dispose()
      return isRight
    },
  }
}
