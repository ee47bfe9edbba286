import { type AlertRecord, decodeAlertRecord, EntryUnreadable } from '@deskpulse/contract'
import type { LogRecord, Offset } from '@deskpulse/stream'
import { joinedChanges } from './ledger.ts'
import type { Ownership, Roles } from './ownership.ts'
import type { PartitionTelemetry } from './telemetry.ts'

export type IntakeOptions = {
  /** Records in one commit, at most. */
  readonly intakeRecordsMax: number
  readonly telemetry: PartitionTelemetry
}

/** What goes into one commit at most; one record over it goes alone. */
const intakeBytesMax = 256 * 1024

/** The first records, as many as one commit takes: at least one. */
export function firstRecords(
  records: readonly LogRecord[],
  recordsMax: number,
): readonly LogRecord[] {
  let bytes = 0
  const end = records.findIndex(({ value }, index) => {
    bytes += value?.length ?? 0
    return index > 0 && (index >= recordsMax || bytes > intakeBytesMax)
  })
  return end < 0 ? records : records.slice(0, end)
}

/**
 * Takes the first of the records in by one commit, which moves the offset past them. @returns how many.
 * @throws PartitionLost, and what a role throws: then nothing was taken in.
 */
export async function takeIn(
  ownership: Ownership,
  records: readonly LogRecord[],
  options: IntakeOptions,
): Promise<number> {
  const { owner, ledger, roles } = ownership
  const { telemetry, intakeRecordsMax } = options
  const first = firstRecords(records, intakeRecordsMax)
  const mail = sorted(first, ownership, (offset, error) =>
    telemetry.unreadable(owner.partition, offset, error),
  )
  const taken = await ledger.intake(first.at(-1)!, async (reads) => {
    const book = await roles.book.take(mail.book, reads)
    const delivery = await roles.delivery.take(mail.delivery, reads)
    return {
      change: joinedChanges(book.change, delivery.change),
      result: [book.taken, delivery.taken],
    }
  })
  for (const follow of taken) follow()
  telemetry.taken(owner.partition, first.length)
  return first.length
}

type Mail = Readonly<Record<keyof Roles, readonly AlertRecord[]>>

/** What is for whom, each in the order of the topic. */
function sorted(
  records: readonly LogRecord[],
  ownership: Ownership,
  unreadable: (offset: Offset, error: unknown) => void,
): Mail {
  const mail: Record<keyof Roles, AlertRecord[]> = { book: [], delivery: [] }
  for (const { offset, value, appendedAtMs } of records) {
    try {
      const record = decodeAlertRecord(value ?? new Uint8Array())
      const role = roleOf(record)
      if (role === 'book' || record.kind !== 'command' || !wasApplied(appendedAtMs, ownership))
        mail[role].push(record)
    } catch (error) {
      if (!(error instanceof EntryUnreadable)) throw error
      unreadable(offset, error)
    }
  }
  return mail
}

/** What people asked of endpoints before the state was created, the one before it did. */
const wasApplied = (appendedAtMs: number, { origin, isCaughtUp }: Ownership): boolean =>
  !origin.wasCaughtUp && !isCaughtUp() && appendedAtMs < origin.createdMs

function roleOf(record: AlertRecord): keyof Roles {
  switch (record.kind) {
    case 'transition':
    case 'told':
    case 'issued':
    case 'appeal':
    case 'announced-told':
      return 'book'
    case 'notice':
    case 'delivered':
      return 'delivery'
    case 'command':
      return 'endpoint' in record.command ? 'delivery' : 'book'
  }
}
