import { originalOf } from '@deskpulse/contract'
import type { NewRecord } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { deadLetterLimits, deadLetters } from './dead-letter.ts'

const refusal = { code: 'not-json', path: '', expected: 'JSON in UTF-8', got: '1 bytes that are not JSON' } as const

function bytesOf({ key, value, headers }: NewRecord): number {
  return (
    (key?.length ?? 0) +
    (value?.length ?? 0) +
    Object.entries(headers ?? {})
      .flat()
      .join('').length
  )
}

test('a flood of tiny letters is appended in pieces that a topic takes, with what their headers weigh', async () => {
  const appends: number[] = []
  const append = async (_topic: string, _partition: number, records: readonly NewRecord[]): Promise<void> => {
    appends.push(records.reduce((sum, record) => sum + bytesOf(record), 0))
  }
  const letters = deadLetters({ append }, 'dead-letter')
  const original = originalOf(Buffer.from('x'))
  await Promise.all(Array.from({ length: 50_000 }, () => letters.write({ original, refusal, tenant: 'acme', receivedAtMs: 0 })))
  expect(Math.max(...appends)).toBeLessThanOrEqual(deadLetterLimits.appendBytesMax)
})
