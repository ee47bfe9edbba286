import type { EpochMs } from '@deskpulse/core/time'
import type { Ledger } from './ledger.ts'
import { noChange } from './ledger.ts'

/** Named so since the first version: a store that is there keeps its records. */
const createdKey = 'partition:born'
const caughtUpKey = 'partition:grown'
const putOf = (key: string, value: unknown) => ({
  key,
  bytes: Buffer.from(JSON.stringify(value), 'utf8'),
})

/**
 * Where a partition's state comes from. One that is empty is created now; that is written, so that a process that dies on the way changes nothing.
 * `wasCaughtUp`: it has once taken in all that the topic held. What was told before it was created, a state that was lost told.
 */
export type StateOrigin = { readonly createdMs: EpochMs; readonly wasCaughtUp: boolean }

/** @throws PartitionLost */
export function stateOrigin(ledger: Ledger): Promise<StateOrigin> {
  return ledger.change(async ({ nowMs, values }) => {
    const [created, caughtUp] = await values([createdKey, caughtUpKey])
    if (!created)
      return {
        change: { ...noChange, puts: [putOf(createdKey, nowMs)] },
        result: { createdMs: nowMs, wasCaughtUp: false },
      }
    const createdMs = JSON.parse(Buffer.from(created).toString('utf8')) as EpochMs
    return { change: noChange, result: { createdMs, wasCaughtUp: Boolean(caughtUp) } }
  })
}

/** The state has taken in all that the topic held. @throws PartitionLost */
export async function noteCaughtUp(ledger: Ledger, { wasCaughtUp }: StateOrigin): Promise<void> {
  if (wasCaughtUp) return
  await ledger.change(({ nowMs }) =>
    Promise.resolve({
      change: { ...noChange, puts: [putOf(caughtUpKey, nowMs)] },
      result: undefined,
    }),
  )
}
