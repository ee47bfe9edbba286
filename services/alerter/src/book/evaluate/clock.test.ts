import { type ClockRule, shippedRules } from '@deskpulse/core/alerts'
import { logClockKey } from '@deskpulse/core/state'
import { type ClockProblem, type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { encodeClockProblem } from '@deskpulse/contract'
import { describe, expect, test } from 'vitest'
import { pipelineRule } from '../testing/rules.ts'
import { openWorld, type World } from '../testing/world.ts'
import { type ClockState, decideClock, decodeClock, encodeClock, newClockState } from './clock.ts'

const rule = shippedRules.find((one): one is ClockRule => one.name === 'log-clock')!
const nowMs = Date.parse('2026-03-02T10:00:00Z') as EpochMs
const at = (second: number): EpochMs => (nowMs + 1_000 * second) as EpochMs
const problem = (kind: ClockProblem['kind'], byMs = -hourMs): ClockProblem => ({
  kind,
  byMs,
  sinceMs: nowMs,
})

/** One look a step: second, and what is wrong then. */
function looks(
  ...steps: readonly (readonly [
    second: number,
    problem: ClockProblem | null,
    rule?: ClockRule | null,
  ])[]
): string[] {
  let state: ClockState = newClockState(nowMs)
  const first = state.number
  return steps.flatMap(([second, wrong, inForce = rule]) => {
    const decided = decideClock(decodeClock(encodeClock(state)), inForce, wrong, at(second))
    state = decided.state
    return decided.transitions.map(
      ({ status, end, number, sinceMs, startedMs, value }) =>
        `${second}: #${number - first} ${end ?? status} since ${(sinceMs - nowMs) / 1_000} from ${(startedMs - nowMs) / 1_000} ${value}`,
    )
  })
}

describe('a clock that is off', () => {
  test('fires when it has been so for the limit, once, and is over when it is right', () => {
    expect(
      looks(
        [0, problem('jump')],
        [5, problem('jump')],
        [10, problem('ahead')],
        [15, problem('ahead')],
        [20, null],
        [25, null],
      ),
    ).toEqual([`10: #1 firing since 0 from 10 ${hourMs}`, `20: #1 over since 0 from 10 ${hourMs}`])
  })

  test('for less is not told of, and begins anew', () => {
    expect(
      looks(
        [0, problem('jump')],
        [5, null],
        [10, problem('jump')],
        [15, problem('jump')],
        [20, null],
      ),
    ).toEqual([])
  })

  test('after a silence is judged first, and told of only where that does not end', () => {
    expect(looks([0, problem('silence')], [55, problem('silence')])).toEqual([])
    expect(looks([0, problem('silence')], [60, problem('silence')])).toHaveLength(1)
  })

  test('is withdrawn when the rule is disabled', () => {
    expect(
      looks([0, problem('append')], [10, problem('append')], [15, problem('append'), null]).at(-1),
    ).toMatch(/^15: #1 withdrawn/)
  })

  test('does not wait longer because the clock of who looks was put back', () => {
    expect(looks([100, problem('ahead')], [0, problem('ahead')], [10, problem('ahead')])).toEqual([
      `10: #1 firing since 0 from 10 ${hourMs}`,
    ])
  })
})

test('an alert about a clock does not end before it began, where the one of who looks was put back', () => {
  const fired = decideClock(
    { ...newClockState(nowMs), seenMs: at(-10) },
    rule,
    problem('jump'),
    at(0),
  )
  const { transitions } = decideClock(fired.state, rule, null, at(-5))
  expect(transitions).toMatchObject([
    { status: 'resolved', startedMs: at(0), endedMs: at(0), detectedMs: at(-5) },
  ])
})

/** Values go on while `ms` pass, with what is wrong with their clock. */
async function live(
  world: World,
  ms: number,
  wrong: ClockProblem | null,
  behindMs = 0,
): Promise<void> {
  world.values.put(logClockKey, wrong === null ? null : encodeClockProblem(wrong))
  for (let passed = 0; passed < ms; passed += 5_000) {
    await world.values.commit(world.clock.nowMs() - behindMs)
    await world.run(5_000)
  }
}

const told = (world: World): unknown[] =>
  world
    .notices()
    .map(({ notice: { tenant, rule: name, status, text } }) => [tenant, name, status, text])

test('everybody is told of the installation, in both languages, and that it is over', async () => {
  const world = await openWorld({ rules: [rule] })
  await live(world, 20_000, problem('ahead'))
  await live(world, 10_000, null)
  const [firing, resolved, ...more] = told(world)
  expect(firing).toEqual([
    '_installation',
    'log-clock',
    'firing',
    { en: expect.stringContaining('is 1 h off'), zh: expect.stringContaining('时钟偏差 1 小时') },
  ])
  expect(resolved).toMatchObject(['_installation', 'log-clock', 'resolved', {}])
  expect(more).toEqual([])
})

test('an alert that a lost state began goes on while it is true, and ends when it is not', async () => {
  const world = await openWorld({ rules: [rule] })
  const old = {
    tenant: '_installation',
    kind: 'deadline',
    rule: 'log-clock',
    subject: 'clock',
    number: 3,
  } as const
  world.begin({ ...old, startedMs: world.clock.nowMs(), detectedMs: world.clock.nowMs() })
  await live(world, 30_000, problem('ahead'))
  expect(world.notices().map(({ notice }) => notice.status)).toEqual(['firing'])
  await live(world, 30_000, null)
  expect(world.notices().at(-1)?.notice).toMatchObject({
    rule: 'log-clock',
    status: 'resolved',
    end: 'over',
  })
})

test('while a jump is judged, values that are behind are no stalled pipeline; they are when it is never over', async () => {
  const world = await openWorld({ rules: [pipelineRule] })
  await live(world, 50_000, problem('silence', hourMs), hourMs)
  expect(told(world)).toEqual([])
  await live(world, minuteMs, problem('silence', hourMs), hourMs)
  expect(told(world)).toMatchObject([['acme', 'pipeline-stalled', 'firing', {}]])
})
