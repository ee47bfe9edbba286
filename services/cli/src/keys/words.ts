import type { KeyView } from '@deskpulse/contract'
import { printable } from '../output/printable.ts'
import { tableOf } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'

const heads = ['id', 'status', 'scopes', 'created', 'by', 'expires', 'last used', 'name']

/** A table, or with `isJson` an object a line. */
export function writeList(
  terminal: Terminal,
  keys: readonly KeyView[],
  { isJson, noun }: { readonly isJson: boolean; readonly noun: string },
): void {
  if (isJson) for (const key of keys) terminal.out(`${JSON.stringify(key)}\n`)
  else if (keys.length === 0) terminal.err(`there are no ${noun}\n`)
  else terminal.out(tableOf(heads, keys.map(cellsOf)))
}

function cellsOf(key: KeyView): readonly string[] {
  const { id, status, scopes, createdAt, createdBy, expiresAt, lastUsedAt, name } = key
  return [
    ...[id, status, scopes.join(','), createdAt, printable(createdBy)],
    ...[expiresAt ?? 'never', lastUsedAt ?? 'never', printable(name)],
  ]
}

/** The secret by itself, or with `isJson` all of it as an object, on the output; what it is, on the error output. */
export function writeCreated(
  terminal: Terminal,
  created: KeyView,
  {
    isJson,
    secret,
    noun,
  }: { readonly isJson: boolean; readonly secret: string; readonly noun: string },
): void {
  const { id, tenant, scopes, expiresAt } = created
  terminal.out(`${isJson ? JSON.stringify(created) : secret}\n`)
  terminal.err(
    `${noun} ${id} of ${tenant ?? 'the installation'}, ${scopes.join(', ')}, ${expiresAt === null ? 'never expires' : `expires ${expiresAt}`}: it is shown this once\n`,
  )
}
