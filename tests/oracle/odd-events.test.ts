import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseEvent, wireType } from '@deskpulse/contract'
import { oddEvents } from './support/odd-events.ts'

const startMs = Date.parse('2026-03-02T08:00:00Z')

test('odd events are odd in their order alone: ingest takes each of them', () => {
  fc.assert(
    fc.property(oddEvents(startMs), (events) => {
      for (const { type, timeMs, tenant, data, ...named } of events) {
        const time = new Date(timeMs).toISOString()
        const told = { specversion: '1.0', ...named, type: wireType(type), time, tenant, data }
        const wire = JSON.parse(JSON.stringify(told)) as unknown
        expect(parseEvent(wire, { tenant, nowMs: timeMs })).toMatchObject({ ok: true })
      }
    }),
    { numRuns: 100 },
  )
})
