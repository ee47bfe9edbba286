import { fromRoot } from './files.ts'
import type { Import } from './imports.ts'

/** Workspaces by folder (`packages/core`), services and `standalone` included: the others that each may import, or one door of them (`core/time`). */
export type ImportTable = ReadonlyMap<string, ReadonlySet<string>>

const scope = '@deskpulse/'

/** Reads the table under "Who may import whom" in docs/architecture.md. @throws Error when a workspace has no row. */
export function readTable(markdown: string, workspaces: readonly string[]): ImportTable {
  const section =
    markdown.split(/^## /m).find((part) => part.startsWith('Who may import whom')) ?? ''
  const rows = new Map<string, string>()
  for (const [, names = '', may = ''] of section.matchAll(/^\|(.+?)\|(.+?)\|$/gm)) {
    for (const [, name = ''] of names.matchAll(/`([^`]+)`/g)) rows.set(name, may.trim())
  }
  const packages = workspaces.filter((folder) => folder.startsWith('packages/')).map(nameOf)
  return new Map(
    workspaces.map((folder) => {
      const may =
        rows.get(nameOf(folder)) ??
        (folder.startsWith('services/') ? rows.get('services/*') : undefined)
      if (may === undefined) throw new Error(`docs/architecture.md: no row for ${folder}`)
      const named = [...may.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
      const all = may.startsWith('everything')
        ? workspaces.map(nameOf)
        : may.startsWith('any package')
          ? packages
          : named
      return [folder, new Set(all)]
    }),
  )
}

const nameOf = (folder: string): string => folder.split('/')[1] ?? folder

const isTest = (path: string): boolean =>
  /\.(?:test|test-support)\.ts$|\/(contract-suites|testing)\//.test(path)

/** What is wrong with an import, in words; `null` when it is allowed. */
export function violation(table: ImportTable, path: string, { module }: Import): string | null {
  const folder = path.split('/').slice(0, 2).join('/')
  const allowed = table.get(folder)
  if (allowed === undefined) return `${path}: ${folder} is not a workspace`
  if (module.startsWith('.')) {
    const target = fromRoot(path, module)
    if (target.startsWith(`${folder}/`) || (isTest(path) && target.startsWith('tests/support')))
      return null
    return `${path} reaches out of its workspace: ${module}`
  }
  if (!module.startsWith(scope))
    return nameOf(folder) === 'core' && !isTest(path)
      ? `${path}: core imports nothing, not ${module}`
      : null
  const door = module.slice(scope.length)
  const [name = ''] = door.split('/')
  if (name === nameOf(folder)) return `${path} imports its own workspace by name`
  if (allowed.has(name) || allowed.has(door)) return null
  return `${path}: ${nameOf(folder)} may not import ${door}`
}
