import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { type AlertFilter, isFiltering, passes } from './alert-filter.ts'

const at = (ms: number): EpochMs => ms as EpochMs
const all: AlertFilter = { fromMs: null, toMs: null }
const alert = {
  rule: 'slow',
  slice: 'queue=billing,channel=chat',
  startedMs: at(10),
  endedMs: at(20),
}
const firing = { ...alert, endedMs: null }
const retracted = { ...alert, endedMs: alert.startedMs }

test.each<{
  rule: string
  filter: Partial<AlertFilter>
  alert: typeof alert | typeof firing
  is: boolean
}>([
  { rule: 'without a filter every alert passes', filter: {}, alert, is: true },
  { rule: 'by its rule', filter: { rule: 'slow' }, alert, is: true },
  { rule: 'not by another', filter: { rule: 'fast' }, alert, is: false },
  {
    rule: 'by its queue, alone or beside another dimension',
    filter: { queue: 'billing' },
    alert,
    is: true,
  },
  { rule: 'not by another queue', filter: { queue: 'sales' }, alert, is: false },
  {
    rule: 'one in no queue is none',
    filter: { queue: 'none' },
    alert: { ...alert, slice: 'queue=none' },
    is: true,
  },
  {
    rule: 'one of all queues is in none of them',
    filter: { queue: 'billing' },
    alert: { ...alert, slice: 'all' },
    is: false,
  },
  {
    rule: 'nor is one whose slice cannot be read',
    filter: { queue: 'billing' },
    alert: { ...alert, slice: 'team=billing' },
    is: false,
  },
  { rule: 'one that began before the end', filter: { toMs: at(11) }, alert, is: true },
  { rule: 'not one that began at the end', filter: { toMs: at(10) }, alert, is: false },
  { rule: 'one that ended after the beginning', filter: { fromMs: at(19) }, alert, is: true },
  { rule: 'not one that ended at the beginning', filter: { fromMs: at(20) }, alert, is: false },
  { rule: 'one that fires still', filter: { fromMs: at(99) }, alert: firing, is: true },
  {
    rule: 'one that was taken back, at the instant of its beginning',
    filter: { fromMs: at(10) },
    alert: retracted,
    is: true,
  },
  { rule: 'and not after it', filter: { fromMs: at(11) }, alert: retracted, is: false },
])('$rule', ({ filter, alert: one, is }) => {
  expect(passes({ ...all, ...filter }, one)).toBe(is)
})

test('a filter of anything is one, also of the beginning of time', () => {
  expect(isFiltering(all)).toBe(false)
  for (const filter of [
    { rule: 'slow' },
    { queue: 'billing' },
    { fromMs: at(0) },
    { toMs: at(0) },
  ]) {
    expect(isFiltering({ ...all, ...filter })).toBe(true)
  }
})
