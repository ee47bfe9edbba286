import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import {
  afterFailure,
  afterGone,
  afterSuccess,
  enabledAgain,
  type Health,
  isProbed,
  newHealth,
  unknownHealth,
} from './health.ts'

const minuteMs = 60_000
const at = (ms: number): EpochMs => (1_000_000_000_000 + ms) as EpochMs

/** Failures that each begin and end at these moments. */
function failing(health: Health, ...momentsMs: readonly number[]): Health {
  const fail = (one: Health, ms: number): Health =>
    afterFailure(one, { beganMs: at(ms), endedMs: at(ms), detail: 'no' }, 0.5)
  return momentsMs.reduce(fail, health)
}

const every = (stepMs: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => index * stepMs)

test.each([
  {
    momentsMs: every(6 * minuteMs, 10),
    state: 'failing',
    rule: 'ten failures in 54 minutes disable nothing',
  },
  {
    momentsMs: every(9 * minuteMs, 8),
    state: 'failing',
    rule: 'eight failures in more than an hour neither',
  },
  {
    momentsMs: [...every(6 * minuteMs, 10), 60 * minuteMs - 1],
    state: 'failing',
    rule: 'nor do eleven within an hour less a millisecond',
  },
  {
    momentsMs: [...every(6 * minuteMs, 10), 60 * minuteMs],
    state: 'disabled',
    rule: 'ten and an hour do',
  },
  {
    momentsMs: every(7 * minuteMs, 10),
    state: 'disabled',
    rule: 'the tenth failure does when the first is more than an hour ago',
  },
])('$rule', ({ momentsMs, state }) => {
  expect(failing(unknownHealth, ...momentsMs).state).toBe(state)
})

test('a success makes what failed before count no more', () => {
  const healthy = afterSuccess(
    failing(unknownHealth, ...every(6 * minuteMs, 10)),
    at(55 * minuteMs),
  )
  expect(healthy).toEqual({ ...unknownHealth, lastSuccessMs: at(55 * minuteMs) })
  expect(failing(healthy, ...every(6 * minuteMs, 10).map((ms) => ms + 56 * minuteMs)).state).toBe(
    'failing',
  )
})

test('who wants no more is disabled at once', () => {
  const health = afterGone(unknownHealth, { beganMs: at(0), endedMs: at(5), detail: 'gone' })
  expect(health).toMatchObject({
    state: 'disabled',
    disabled: { sinceMs: at(5), reason: 'gone' },
    disabledCount: 1,
  })
})

test('what is disabled is held back by nothing, and not probed: it waits for a person', () => {
  const disabled = afterGone(failing(unknownHealth, 0, 1_000), {
    ...{ beganMs: at(2_000), endedMs: at(2_000), detail: 'gone' },
  })
  expect(disabled).toMatchObject({ rounds: 0, roundMs: null, holdUntilMs: 0 })
  expect(isProbed(disabled)).toBe(false)
})

test('failures are counted, since the first of them, also of what is disabled', () => {
  const no = (ms: number) => ({ beganMs: at(ms), endedMs: at(ms), detail: 'gone' })
  const gone = afterGone(unknownHealth, no(5))
  expect(gone).toMatchObject({ failures: 1, failingSinceMs: at(5) })
  expect(failing(gone, 6, 7)).toMatchObject({ failures: 3, failingSinceMs: at(5) })
  expect(afterGone(gone, no(8))).toMatchObject({ failures: 2, failingSinceMs: at(5) })
  expect(afterGone(failing(unknownHealth, 1, 2), no(3))).toMatchObject({
    ...{ failures: 3, failingSinceMs: at(1), disabledCount: 1 },
  })
})

test('of what is disabled a success is noted, and what failed stays', () => {
  const gone = { beganMs: at(0), endedMs: at(5), detail: 'gone' }
  const disabled = afterGone(unknownHealth, gone)
  expect(afterSuccess(disabled, at(9))).toEqual({ ...disabled, lastSuccessMs: at(9) })
  expect(enabledAgain(afterSuccess(disabled, at(9))).lastSuccessMs).toBe(at(9))
})

test('what is disabled stays so, whatever it answers, until it is enabled', () => {
  const disabled = afterGone(unknownHealth, { beganMs: at(0), endedMs: at(0), detail: 'gone' })
  expect(afterSuccess(disabled, at(1)).state).toBe('disabled')
  expect(failing(disabled, 1, 2, 3)).toMatchObject({ state: 'disabled', disabledCount: 1 })
  expect(enabledAgain(disabled)).toEqual({ ...unknownHealth, disabledCount: 1 })
})

test('the alerts of an endpoint are numbered upwards', () => {
  const gone = (health: Health): Health =>
    afterGone(health, { beganMs: at(0), endedMs: at(0), detail: '' })
  expect(gone(enabledAgain(gone(enabledAgain(gone(unknownHealth))))).disabledCount).toBe(3)
})

test('of an endpoint of which nothing is stored they go on from the second in which it is met', () => {
  expect(newHealth(at(1_999))).toEqual({ ...unknownHealth, disabledCount: 1_000_000_001 })
})

test('what was under way together fails as one round, and one round holds nothing back', () => {
  const burst = [10, 11, 12, 13].reduce(
    (health, endedMs) =>
      afterFailure(health, { beganMs: at(0), endedMs: at(endedMs), detail: '' }, 0.5),
    unknownHealth,
  )
  expect(burst).toMatchObject({ failures: 4, rounds: 1, holdUntilMs: 0 })
  expect(isProbed(burst)).toBe(false)
})

test('from the second round on the whole endpoint waits, longer each time', () => {
  const second = failing(unknownHealth, 0, 1_000)
  expect(second.holdUntilMs).toBe(at(1_750))
  expect(isProbed(second)).toBe(true)
  expect(failing(second, 2_000).holdUntilMs).toBe(at(3_500))
})

test('a pause that the receiver asks for holds the whole endpoint, up to an hour', () => {
  const asked = (afterMs: number) =>
    afterFailure(unknownHealth, { beganMs: at(0), endedMs: at(0), afterMs, detail: '' }, 0.5)
      .holdUntilMs
  expect(asked(90_000)).toBe(at(90_000))
  expect(asked(86_400_000)).toBe(at(60 * minuteMs))
})

test('a pause that was asked for is not cut by a failure that asks for none', () => {
  const asked = afterFailure(
    unknownHealth,
    { beganMs: at(0), endedMs: at(10), afterMs: 90_000, detail: '' },
    0.5,
  )
  const after = (beganMs: number, endedMs: number) =>
    afterFailure(asked, { beganMs: at(beganMs), endedMs: at(endedMs), detail: '' }, 0.5)
  expect(after(5, 11)).toMatchObject({ rounds: 1, holdUntilMs: at(90_010) })
  expect(after(10, 11)).toMatchObject({ rounds: 2, holdUntilMs: at(90_010) })
})
