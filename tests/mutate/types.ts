import { join } from 'node:path'
import { API } from 'typescript/unstable/sync'

/** The types of a folder, checked by one process that keeps what a change does not touch. */
export type Types = {
  /** Are they, with this text in the place of a file's? Paths are from the folder. @throws Error where they are wrong without it. */
  areRight(path: string, text: string): boolean
}

/** @param sources what files say instead of what is in the folder */
export function openTypes(folder: string, sources: ReadonlyMap<string, string>): Types {
  const texts = new Map([...sources].map(([path, source]) => [join(folder, path), source]))
  const configuration = join(folder, 'tests/tsconfig.json')
  const compiler = new API({ cwd: folder, fs: { readFile: (file) => texts.get(file) } })
  let isSound: boolean | null = null

  /** Of the program as it is now; the file that has changed most likely has the first mistake. */
  function hasMistakes(changed: string[]): boolean {
    const snapshot = compiler.updateSnapshot({
      openProjects: isSound === null ? [configuration] : [],
      fileChanges: { changed },
    })
    const { program } = snapshot.getProject(configuration)!
    const isWrong = [...changed, undefined].some(
      (file) => program.getSemanticDiagnostics(file).length > 0,
    )
    snapshot.dispose()
    return isWrong
  }

  return {
    areRight(path, text) {
      isSound ??= !hasMistakes([])
      if (!isSound) throw new Error('the types are wrong without any mutant')
      const file = join(folder, path)
      texts.set(file, text)
      const isRight = !hasMistakes([file])
      texts.set(file, sources.get(path)!)
      compiler.updateSnapshot({ fileChanges: { changed: [file] } }).dispose()
      return isRight
    },
  }
}
