import { ByteReader, ByteWriter } from '../open/bytes.ts'
import type { EpochMs } from '../time/time.ts'

/**
 * Why a record of a closed period was issued. `closed`: the period was over. `late`: what was counted in it changed after that. `matured`: time alone has
 * settled what had not been settled yet, `fcrWindow` or a week after its end.
 */
export const closedCauses = ['closed', 'late', 'matured'] as const
export type ClosedCause = (typeof closedCauses)[number]

/** What one slice held in a period when that was closed, or issued again: as it will be read for good. */
export type ClosedRecord = {
  /** From 1; a slice that held nothing when its period was closed begins with 2. */
  readonly revision: number
  readonly cause: ClosedCause
  /** Log time: a whole minute. */
  readonly closedAtMs: EpochMs
  /** Records of the log before this one are in it. */
  readonly offset: number
  /** Of the folds. */
  readonly foldVersion: number
  /** Ids of the configurations that were in force in the period, oldest first. */
  readonly configurations: readonly string[]
  /** Records of measures that come to what it held together; none: nothing. */
  readonly measures: readonly Uint8Array[]
}

const version = 1
const writer = new ByteWriter()

export function encodeClosed(record: ClosedRecord): Uint8Array {
  writer.byte(version)
  writer.count(record.revision)
  writer.byte(closedCauses.indexOf(record.cause))
  writer.time(record.closedAtMs)
  writer.count(record.offset)
  writer.count(record.foldVersion)
  writer.count(record.configurations.length)
  for (const id of record.configurations) writer.text(id)
  writer.count(record.measures.length)
  for (const bytes of record.measures) writer.bytes(bytes)
  return writer.take()
}

/** @throws RangeError when the bytes are no closed record of this version: a store that lies is a bug. */
export function decodeClosed(bytes: Uint8Array): ClosedRecord {
  const reader = new ByteReader(bytes)
  const found = reader.byte()
  if (found !== version) throw new RangeError(`closed record of version ${found}, not ${version}`)
  const revision = reader.count()
  const cause = closedCauses[reader.byte()]
  if (cause === undefined) throw new RangeError('closed record of an unknown cause')
  return {
    ...{ revision, cause, closedAtMs: reader.time(), offset: reader.count() },
    foldVersion: reader.count(),
    configurations: Array.from({ length: reader.count() }, () => reader.text()),
    measures: Array.from({ length: reader.count() }, () => reader.bytes()),
  }
}
