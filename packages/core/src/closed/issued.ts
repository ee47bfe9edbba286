import { ByteReader, ByteWriter } from '../open/bytes.ts'
import { type ClosedKind, closedKinds } from '../time/periods.ts'
import type { EpochMs } from '../time/time.ts'

/** That a record of a closed period was issued. `slice`: its number. */
export type Issue = {
  readonly closedAtMs: EpochMs
  readonly kind: ClosedKind
  readonly startMs: EpochMs
  readonly slice: number
  readonly revision: number
}

/** A page of a tenant's issues holds so many; all are kept. */
export const issuesPerPage = 500

/** `total`: all that were ever issued. `filling`: those of the page that is not full. */
export type IssuedHead = { readonly total: number; readonly filling: readonly Issue[] }
export const nothingIssued: IssuedHead = { total: 0, filling: [] }

const writer = new ByteWriter()

export function encodeIssues(issues: readonly Issue[]): Uint8Array {
  writer.count(issues.length)
  for (const { closedAtMs, kind, startMs, slice, revision } of issues) {
    writer.time(closedAtMs)
    writer.byte(closedKinds.indexOf(kind))
    writer.time(startMs)
    writer.count(slice)
    writer.count(revision)
  }
  return writer.take()
}

/** @throws RangeError */
export const decodeIssues = (bytes: Uint8Array): readonly Issue[] =>
  readIssues(new ByteReader(bytes))

function readIssues(reader: ByteReader): readonly Issue[] {
  return Array.from({ length: reader.count() }, () => ({
    closedAtMs: reader.time(),
    kind: closedKinds[reader.byte()]!,
    startMs: reader.time(),
    slice: reader.count(),
    revision: reader.count(),
  }))
}

export function encodeIssuedHead({ total, filling }: IssuedHead): Uint8Array {
  const issues = encodeIssues(filling)
  writer.count(total)
  writer.bytes(issues)
  return writer.take()
}

/** @throws RangeError */
export function decodeIssuedHead(bytes: Uint8Array | null): IssuedHead {
  if (bytes === null) return nothingIssued
  const reader = new ByteReader(bytes)
  return { total: reader.count(), filling: decodeIssues(reader.bytes()) }
}
