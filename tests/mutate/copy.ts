import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../checks/files.ts'

/** A copy of the repository in which mutants can be tried while the repository itself is worked on. Its packages are its own, others' are shared. */
export type Copy = { readonly folder: string; remove(): void }

/** What is no part of it, or is shared. */
const left: ReadonlySet<string> = new Set(['.git', '.cache', '.deskpulse', 'node_modules'])

export function copyOfRepository(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-mutate-'))
  const own = (path: string): boolean => !path.endsWith('node_modules')
  for (const part of readdirSync(root))
    if (!left.has(part))
      cpSync(join(root, part), join(folder, part), { recursive: true, filter: own })
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@deskpulse') symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  cpSync(join(root, 'node_modules', '@deskpulse'), join(modules, '@deskpulse'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
