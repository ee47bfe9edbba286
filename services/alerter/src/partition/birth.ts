import { type EpochMs, lateAfterMs } from '@deskpulse/core'
import type { LogRecord } from '@deskpulse/stream'
import { type Ledger, noChange } from './ledger.ts'
import type { Ownership } from './ownership.ts'

const bornKey = 'partition:born'
const putOf = (bornMs: EpochMs | null) => ({ key: bornKey, bytes: Buffer.from(JSON.stringify(bornMs), 'utf8') })

/**
 * When this partition's state began, if it has not read the topic to its end since; `null`: it has. An empty one begins now. That is written, so that a
 * process that dies on the way changes nothing.
 */
export function birthOf(ledger: Ledger): Promise<EpochMs | null> {
  return ledger.change(async ({ nowMs, values }) => {
    const [known] = await values([bornKey])
    if (known) return { change: noChange, result: JSON.parse(Buffer.from(known).toString('utf8')) as EpochMs | null }
    return { change: { ...noChange, puts: [putOf(nowMs)] }, result: nowMs }
  })
}

/** The state has read the topic to its end. @throws LedgerLost */
export async function growUp(ownership: Ownership): Promise<void> {
  if (ownership.bornMs === null) return
  await ownership.ledger.change(() => Promise.resolve({ change: { ...noChange, puts: [putOf(null)] }, result: undefined }))
  ownership.bornMs = null
}

/**
 * Whether what is told to endpoints, or asked of them, is from before the state: the store was lost, and nobody knows what was delivered of it. What
 * still fires is told anew by the desk, under the same ids; what is over pages nobody again.
 */
export const isBeforeBirth = ({ appendedAtMs }: Pick<LogRecord, 'appendedAtMs'>, bornMs: EpochMs | null): boolean =>
  bornMs !== null && appendedAtMs < bornMs - lateAfterMs
