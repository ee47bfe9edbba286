import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { DeskpulseError } from '../errors.ts'
import { isDamaged, type Row } from './event-log-checksum.ts'
import { storeError } from './state-store-errors.ts'

/** What was found in a file; nothing in it is changed. */
export type FileCheck = {
  /** What is wrong, a sentence each, the first ones of many; none: the file is whole. */
  readonly faults: readonly string[]
  /** Of a log: its records, by topic and partition. */
  readonly partitions: readonly PartitionCheck[]
}

export type PartitionCheck = {
  readonly topic: string
  readonly partition: number
  readonly records: number
  /** Written by a version that kept no checksums. */
  readonly unverified: number
}

const faultsMax = 20

/** Whether SQLite can make sense of every page. @throws DeskpulseError STORE_UNAVAILABLE when the file is missing, or another process has it. */
export function checkStoreFile(file: string): FileCheck {
  return checked(file, () => [])
}

/** The same, and every record against its checksum, and that no offset is left out. @throws DeskpulseError STORE_UNAVAILABLE, as for a store. */
export function checkLogFile(file: string): FileCheck {
  return checked(file, (database, faults) => {
    const slots = database
      .prepare('SELECT id, topic, part, next_offset FROM slots ORDER BY topic, part')
      .all() as unknown as SlotRow[]
    return slots.map((slot) => checkSlot(database, slot, faults))
  })
}

type SlotRow = {
  readonly id: number
  readonly topic: string
  readonly part: number
  readonly next_offset: number
}

function checkSlot(
  database: DatabaseSync,
  { id, topic, part, next_offset: end }: SlotRow,
  faults: string[],
): PartitionCheck {
  const name = `${topic}/${part}`
  let [records, unverified] = [0, 0]
  let next: number | null = null
  try {
    const rows = database
      .prepare(`SELECT * FROM records_${id} ORDER BY "offset"`)
      .iterate() as Iterable<Row & { checksum?: number | null }>
    for (const row of rows) {
      const checksum = row.checksum ?? null
      records += 1
      if (checksum === null) unverified += 1
      if (next !== null && row.offset !== next)
        faults.push(`${name}: offsets ${next} to ${row.offset - 1} are missing`)
      if (isDamaged({ ...row, checksum }))
        faults.push(`${name}: the record at offset ${row.offset} is not what was written`)
      next = row.offset + 1
    }
    if (next !== null && next !== end)
      faults.push(`${name}: ends at offset ${next}, and ${end} was to be appended next`)
  } catch (error) {
    faults.push(
      `${name}: cannot be read past its first ${records} records: ${(error as Error).message}`,
    )
  }
  return { topic, partition: part, records, unverified }
}

function checked(
  file: string,
  check: (database: DatabaseSync, faults: string[]) => readonly PartitionCheck[],
): FileCheck {
  if (!existsSync(file))
    throw new DeskpulseError('STORE_UNAVAILABLE', `${file}: there is no such file`)
  const faults: string[] = []
  let partitions: readonly PartitionCheck[] = []
  const database = new DatabaseSync(file, { timeout: 1_000 })

  /** One look that meets damage does not spare the file the others. */
  function look(at: () => void): void {
    try {
      at()
    } catch (error) {
      const known = storeError(
        error,
        `${file} (only a product that is stopped can be checked)`,
        file,
      )
      if (!(known instanceof DeskpulseError) || known.code !== 'STORE_DAMAGED') throw known
      faults.push((error as Error).message)
    }
  }

  try {
    look(() => {
      database.exec('PRAGMA query_only = ON')
      const rows = database.prepare(`PRAGMA integrity_check(${faultsMax})`).all() as {
        integrity_check: string
      }[]
      faults.push(
        ...rows
          .map((row) => row.integrity_check.replaceAll('\n', ' '))
          .filter((text) => text !== 'ok'),
      )
    })
    look(() => void (partitions = check(database, faults)))
  } finally {
    database.close()
  }
  return { faults: [...new Set(faults)].slice(0, faultsMax), partitions }
}
