import { decodeAlertRecord } from '@deskpulse/contract'
import type { DeadlineChange } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import type { OutboxEntry, PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { sourceRule } from '../testing/alert-log.ts'
import { Announcer } from './announcer.ts'

const at = (second: number): EpochMs => (second * 1_000) as EpochMs
const about = { tenant: 'acme', subject: 'source//crm', slice: 'all' }
const active = { number: 3, sinceMs: at(10), startedMs: at(40), late: false }
const firing: DeadlineChange = {
  rule: 'silent',
  active,
  status: 'firing',
  endedMs: null,
  end: null,
}
const over: DeadlineChange = { ...firing, status: 'resolved', endedMs: at(70), end: 'over' }

function announced(
  rule: ReturnType<typeof sourceRule> | null,
  ...changes: readonly DeadlineChange[]
) {
  const out: OutboxEntry[] = []
  const announcer = new Announcer(5 as PartitionId, 'alerts', (entry) => out.push(entry))
  const moment = { offset: 77, nowMs: at(80), clock: { atMs: at(80), skipped: null } }
  for (const change of changes) announcer.announce(about, rule, change, moment)
  const transitions = out.map(({ bytes }) => {
    const record = decodeAlertRecord(bytes)
    return record.kind === 'transition' ? record.transition : null
  })
  return { out, transitions, counts: announcer.counts }
}

test('an alert says how long it had gone on at its beginning, and at its end', () => {
  const rule = sourceRule('silent', {
    severity: 'critical',
    limitMs: 20_000,
    labels: { team: 'it' },
  })
  const { transitions, counts } = announced(rule, firing, over)
  const both = {
    ...about,
    rule: 'silent',
    number: 3,
    severity: 'critical',
    limit: 20_000,
    labels: { team: 'it' },
    detectedMs: at(80),
  }
  expect(transitions).toMatchObject([
    { ...both, status: 'firing', value: 30_000, endedMs: null, end: null },
    { ...both, status: 'resolved', value: 60_000, endedMs: at(70), end: 'over' },
  ])
  expect(counts).toEqual({ firing: 1, resolved: 1 })
})

test('of a rule that nobody knows any more it is a warning, whose limit was what had passed when it began', () => {
  expect(announced(null, over).transitions).toMatchObject([
    { severity: 'warning', limit: 30_000, labels: {}, value: 60_000 },
  ])
})

test('a transition has the same id whenever it is decided again, and another than any other', () => {
  const ids = (...changes: readonly DeadlineChange[]) =>
    announced(null, ...changes).out.map(({ id }) => id)
  expect(ids(firing)).toEqual(ids(firing))
  expect(ids(firing)[0]).toMatch(/^5-77-[0-9a-f]{32}-firing$/)
  const others = [
    firing,
    over,
    { ...firing, rule: 'other' },
    { ...firing, active: { ...active, number: 4 } },
  ]
  expect(new Set(ids(...others)).size).toBe(others.length)
  expect(announced(null, firing).out[0]).toMatchObject({ topic: 'alerts', key: 'acme' })
})
