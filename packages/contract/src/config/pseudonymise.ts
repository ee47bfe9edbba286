import * as z from 'zod'
import { type Fault, repeatedAt } from './fault.ts'
import type { IsSure, Readable } from './readable.ts'
import { secretText } from './secret.ts'

const key = secretText(z.string().min(16, { error: 'a secret of at least 16 characters' }))

const instant = z.iso
  .datetime({ error: 'an instant in UTC, such as 2026-03-01T00:00:00Z' })
  .transform((text) => Date.parse(text))

/** Keys of the HMAC that hides customer ids; the same on every ingest of the tenant. */
export const pseudonymiseSchema = z.strictObject({
  key,
  /** What was the key until an instant, ascending. An entry whose `key` was removed keeps its `until`. */
  previous: z
    .array(z.strictObject({ key: key.optional(), until: instant }))
    .max(100)
    .optional(),
})

type Pseudonymise = z.output<typeof pseudonymiseSchema>

/** The keys that hide a tenant's customers. */
export type PseudonymKeys = {
  readonly key: string
  /** Ascending: an event before `untilMs` is hidden under that key. `null`: it was removed, and hides nobody any more. */
  readonly previous: readonly { readonly key: string | null; readonly untilMs: number }[]
}

export const pseudonymKeysOf = ({ key, previous = [] }: Pseudonymise): PseudonymKeys => ({
  key,
  previous: previous.map((one) => ({ key: one.key ?? null, untilMs: one.until })),
})

/** Each of them costs every begin and end of a contract an entry of the log. */
const keptMax = 5

/**
 * What is wrong between the keys: that they do not follow one another, that one would hide two stretches of time, or that too many are still there. The same key on both
 * sides of an instant says that it does not change there, after all. `isSure`: below `pseudonymise`.
 */
export function pseudonymiseFaults(input: Readable<Pseudonymise>, isSure: IsSure): Fault[] {
  const { key, previous = [] } = input
  const keys = [key, ...previous.map((one) => one?.key)]
  const backward = previous.flatMap((one, at) => {
    const before = previous[at - 1]?.until
    const isKnown = before !== undefined && one?.until !== undefined
    return isKnown && one.until <= before ? [at] : []
  })
  return [
    ...backward.map((at) => ({
      path: ['previous', at, 'until'],
      expected: 'later than the one before it',
    })),
    ...repeatedAt(withoutStaying(keys)).map((at) => ({
      path: ['previous', at - 1, 'key'],
      expected: 'a key that no other is',
    })),
    ...previous.flatMap((one, at) =>
      one?.key !== undefined &&
      previous.slice(0, at).filter((before) => before?.key !== undefined).length >= keptMax
        ? [{ path: ['previous', at, 'key'], expected: `at most ${keptMax} that were not removed` }]
        : [],
    ),
  ].filter(({ path }) => isSure(...path))
}

/** `keys`: the present one, then the previous ones. What stays the same at an instant stands once, at the later place; `null` elsewhere. */
function withoutStaying(keys: readonly (string | undefined)[]): (string | null)[] {
  const inTime = [...keys.slice(1), keys[0]]
  const once = inTime.map((key, at) => (key === undefined || key === inTime[at + 1] ? null : key))
  return [once.at(-1) ?? null, ...once.slice(0, -1)]
}
