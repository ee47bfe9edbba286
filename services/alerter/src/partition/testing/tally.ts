import type { AlertRecord } from '@deskpulse/contract'
import { noChange, type Ledger } from '../ledger.ts'
import type { Role } from '../role.ts'
import type { StateOrigin } from '../state-origin.ts'

/** A role that stores the ids of what it took, in order. */
export type Tally = Role & {
  readonly ledger: () => Ledger
  readonly origin: () => StateOrigin
  readonly log: string[]
  held(): string
}

const textOf = (bytes: Uint8Array | null | undefined): string =>
  bytes ? Buffer.from(bytes).toString() : ''

export function tally(key = 'desk:tally'): Tally {
  const log: string[] = []
  let owned: Ledger | null = null
  let held = ''
  let startedFrom: StateOrigin | null = null
  return {
    log,
    ledger: () => owned!,
    origin: () => startedFrom!,
    held: () => held,
    async start(ledger, origin) {
      owned = ledger
      startedFrom = origin
      held = await ledger.change(async (reads) => ({
        change: noChange,
        result: textOf((await reads.values([key]))[0]),
      }))
      log.push(`started with ${held}`)
    },
    begin() {
      log.push('began')
      return Promise.resolve()
    },
    async take(records, reads) {
      if (records.length === 0) return { change: noChange, taken: () => {} }
      const before = textOf((await reads.values([key]))[0])
      const after = before + records.map(idOf).join('')
      return {
        change: { ...noChange, puts: [{ key, bytes: Buffer.from(after) }] },
        taken() {
          held = after
          log.push(`took ${records.map(idOf).join('')}`)
        },
      }
    },
    async stop() {
      log.push('stopped')
    },
  }
}

const idOf = (record: AlertRecord): string =>
  record.kind === 'command'
    ? record.command.id
    : record.kind === 'delivered'
      ? record.messageId
      : '?'
