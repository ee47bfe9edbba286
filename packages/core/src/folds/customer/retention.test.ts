import { expect, test } from 'vitest'
import type { LocalTime } from '../../time/local-time.ts'
import type { EpochMs } from '../../time/time.ts'
import { customerPeriodRows, type Occasion } from './customer-periods.ts'
import { Retention } from './retention.ts'

const at = (text: string): EpochMs => Date.parse(`${text}Z`) as EpochMs
const far = at('2030-01-01')

const payment = (text: string, agent = 'a-1', shop?: string): Occasion => ({
  ...{ what: 'paid', atMs: at(text) },
  credit: { agent, ...(shop !== undefined && { shop }) },
})

type Read = { readonly asOfMs?: EpochMs; readonly localTime?: LocalTime }

/** In periods of a kind, `<what> <instant> <agent> <shop>`. */
function counted(
  kind: Occasion['period'],
  payments: readonly Occasion[],
  { asOfMs = far, localTime = 'UTC' }: Read = {},
): string[] {
  return new Retention(payments, localTime)
    .occasions(asOfMs)
    .filter(({ period }) => period === kind)
    .map(({ what, atMs, credit: { agent, shop = '–' } }) =>
      [what, new Date(atMs).toISOString().slice(0, 16), agent, shop].join(' '),
    )
}

test('who paid counts at the begin of the next period of each kind, and again at the first payment in it', () => {
  const both = [payment('2026-03-31T10:20'), payment('2026-04-30T09:00')]
  expect(counted('month', both)).toEqual([
    'paidBefore 2026-04-01T00:00 a-1 –',
    'retained 2026-04-30T09:00 a-1 –',
    'paidBefore 2026-05-01T00:00 a-1 –',
  ])
  expect(counted('hour', both.slice(0, 1))).toEqual(['paidBefore 2026-03-31T11:00 a-1 –'])
  expect(counted('day', both)).toEqual([
    'paidBefore 2026-04-01T00:00 a-1 –',
    'paidBefore 2026-05-01T00:00 a-1 –',
  ])
  expect(counted('quarter', both)).toEqual([
    'paidBefore 2026-04-01T00:00 a-1 –',
    'retained 2026-04-30T09:00 a-1 –',
    'paidBefore 2026-07-01T00:00 a-1 –',
  ])
  expect(counted('year', both).filter((one) => one.startsWith('retained'))).toEqual([])
})

test('a payment in the period after the next one retains nobody', () => {
  const two = [payment('2026-03-31T10:20'), payment('2026-05-01T00:00')]
  expect(counted('month', two)).toEqual([
    'paidBefore 2026-04-01T00:00 a-1 –',
    'paidBefore 2026-06-01T00:00 a-1 –',
  ])
})

test('a period counts nobody before it begins, not even by a payment that is ahead of log time', () => {
  const two = [payment('2026-03-31T10:20'), payment('2026-04-01T00:01')]
  const [before, begun] = [at('2026-03-31T23:59'), at('2026-04-01T00:00')]
  expect(counted('month', two, { asOfMs: before })).toEqual([])
  expect(counted('month', two, { asOfMs: begun })).toHaveLength(2)
  const retention = new Retention(two, 'UTC')
  expect(retention.nextMs(at('2026-03-31T10:20'))).toBe(at('2026-03-31T11:00'))
  expect(retention.nextMs(before)).toBe(begun)
  expect(retention.nextMs(begun)).toBe(at('2026-04-01T01:00'))
  expect(retention.nextMs(at('2027-01-01'))).toBeNull()
})

test('in slices of a shop both payments are of that shop, in others the second one is of any, for whom the first one counts', () => {
  const first = payment('2026-03-10T10:00', 'a-1', 's-1')
  const elsewhere = payment('2026-04-02T10:00', 'a-2', 's-2')
  const again = payment('2026-04-20T10:00', 'a-3', 's-1')
  const retained = (...others: readonly Occasion[]) =>
    counted('month', [first, ...others]).filter((one) => one.startsWith('retained'))
  expect(retained(elsewhere)).toEqual(['retained 2026-04-02T10:00 a-1 –'])
  expect(retained(again)).toEqual(['retained 2026-04-20T10:00 a-1 s-1'])
  expect(retained(again, elsewhere)).toEqual([
    'retained 2026-04-02T10:00 a-1 –',
    'retained 2026-04-20T10:00 a-1 s-1',
  ])
})

const shanghai = [{ fromMs: Number.NEGATIVE_INFINITY as EpochMs, timeZone: 'Asia/Shanghai' }]

test('what cuts a period, other than a zone, cuts none of these: who paid before counts in the part in which it begins', () => {
  const cut = [...shanghai, { fromMs: at('2026-04-10T00:00'), timeZone: 'Asia/Shanghai' }]
  const both = [payment('2026-03-31T15:00'), payment('2026-04-20T09:00')]
  const months = counted('month', both, { localTime: cut })
  expect(months).toEqual(counted('month', both, { localTime: 'Asia/Shanghai' }))
  expect(months.slice(0, 2)).toEqual([
    'paidBefore 2026-03-31T16:00 a-1 –',
    'retained 2026-04-20T09:00 a-1 –',
  ])
  const rows = customerPeriodRows(new Retention(both, cut).occasions(at('2026-04-30')), cut)
  const said = rows
    .filter(({ period }) => period === 'month')
    .map(({ startMs, paidBefore, retained }) => [startMs, paidBefore?.atMs, retained?.atMs])
  expect(said).toEqual([
    [at('2026-03-31T16:00'), at('2026-03-31T16:00'), undefined],
    [at('2026-04-10T00:00'), undefined, at('2026-04-20T09:00')],
  ])
})

test('periods of two zones do not follow one another', () => {
  const moved = [...shanghai, { fromMs: at('2026-04-10T00:00'), timeZone: 'America/New_York' }]
  const all = [
    payment('2026-03-20T09:00'),
    payment('2026-04-20T09:00'),
    payment('2026-05-20T09:00'),
  ]
  expect(counted('month', all, { localTime: moved })).toEqual([
    'paidBefore 2026-03-31T16:00 a-1 –',
    'paidBefore 2026-05-01T04:00 a-1 –',
    'retained 2026-05-20T09:00 a-1 –',
    'paidBefore 2026-06-01T04:00 a-1 –',
  ])
  expect(counted('year', all, { localTime: moved })).toEqual([
    'paidBefore 2027-01-01T05:00 a-1 –',
    'paidBefore 2027-01-01T05:00 a-1 –',
  ])
})

test('the order in which payments are told says nothing', () => {
  const all = [
    payment('2026-03-10T10:00', 'a-1', 's-1'),
    payment('2026-03-10T10:00', 'a-2', 's-2'),
    payment('2026-04-02T10:00', 'a-2', 's-2'),
    payment('2026-04-02T10:00', 'a-1', 's-1'),
  ]
  const months = (payments: readonly Occasion[]) => counted('month', payments).toSorted()
  expect(months(all.toReversed())).toEqual(months(all))
})
