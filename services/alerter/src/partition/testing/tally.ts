import type { AlertRecord } from '@deskpulse/contract'
import { noChange, type Ledger } from '../ledger.ts'
import type { Role } from '../role.ts'

/** A role that stores the ids of the commands that it took, in order. */
export type Tally = Role & { readonly ledger: () => Ledger; readonly log: string[]; held(): string }

const key = 'desk:tally'
const textOf = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString() : '')

export function tally(): Tally {
  const log: string[] = []
  let owned: Ledger | null = null
  let held = ''
  return {
    log,
    ledger: () => owned!,
    held: () => held,
    async start(ledger) {
      owned = ledger
      held = await ledger.change(async (reads) => ({ change: noChange, result: textOf((await reads.values([key]))[0]) }))
      log.push(`started with ${held}`)
    },
    async take(records, reads) {
      if (records.length === 0) return { change: noChange, taken: () => {} }
      const before = textOf((await reads.values([key]))[0])
      const after = before + records.map(idOf).join('')
      return { change: { ...noChange, puts: [{ key, bytes: Buffer.from(after) }] }, taken: () => void (held = after) }
    },
    async stop() {
      log.push('stopped')
    },
  }
}

const idOf = (record: AlertRecord): string => (record.kind === 'command' ? record.command.id : '?')
