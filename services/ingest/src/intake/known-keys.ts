import { createHmac } from 'node:crypto'
import type { KnownKeys } from '@deskpulse/contract'
import { futureMaxMs } from '@deskpulse/core/config'
import { type CustomerKeys, type Key, keyAt } from './pseudonym.ts'

/** Why keys do not go on from those that are known. `missing`: nothing is said of what held until then; `other`: another key is; `late`: the key changes at an instant of which events may be there; `in-force`: it is not over yet, and was removed. */
export type KeyFault = {
  readonly kind: 'missing' | 'other' | 'late' | 'in-force'
  /** Of the previous key; `null`: it is about the present one. */
  readonly untilMs: number | null
}

/** `known`: what is to be remembered from now on. */
export type Continued =
  | { readonly ok: true; readonly known: KnownKeys }
  | { readonly ok: false; readonly fault: KeyFault }

const fingerprintOf = (key: Key): string =>
  createHmac('sha256', key)
    .update('deskpulse/customers-key')
    .digest()
    .subarray(0, 16)
    .toString('hex')

/** What was removed is still known by the fingerprint that it had. */
function fingerprintsOf({ key, previous }: CustomerKeys, known: KnownKeys | null): KnownKeys {
  const before = new Map(known?.previous.map((one) => [one.untilMs, one.key]))
  return {
    key: fingerprintOf(key),
    previous: previous.map((one) => ({
      untilMs: one.untilMs,
      key: one.key === null ? (before.get(one.untilMs) ?? null) : fingerprintOf(one.key),
    })),
  }
}

/**
 * Whether keys go on from those that are known (`null`: none are). The key of a time of which events may be there stays what it was: up to now, and as far ahead as
 * events are taken. It may be removed once its time is over. An instant that is known stays, also one that is still to come: a process that was started with what was
 * said before would hide under another key than the others. A change is taken back by the same key on both sides of it. That the present one is lost is said by an entry without a key, of which nothing was known.
 */
export function continued(known: KnownKeys | null, keys: CustomerKeys, nowMs: number): Continued {
  const removed = keys.previous.find(({ key, untilMs }) => key === null && untilMs > nowMs)
  if (removed !== undefined)
    return { ok: false, fault: { kind: 'in-force', untilMs: removed.untilMs } }
  const said = fingerprintsOf(keys, known)
  if (known === null) return { ok: true, known: said }
  const takenMs = nowMs + futureMaxMs
  for (const { untilMs, key } of known.previous) {
    const same = said.previous.find((one) => one.untilMs === untilMs)
    if (same === undefined) return { ok: false, fault: { kind: 'missing', untilMs } }
    if (key !== null && untilMs <= takenMs && same.key !== key)
      return { ok: false, fault: { kind: 'other', untilMs } }
  }
  const was = keyAt(known, takenMs)
  const is = keyAt(said, takenMs)
  const ended = said.previous.filter(({ untilMs }) => untilMs <= takenMs)
  const added = ended.find((one) => !known.previous.some(({ untilMs }) => untilMs === one.untilMs))
  if (added === undefined) {
    const next = said.previous.find(({ untilMs }) => untilMs > takenMs)
    return is !== null && is === was
      ? { ok: true, known: said }
      : { ok: false, fault: { kind: 'other', untilMs: next?.untilMs ?? null } }
  }
  const isGivenUp = added === ended.at(-1) && added.key === null && is !== null && is !== was
  if (isGivenUp) return { ok: true, known: withKey(said, added.untilMs, was) }
  return is === was || added.key === was
    ? { ok: false, fault: { kind: 'late', untilMs: added.untilMs } }
    : { ok: false, fault: { kind: 'other', untilMs: null } }
}

/** Should the lost key be found, it must be that one. */
const withKey = (known: KnownKeys, untilMs: number, key: string | null): KnownKeys => ({
  ...known,
  previous: known.previous.map((one) => (one.untilMs === untilMs ? { ...one, key } : one)),
})
