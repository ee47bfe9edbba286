import assert from 'node:assert/strict'
import type { Change } from './state-store.ts'

/** What the adapters keep under a partition's prefix beside the records. */
const ownKeys: ReadonlySet<string> = new Set(['meta', 'wake', 'out', 'changes'])

/** Lists, hashes and records share one name space; the prefix tells them apart, so that no key can hold two of them. */
const isListKey = (key: string): boolean => key.startsWith('o:')
const isHashKey = (key: string): boolean => key.startsWith('open:') || key.startsWith('backlog:')
const isRecordKey = (key: string): boolean =>
  !isListKey(key) && !isHashKey(key) && !ownKeys.has(key)

const inHash = /^(?:m|closed|closing):/

/** A hash whose fields are records, each with a key of its own. */
export const isHashOfRecords = (key: string): boolean => inHash.test(key) && !key.includes('#')

/** Where a record stands that is one of a hash; `null`: it stands alone. */
export function placeInHash(key: string): { readonly hash: string; readonly field: string } | null {
  if (!inHash.test(key)) return null
  const end = key.indexOf('#')
  return end < 0 ? null : { hash: key.slice(0, end), field: key.slice(end + 1) }
}

/** A change that breaks these rules is a bug of the caller. Adapters check before they write, because a store cannot undo half a script. */
export function assertChange(change: Change): void {
  assert.ok(
    change.toOffset >= change.fromOffset,
    `change goes from offset ${change.fromOffset} back to ${change.toOffset}`,
  )
  assert.ok(change.step === undefined || change.step >= 0, `step ${change.step} is no count`)
  for (const { key, bytes } of change.puts) {
    assert.ok(isRecordKey(key), `"${key}" is no record's key`)
    assert.ok(bytes?.length !== 0 || placeInHash(key) === null, `"${key}" of a hash without bytes`)
  }
  for (const { key } of change.appends)
    assert.ok(
      isRecordKey(key) && placeInHash(key) === null,
      `nothing is appended to "${key}": no record's key, or of a hash`,
    )
  for (const { key } of change.expiries ?? [])
    assert.ok(isHashOfRecords(key), `"${key}" is no hash of records`)
  for (const { key, bytes } of change.fields ?? []) {
    assert.ok(
      isHashKey(key),
      `"${key}" is no hash's key: it does not start with "open:" or "backlog:"`,
    )
    assert.ok(bytes === null || bytes.length > 0, `a field of "${key}" without bytes`)
  }
  for (const { key } of change.lists ?? [])
    assert.ok(isListKey(key), `"${key}" is no list's key: it does not start with "o:"`)
}
