import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import type { Notice } from './records.ts'
import { summaryKeyOf, summaryOf } from './summary.ts'

const atMs = Date.parse('2026-03-02T01:00:00Z') as EpochMs

/** Found late, and still firing. */
const found = (subject: string, alertId = 'a'): Notice => ({
  ...{
    alertId,
    tenant: 'acme',
    rule: 'odd',
    subject,
    kind: 'deadline',
    severity: 'warning',
    slice: 'queue=billing',
  },
  ...{ kpi: null, value: null, limit: 0, unit: 'ms', labels: {}, status: 'firing', late: true },
  ...{ sinceMs: atMs, startedMs: atMs, endedMs: null, end: null, detectedMs: atMs },
  ...{
    repeat: 0,
    url: null,
    acknowledgedBy: null,
    timeZone: 'UTC',
    test: false,
    text: { en: 'odd', zh: 'odd' },
  },
})

test.each([
  { subject: 'contact/c-1', says: '2 customers' },
  { subject: 'agent/a-1', says: '2 agents' },
  { subject: 'source/s-1', says: '2 sources' },
])('$subject is summarised as $says', ({ subject, says }) => {
  expect(summaryOf([found(subject, 'a'), found(subject, 'b')])?.text.en).toContain(says)
})

test.each([
  'dimension/queue',
  'dimension/agent',
  'slice/all',
  'pipeline',
  'clock',
  'endpoint/floor',
  'records/7',
  'contacts/c-1',
])('%s is told by itself: it is no customer who waits', (subject) => {
  expect(summaryKeyOf(found(subject))).toBeNull()
  expect(summaryOf([found(subject, 'a'), found(subject, 'b')])).toBeNull()
})
