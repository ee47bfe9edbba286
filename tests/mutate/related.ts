import { posix } from 'node:path'
import { importsOf } from '../checks/imports.ts'

/** What each file imports directly, from the root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/** `packages` finds the file behind the name of a package of ours. */
export function importGraph(
  sources: ReadonlyMap<string, string>,
  packages: (name: string) => string | null,
): ImportGraph {
  return new Map(
    [...sources].map(([path, source]) => {
      const files = importsOf(source).flatMap(({ module }) => {
        const file = module.startsWith('.')
          ? posix.join(posix.dirname(path), module)
          : packages(module)
        return file === null || !sources.has(file) ? [] : [file]
      })
      return [path, [...new Set(files)]]
    }),
  )
}

/**
 * The test files that a change of `path` reaches, in stages: a stage is run only where those before it noticed nothing. Its own folder's tests, its
 * package's, all others; `isNear`: without those. In each the nearest by imports come first.
 */
export function testStages(
  path: string,
  graph: ImportGraph,
  isNear = false,
): readonly (readonly string[])[] {
  const reached = dependentsOf(path, graph).filter((file) => file.endsWith('.test.ts'))
  const own = posix.dirname(path)
  const [, packageFolder = own] = /^((?:packages|services)\/[^/]+)\//.exec(path) ?? []
  const stage = (file: string): number =>
    posix.dirname(file) === own ? 0 : file.startsWith(`${packageFolder}/`) ? 1 : 2
  return (isNear ? [0, 1] : [0, 1, 2])
    .map((number) => reached.filter((file) => stage(file) === number))
    .filter((files) => files.length > 0)
}

function dependentsOf(path: string, graph: ImportGraph): readonly string[] {
  const importers = new Map<string, string[]>()
  for (const [file, imports] of graph)
    for (const one of imports) importers.set(one, [...(importers.get(one) ?? []), file])
  const reached = new Set([path])
  for (const file of reached)
    for (const importer of importers.get(file) ?? []) reached.add(importer)
  return [...reached]
}
