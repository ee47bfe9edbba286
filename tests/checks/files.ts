import { globSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

const exclude = ['**/node_modules/**', '**/.*/**']

/** Paths relative to the root, sorted. */
export function filesOf(...patterns: readonly string[]): readonly string[] {
  return globSync([...patterns], { cwd: root, exclude }).toSorted()
}

export const readText = (path: string): string => readFileSync(resolve(root, path), 'utf8')

/** `path` as seen from the root, given as seen from the file `from`. */
export const fromRoot = (from: string, path: string): string =>
  relative(root, resolve(root, from, '..', path))
