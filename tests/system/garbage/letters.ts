import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { decodeEvent, type RefusalsResponse } from '@deskpulse/contract'
import type { EventLog, LogRecord, Offset, PartitionId } from '@deskpulse/stream'

const keptBytes = 256 * 1024

export function readLetters(log: EventLog, topic: string): Promise<readonly LogRecord[]> {
  return log.read(topic, 0 as PartitionId, 0 as Offset, 100_000)
}

/** The letter holds the original bytes; of an original that is too long its first 256 KB, its length and its SHA-256. */
export function expectOriginal(letter: LogRecord, original: Buffer, code: string): void {
  expect(letter.headers).toMatchObject({ code })
  expect(Buffer.from(letter.value!).equals(original.subarray(0, keptBytes))).toBe(true)
  if (original.length <= keptBytes) return
  const sha256 = createHash('sha256').update(original).digest('hex')
  expect(letter.headers).toMatchObject({ length: String(original.length), sha256 })
}

/** What the fold refused was an event already: the letter holds it in canonical form, and where it stands in the log. */
export function expectCanonical(letter: LogRecord, original: Buffer, code: string): void {
  const { id, source, tenant } = JSON.parse(original.toString()) as { id: string; source: string; tenant: string }
  expect(letter.headers).toMatchObject({ code, tenant, stage: 'fold', offset: expect.stringMatching(/^\d+$/) })
  expect(decodeEvent(letter.value!, tenant)).toMatchObject({ id, source })
}

/** The newest refusal that the tenant's list has is the one of the letter. */
export function expectListed({ total, rows }: RefusalsResponse, { headers, value }: LogRecord): void {
  const { code, reason, tenant = '', partition, offset, index } = headers
  const { id, source } = decodeEvent(value!, tenant)
  const place = { partition: Number(partition), offset: Number(offset), index: Number(index) }
  expect(rows[0]).toMatchObject({ code, reason, id, source, place, event: { id, source, tenant } })
  expect(total).toBe(rows.length)
}
