import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import {
  type DeadLetter,
  decodeDeadLetters,
  decodeEvent,
  type RefusalsResponse,
} from '@deskpulse/contract'
import type { LogRecord, Offset } from '@deskpulse/stream'

const keptBytes = 256 * 1024

/** A topic of dead letters, page by page. */
export type LetterPages = { read(from: Offset, limit: number): Promise<readonly LogRecord[]> }

/** One by one, whatever groups they are in. */
export async function readLetters(topic: LetterPages): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = []
  for (let next = 0; ;) {
    const page = await topic.read(next as Offset, 1_000)
    if (page.length === 0) return letters
    for (const record of page) {
      const content = decodeDeadLetters(record)
      if (content.kind === 'letters') letters.push(...content.letters)
    }
    next = Number(page.at(-1)!.offset) + 1
  }
}

/** The letter holds the original bytes; of an original that is too long its first 256 KB, its length and its SHA-256. */
export function expectOriginal(
  { original, ...letter }: DeadLetter,
  bytes: Buffer,
  code: string,
): void {
  expect(letter).toMatchObject({ code, times: 1, place: null })
  expect(Buffer.from(original.bytes).equals(bytes.subarray(0, keptBytes))).toBe(true)
  if (bytes.length <= keptBytes) return
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(original).toMatchObject({ length: bytes.length, sha256 })
}

/** What the fold refused was an event already: the letter holds it in canonical form, and where it stands in the log. */
export function expectCanonical(
  { original, ...letter }: DeadLetter,
  bytes: Buffer,
  code: string,
): void {
  const { id, source, tenant } = JSON.parse(bytes.toString()) as {
    id: string
    source: string
    tenant: string
  }
  expect(letter).toMatchObject({ code, tenant, source, place: { offset: expect.any(Number) } })
  expect(decodeEvent(original.bytes, tenant)).toMatchObject({ id, source })
}

/** The newest refusal that the tenant's list has is the one of the letter. */
export function expectListed(
  { total, rows }: RefusalsResponse,
  { code, reason, tenant, place, original }: DeadLetter,
): void {
  const { id, source } = decodeEvent(original.bytes, tenant ?? '')
  expect(rows[0]).toMatchObject({ code, reason, id, source, place, event: { id, source, tenant } })
  expect(total).toBe(rows.length)
}
