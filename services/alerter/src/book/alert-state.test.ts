import type { AlertTransition } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { type AlertState, withAcknowledgement, withTold, withTransition } from './alert-state.ts'

const at = (second: number): EpochMs => (Date.UTC(2026, 2, 2, 10) + 1_000 * second) as EpochMs

const firing: AlertTransition = {
  ...{
    tenant: 'acme',
    rule: 'waiting',
    subject: 'contact/1',
    number: 1,
    kind: 'deadline',
    severity: 'warning',
    slice: 'all',
  },
  ...{
    kpi: null,
    value: 30,
    limit: 30,
    unit: 'ms',
    labels: {},
    status: 'firing',
    sinceMs: at(0),
    startedMs: at(30),
  },
  ...{ endedMs: null, end: null, detectedMs: at(31), late: false },
}
const over: AlertTransition = {
  ...firing,
  status: 'resolved',
  endedMs: at(50),
  end: 'over',
  detectedMs: at(50),
  limit: 99,
  value: 50,
}
const known = withTransition(null, 'a', firing, at(32))

test('an alert that nobody knew is taken in with its first transition, whichever that is', () => {
  const unasked = {
    alertId: 'a',
    acknowledged: null,
    told: null,
    why: null,
    nextMs: null,
    isFinal: false,
  }
  expect(known).toEqual({ ...unasked, transition: firing, takenMs: at(32) })
  expect(withTransition(null, 'a', over, at(51))).toEqual({
    ...unasked,
    transition: over,
    takenMs: at(51),
  })
})

test.each<{ rule: string; news: AlertTransition; is: AlertTransition | null }>([
  { rule: 'the same again says nothing', news: firing, is: null },
  {
    rule: 'nor does what was found before',
    news: { ...firing, detectedMs: at(30), value: 7 },
    is: null,
  },
  {
    rule: 'what was found later is as it stands',
    news: { ...firing, detectedMs: at(32), value: 7 },
    is: { ...firing, detectedMs: at(32), value: 7 },
  },
  { rule: 'its end has the limit that it passed', news: over, is: { ...over, limit: 30 } },
  {
    rule: 'its end counts whenever it was found',
    news: { ...over, detectedMs: at(1) },
    is: { ...over, detectedMs: at(1), limit: 30 },
  },
])('$rule', ({ news, is }) => {
  const after = withTransition(known, 'a', news, at(60))
  if (is === null) expect(after).toBe(known)
  else expect(after).toEqual({ ...known, transition: is })
})

test('what is over stays so', () => {
  const ended = withTransition(known, 'a', over, at(60))
  for (const news of [over, { ...firing, detectedMs: at(70) }, { ...over, detectedMs: at(70) }]) {
    expect(withTransition(ended, 'a', news, at(80))).toBe(ended)
  }
})

test('the first who looks after it is named, while it fires', () => {
  const [ann, bob] = ['ann', 'bob'].map((author) => ({ author, comment: '', atMs: at(40) }))
  const taken = withAcknowledgement(known, ann!)
  expect(taken.acknowledged).toBe(ann)
  expect(withAcknowledgement(taken, bob!)).toBe(taken)
  const ended = withTransition(known, 'a', over, at(60))
  expect(withAcknowledgement(ended, bob!)).toBe(ended)
})

const told = (status: 'firing' | 'resolved', repeat: number) => ({
  alertId: 'a',
  status,
  repeat,
  atMs: at(40),
  endpoints: ['floor'],
})
const after = (alert: AlertState, ...all: readonly ReturnType<typeof told>[]): AlertState =>
  all.reduce(withTold, alert)

test('what the topic says was told is so, unless as much is known', () => {
  const first = after(known, told('firing', 0))
  expect(first).toEqual({
    ...known,
    told: { status: 'firing', repeat: 0, atMs: at(40), endpoints: ['floor'] },
    why: 'told',
    isFinal: false,
  })
  expect(withTold(first, told('firing', 0))).toBe(first)
  const repeated = after(first, told('firing', 2))
  expect(repeated.told?.repeat).toBe(2)
  expect(withTold(repeated, told('firing', 1))).toBe(repeated)
  const ended = after(repeated, told('resolved', 0))
  expect(ended.told?.status).toBe('resolved')
  for (const record of [told('firing', 9), told('resolved', 0)])
    expect(withTold(ended, record)).toBe(ended)
})

test('nothing more is told where the end was told, and is known', () => {
  const ended = withTransition(known, 'a', over, at(60))
  expect(
    [
      after(ended, told('resolved', 0)),
      after(ended, told('firing', 0)),
      after(known, told('resolved', 0)),
    ].map((one) => one.isFinal),
  ).toEqual([...[true, false, false]])
})
