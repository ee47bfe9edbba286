import type { ClosedRecord } from '@deskpulse/core/closed'
import { measures } from '@deskpulse/core/kpis'
import { addSpan, emptyRecord, encodeRecord } from '@deskpulse/core/measures'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { closedMessageSchema, type ClosedPlace, encodeClosedMessage } from './index.ts'

const at = (text: string): EpochMs => Date.parse(text) as EpochMs

function spent(ms: number): Uint8Array {
  const record = emptyRecord()
  addSpan(record, measures.agentHandling, ms)
  return encodeRecord(record).slice()
}

const record: ClosedRecord = {
  ...{ revision: 2, cause: 'late', closedAtMs: at('2026-03-02T00:04:00Z'), offset: 81 },
  ...{ foldVersion: 10, configurations: ['a', 'b'] },
  measures: [spent(Number.MAX_SAFE_INTEGER), spent(2)],
}
const place: ClosedPlace = {
  ...{ tenant: 'acme', kind: 'day', label: '2026-03-01', timeZone: 'UTC' },
  ...{ startMs: at('2026-03-01T00:00:00Z'), endMs: at('2026-03-02T00:00:00Z') },
  slice: 'queue=a%2Fb',
}

test('an issue has a key of its own, and its value is JSON with every digit', () => {
  const { key, bytes } = encodeClosedMessage(record, place)
  expect(key).toBe('acme/day/2026-03-01T00:00:00.000Z/queue=a%2Fb/2')
  const text = Buffer.from(bytes).toString()
  expect(text).toContain('"measures":{"agentHandling":9007199254740993}')
  const small = encodeClosedMessage({ ...record, measures: [spent(7)] }, place)
  const message: unknown = JSON.parse(Buffer.from(small.bytes).toString())
  expect(closedMessageSchema.parse(message)).toEqual(message)
  expect(message).toMatchObject({
    ...{ revision: 2, cause: 'late', closedAt: '2026-03-02T00:04:00.000Z', offset: 81 },
    ...{ definition: 10, configurations: ['a', 'b'], measures: { agentHandling: 7 } },
  })
})
