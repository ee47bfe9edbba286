import assert from 'node:assert/strict'
import type { Change } from './state-store.ts'

/** What the adapters keep under a partition's prefix beside the records. */
const ownKeys: ReadonlySet<string> = new Set(['meta', 'wake', 'out', 'changes'])

/** Open intervals and records share one name space; the prefix tells them apart, so that no key can hold both. */
export const isOpenKey = (key: string): boolean => key.startsWith('o:')

const isRecordKey = (key: string): boolean => !isOpenKey(key) && !ownKeys.has(key)

/** A change that breaks these rules is a bug of the caller. Adapters check before they write, because a store cannot undo half a script. */
export function assertChange(change: Change): void {
  assert.ok(change.toOffset >= change.fromOffset, `change goes from offset ${change.fromOffset} back to ${change.toOffset}`)
  assert.ok(change.step === undefined || change.step >= 0, `step ${change.step} is no count`)
  for (const { key } of change.puts) assert.ok(isRecordKey(key), `"${key}" is no record's key`)
  for (const { key } of change.appends) assert.ok(isRecordKey(key), `"${key}" is no record's key`)
  for (const { key } of change.open) assert.ok(isOpenKey(key), `"${key}" is no open interval's key: it does not start with "o:"`)
}

/** The keys that a commit names in the change feed, each once: puts that do not start with `s:`, and open intervals. Appends are private. */
export function changedKeys(change: Change): string[] {
  const keys = new Set<string>()
  for (const { key } of change.puts) if (!key.startsWith('s:')) keys.add(key)
  for (const { key } of change.open) keys.add(key)
  return [...keys]
}
