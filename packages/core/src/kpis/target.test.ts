import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type KpiTarget, type TenantConfig } from '../config/tenant-config.ts'
import { parseSlice, type Slice } from '../slices/slice.ts'
import { catalogueOf } from '../families/catalogue.ts'
import type { Kpi, TargetRange } from './kpi.ts'
import { classOfSlice, statusOf, targetOf } from './target.ts'

const slice = (text: string): Slice => {
  const parsed = parseSlice(text)
  if (!parsed.ok) throw new Error(`no slice: ${text}`)
  return parsed.slice
}
const kpi = (id: string): Kpi => catalogueOf().byId(id) as Kpi
const withTargets = (...targets: KpiTarget[]): TenantConfig => ({ ...defaultTenantConfig, targets })

describe('default targets', () => {
  test.each([
    {
      id: 'response_time',
      in: 'class=live',
      is: { max: 30_000 },
      rule: 'a response target holds for live contacts',
    },
    {
      id: 'response_time',
      in: 'queue=billing,class=live',
      is: { max: 30_000 },
      rule: 'of a queue too',
    },
    {
      id: 'response_time',
      in: 'channel=chat',
      is: { max: 30_000 },
      rule: 'a channel says its class',
    },
    {
      id: 'response_time',
      in: 'channel=new',
      is: { max: 30_000 },
      rule: 'a channel that is not listed is live',
    },
    {
      id: 'response_time',
      in: 'class=deferred',
      is: null,
      rule: 'letters are not judged by the target of chats',
    },
    { id: 'response_time', in: 'all', is: null, rule: 'nor is a slice that may hold both' },
    { id: 'response_time', in: 'queue=billing', is: null, rule: 'such as a queue' },
    {
      id: 'first_response_time',
      in: 'class=live',
      is: { max: 28_000 },
      rule: 'first responses: 28 s live',
    },
    {
      id: 'first_response_time',
      in: 'channel=email',
      is: { max: 3_600_000 },
      rule: 'and an hour deferred',
    },
    {
      id: 'answered_within_30s_of_due',
      in: 'class=deferred',
      is: null,
      rule: '30 seconds are a matter of live contacts',
    },
    {
      id: 'answered_within_target_of_due',
      in: 'all',
      is: { min: 0.8 },
      rule: 'each contact by its own limit: any slice',
    },
    {
      id: 'occupancy',
      in: 'agent=7',
      is: { min: 0.75, max: 0.88 },
      rule: 'a range holds at both ends',
    },
    { id: 'backlog', in: 'all', is: null, rule: 'not every KPI has a target' },
  ])('$id in $in: $rule', ({ id, in: text, is }) => {
    expect(targetOf(kpi(id), slice(text), defaultTenantConfig)).toEqual(is)
  })
})

test.each([
  ...(['live', 'deferred', 'voice'] as const).map((name) => ({ text: `class=${name}`, is: name })),
  ...[
    { text: 'class=none', is: null },
    { text: 'queue=live', is: null },
  ],
  ...[
    { text: 'queue=billing,channel=voice', is: 'voice' },
    { text: 'channel=email', is: 'deferred' },
    { text: 'channel=new', is: 'live' },
  ],
])('the contacts of $text are all $is', ({ text, is }) => {
  expect(classOfSlice(slice(text), defaultTenantConfig)).toBe(is)
})

describe('configured targets', () => {
  const config = withTargets(
    { kpi: 'response_time', max: 60_000 },
    { kpi: 'response_time', slice: 'channel=chat,queue=vip', max: 10_000 },
    { kpi: 'fcr_gross' },
  )
  test.each([
    {
      id: 'response_time',
      in: 'all',
      is: { max: 60_000 },
      rule: 'one without a slice holds in every slice',
    },
    { id: 'response_time', in: 'class=live', is: { max: 60_000 }, rule: 'before the default' },
    {
      id: 'response_time',
      in: 'queue=vip,channel=chat',
      is: { max: 10_000 },
      rule: 'one for the slice wins, however it is spelt',
    },
    { id: 'fcr_gross', in: 'all', is: null, rule: 'one without ends takes the default away' },
    {
      id: 'occupancy',
      in: 'all',
      is: { min: 0.75, max: 0.88 },
      rule: 'one of another KPI changes nothing',
    },
  ])('$id in $in: $rule', ({ id, in: text, is }) => {
    expect(targetOf(kpi(id), slice(text), config)).toEqual(is)
  })
})

test.each<{ value: number | null; target: TargetRange | null; is: string; rule: string }>([
  { value: 30_000, target: { max: 30_000 }, is: 'ok', rule: 'exactly the maximum is kept' },
  { value: 30_000.5, target: { max: 30_000 }, is: 'warning', rule: 'anything more is missed' },
  {
    value: 33_000,
    target: { max: 30_000 },
    is: 'warning',
    rule: 'missed by exactly 10 % is a warning',
  },
  { value: 33_001, target: { max: 30_000 }, is: 'breach', rule: 'by more, a breach' },
  { value: 0.8, target: { min: 0.8 }, is: 'ok', rule: 'exactly the minimum is kept' },
  {
    value: 0.72,
    target: { min: 0.8 },
    is: 'warning',
    rule: '0.72 misses 0.8 by 10 %, whatever binary fractions say',
  },
  { value: 0.7199, target: { min: 0.8 }, is: 'breach', rule: 'below that it is a breach' },
  {
    value: 0.9,
    target: { min: 0.75, max: 0.88 },
    is: 'warning',
    rule: 'a range is missed upwards too',
  },
  { value: 0.8, target: { min: 0.75, max: 0.88 }, is: 'ok', rule: 'inside a range is ok' },
  { value: 0, target: { max: 0 }, is: 'ok', rule: 'none over the limit is ok' },
  { value: 1, target: { max: 0 }, is: 'breach', rule: 'a target of zero is never nearly met' },
  { value: 5, target: null, is: 'ok', rule: 'without a target everything is ok' },
  { value: null, target: { max: 1 }, is: 'no-data', rule: 'no value is no data, not a breach' },
])('$value against $target is $is: $rule', ({ value, target, is }) => {
  expect(statusOf(value, target)).toBe(is)
})
