import type { EpochMs } from '@deskpulse/core'
import type { Ledger } from './ledger.ts'
import { noChange } from './ledger.ts'
import type { Ownership } from './ownership.ts'

const bornKey = 'partition:born'
const grownKey = 'partition:grown'
const putOf = (key: string, value: unknown) => ({
  key,
  bytes: Buffer.from(JSON.stringify(value), 'utf8'),
})

/**
 * The life of a partition's state. An empty one is born now; that is written, so that a process that dies on the way changes nothing. `isYoung`: it has
 * not read the topic to its end yet. What was told before it was born, a state that was lost told.
 */
export type Life = { readonly bornMs: EpochMs; readonly isYoung: boolean }

export function lifeOf(ledger: Ledger): Promise<Life> {
  return ledger.change(async ({ nowMs, values }) => {
    const [born, grown] = await values([bornKey, grownKey])
    if (!born)
      return {
        change: { ...noChange, puts: [putOf(bornKey, nowMs)] },
        result: { bornMs: nowMs, isYoung: true },
      }
    const bornMs = JSON.parse(Buffer.from(born).toString('utf8')) as EpochMs
    return { change: noChange, result: { bornMs, isYoung: !grown } }
  })
}

/** The state has read the topic to its end. @throws LedgerLost */
export async function growUp({ ledger, life }: Ownership): Promise<void> {
  if (!life.isYoung) return
  await ledger.change(({ nowMs }) =>
    Promise.resolve({ change: { ...noChange, puts: [putOf(grownKey, nowMs)] }, result: undefined }),
  )
}
