import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { at } from './alert.test-support.ts'
import {
  repeatsMax,
  decideNotice,
  type NoticeDecision,
  type NoticeInput,
  type Told,
} from './notice.ts'
import { endpoint, firing, silence } from './notice.test-support.ts'
import { lateAfterMs } from './rule.ts'

/** Time in here: ticks of 10 s, so that an alert is old after 30 of them. */
const tickSeconds = 10
const ticks = 60
const oldTicks = lateAfterMs / 1_000 / tickSeconds
const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)

type Span = readonly [from: number, to: number]
const holds = ([from, to]: Span, tick: number): boolean => from <= tick && tick < to

/** All that will happen to one alert. */
type World = {
  readonly begins: number
  readonly ends: number
  readonly late: boolean
  readonly retracted: boolean
  readonly acknowledged: number
  /** A silence holds in `span`, once a person has made it. */
  readonly silences: readonly { readonly made: number; readonly span: Span }[]
  readonly inhibited: readonly Span[]
  /** Nobody decides: the process is down. */
  readonly down: readonly Span[]
  /** From a tick on: the repeat interval and the endpoints that the rule names. The first one holds from the beginning. */
  readonly rules: readonly {
    readonly from: number
    readonly repeat: number | null
    readonly endpoints: readonly string[] | null
    /** The second level is told so many ticks after the beginning. */
    readonly escalation: { readonly after: number; readonly endpoints: readonly string[] } | null
  }[]
  /** Ticks at which somebody asks, for nothing. */
  readonly askedAgain: readonly number[]
}

const span = (max: number) =>
  fc.tuple(fc.nat(ticks), fc.nat(max)).map(([from, length]): Span => [from, from + length])
const anyWorld: fc.Arbitrary<World> = fc
  .record({
    begins: fc.nat(20),
    lasts: fc.oneof(fc.nat(12), fc.nat(50)),
    late: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    retracted: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    acknowledged: fc.oneof(fc.constant(ticks), fc.nat(ticks)),
    silences: fc.array(fc.record({ made: fc.nat(40), span: span(20) }), { maxLength: 3 }),
    inhibited: fc.array(span(15), { maxLength: 2 }),
    down: fc.array(span(40), { maxLength: 2 }),
    rules: fc.array(
      fc.record({
        from: fc.nat(ticks),
        repeat: fc.constantFrom(null, 1, 4, 10),
        endpoints: fc.constantFrom(null, null, ['floor'], ['boss', 'floor'], [], ['gone']),
        escalation: fc.oneof(
          fc.constant(null),
          fc.record({
            after: fc.integer({ min: 1, max: 20 }),
            endpoints: fc.constantFrom(['boss'], ['floor', 'gone'], ['boss', 'floor']),
          }),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    askedAgain: fc.array(fc.nat(ticks), { maxLength: 10 }),
  })
  .map(({ lasts, rules, ...world }) => {
    const ordered = rules.toSorted((a, b) => a.from - b.from)
    return {
      ...world,
      ends: world.begins + lasts,
      rules: ordered.map((rule, index) => (index === 0 ? { ...rule, from: 0 } : rule)),
    }
  })

const ruleAt = ({ rules }: World, tick: number): World['rules'][number] =>
  rules.findLast(({ from }) => from <= tick)!
const known = ['floor', 'boss']

function inputAt(world: World, tick: number, told: Told | null): NoticeInput {
  const { repeat, endpoints, escalation } = ruleAt(world, tick)
  const isOver = world.ends <= tick
  return {
    alert: firing({
      startedMs: at(world.begins * tickSeconds),
      late: world.late,
      acknowledged: world.acknowledged <= tick,
      ...(isOver && {
        status: 'resolved',
        endedMs: at(world.ends * tickSeconds),
        end: world.retracted ? 'retracted' : 'over',
      }),
    }),
    told,
    again: false,
    rule: {
      endpoints,
      repeatMs: repeat === null ? null : repeat * tickSeconds * 1_000,
      escalation: escalation && {
        afterMs: escalation.after * tickSeconds * 1_000,
        endpoints: escalation.endpoints,
      },
    },
    endpoints: known.map((name) => endpoint(name)),
    silences: world.silences
      .filter(({ made }) => made <= tick)
      .map(({ made, span: [from, to] }) =>
        silence(Math.max(made, from) * tickSeconds, Math.max(made, to) * tickSeconds),
      ),
    inhibited: world.inhibited.some((one) => holds(one, tick)),
    nowMs: at(tick * tickSeconds),
  }
}

type Notice = {
  readonly tick: number
  readonly status: 'firing' | 'resolved'
  readonly repeat: number
  readonly endpoints: readonly string[]
}

/** Everything but time that a decision hangs on. */
const changesAt = (world: World): ReadonlySet<number> =>
  new Set([
    world.begins,
    world.ends,
    world.acknowledged,
    ...world.silences.map(({ made }) => made),
    ...world.inhibited.flat(),
    ...world.rules.map(({ from }) => from),
    ...world.askedAgain,
  ])

/** A desk that decides when something changed and when it said that it would look again, is down at times, and keeps what it knows as JSON. */
function desk(world: World): Notice[] {
  const changes = changesAt(world)
  const notices: Notice[] = []
  let told: Told | null = null
  let nextMs: number | null = null
  let wasDown = false
  for (const tick of range(world.begins, ticks)) {
    if (world.down.some((one) => holds(one, tick))) {
      wasDown = true
      continue
    }
    const isDue: boolean = nextMs !== null && nextMs <= at(tick * tickSeconds)
    if (!isDue && !wasDown && !changes.has(tick)) continue
    wasDown = false
    const input = inputAt(world, tick, told)
    const decision: NoticeDecision = decideNotice(input)
    if (decision.tell !== null) notices.push({ tick, status: input.alert.status, ...decision.tell })
    if (decision.isFinal) return notices
    nextMs = decision.nextMs
    told = JSON.parse(JSON.stringify(decision.told)) as Told | null
    expect(decideNotice({ ...input, told })).toMatchObject({ tell: null, told, nextMs }) // Asked again, it says nothing more.
  }
  return notices
}

/** What people should have been told: at every tick of the alert's life, from all that was told before. */
function expected(world: World): Notice[] {
  const notices: Notice[] = []
  let repeatedTick = 0 // The last time at which others than a second level alone were told.
  const isSilent = (tick: number, known: number): boolean =>
    world.silences.some(
      ({ made, span: [from, to] }) => made <= known && made <= tick && holds([from, to], tick),
    )
  for (const tick of range(world.begins, ticks)) {
    if (world.down.some((one) => holds(one, tick))) continue
    const { repeat, endpoints, escalation } = ruleAt(world, tick)
    const isSecond = (name: string): boolean => escalation?.endpoints.includes(name) ?? false
    const escalates = world.begins + (escalation?.after ?? Infinity)
    const isEscalated = escalates <= tick && (tick < world.ends || escalates < world.ends)
    const listening = known.filter(
      (name) =>
        (isSecond(name) && isEscalated) ||
        (endpoints === null ? !isSecond(name) : endpoints.includes(name)),
    )
    const untold = known.filter(
      (name) => isSecond(name) && !notices.some((notice) => notice.endpoints.includes(name)),
    )
    const isHeld = isSilent(tick, tick) || world.inhibited.some((one) => holds(one, tick))
    const isAcknowledged = world.acknowledged <= tick
    const last = notices.at(-1)
    if (tick < world.ends) {
      const isDue =
        last === undefined ||
        (repeat !== null && last.repeat < repeatsMax && tick - repeatedTick >= repeat)
      if (isAcknowledged || isHeld) continue
      const told = isDue ? listening : isEscalated ? untold : []
      if (told.length === 0) continue
      notices.push({ tick, status: 'firing', repeat: notices.length, endpoints: told })
      if (isDue) repeatedTick = tick
      continue
    }
    if (last === undefined) {
      const life = world.ends === world.begins ? [world.begins] : range(world.begins, world.ends)
      const isPointless =
        world.late || world.retracted || isAcknowledged || isHeld || listening.length === 0
      if (
        isPointless ||
        tick - world.begins >= oldTicks ||
        life.every((moment) => isSilent(moment, tick))
      )
        return notices
      return [{ tick, status: 'resolved', repeat: 0, endpoints: listening }]
    }
    if (isHeld) continue
    const heard = known.filter((name) => notices.some((notice) => notice.endpoints.includes(name)))
    return [...notices, { tick, status: 'resolved', repeat: 0, endpoints: heard }]
  }
  return notices
}

describe('whatever happens to an alert', () => {
  test('a desk that looks when it said it would tells what the whole history asks for, at that very tick', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        expect(desk(world)).toEqual(expected(world))
      }),
      { numRuns: 3_000 },
    )
  })

  test('nobody is told while it is silenced or inhibited, repeats to the first level keep their distance, and the end is told once, to all who were told', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const notices = desk(world)
        notices.forEach(({ tick, status, endpoints }, index) => {
          const { silences, inhibited } = inputAt(world, tick, null)
          expect(
            inhibited ||
              silences.some(({ startsMs, endsMs }) =>
                holds([startsMs, endsMs], at(tick * tickSeconds)),
              ),
          ).toBe(false)
          const { repeat } = ruleAt(world, tick)
          // Whom a notice is for is said by the rule of its time.
          const isToFirst = (one: {
            readonly tick: number
            readonly endpoints: readonly string[]
          }) => {
            const second = ruleAt(world, one.tick).escalation?.endpoints ?? []
            return one.endpoints.some((name) => !second.includes(name))
          }
          const before = notices.slice(0, index).findLast(isToFirst)
          if (status === 'firing' && before !== undefined && isToFirst({ tick, endpoints }))
            expect(tick - before.tick).toBeGreaterThanOrEqual(repeat ?? Number.POSITIVE_INFINITY)
          if (status === 'resolved' && index > 0) {
            expect(index).toBe(notices.length - 1)
            expect(new Set(endpoints)).toEqual(
              new Set(notices.slice(0, index).flatMap((notice) => notice.endpoints)),
            )
          }
        })
      }),
    )
  })

  test('a silenced alert that still fires when the silence ends is told then', () => {
    const quietWorld = anyWorld.map((world) => ({
      ...world,
      acknowledged: ticks,
      inhibited: [],
      down: [],
    }))
    fc.assert(
      fc.property(quietWorld, fc.integer({ min: 1, max: 20 }), (world, length) => {
        const ends = world.begins + length
        const silenced = {
          ...world,
          ends: ends + 1,
          silences: [{ made: 0, span: [0, ends] as const }],
        }
        const rules = [{ from: 0, repeat: null, endpoints: null, escalation: null }]
        expect(desk({ ...silenced, rules })[0]).toEqual({
          tick: ends,
          status: 'firing',
          repeat: 0,
          endpoints: known,
        })
      }),
    )
  })
})

test('nextMs is exact: until then time alone tells nobody, then it does; without one it never does', () => {
  const anyTold = fc.option(
    fc.record({
      status: fc.constantFrom('firing', 'firing', 'resolved'),
      tick: fc.nat(30),
      repeat: fc.nat(3),
      endpoints: fc.constantFrom(['floor'], ['boss', 'floor'], ['gone']),
    }),
  )
  fc.assert(
    fc.property(anyWorld, fc.nat(30), anyTold, (world, after, before) => {
      const tick = world.begins + after
      const told: Told | null =
        before === null ? null : { ...before, atMs: at(before.tick * tickSeconds) }
      const now = inputAt(world, tick, told)
      const decision = decideNotice(now)
      const isOver = decision.isFinal // And then nobody asks again.
      const later = range(tick + 1, isOver ? 0 : 3 * ticks)
        .map((one) => at(one * tickSeconds))
        .find((nowMs) => decideNotice({ ...now, told: decision.told, nowMs }).tell !== null)
      expect(decision.nextMs).toBe(later ?? null)
    }),
    { numRuns: 1_000 },
  )
})
