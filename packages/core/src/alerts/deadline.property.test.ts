import fc from 'fast-check'
import { expect, test } from 'vitest'
import { atMinute, contactRule, mondayMs } from './alert.test-support.ts'
import {
  modelDecide,
  waitingSince,
  type History,
  type ModelAlert,
  type ModelRule,
  type Tick,
} from './deadline.model.test-support.ts'
import {
  decideDeadlines,
  unwatched,
  type Applied,
  type DeadlineChange,
  type DeadlineDecision,
  type Span,
  type WatchState,
} from './deadline.ts'
import type { ContactRule } from './rule.ts'

type Step =
  | { readonly kind: 'pass'; readonly ticks: number }
  /** Something comes to be known, `ago` ticks after it happened. */
  | { readonly kind: 'ask' | 'answer'; readonly ago: number }
  | { readonly kind: 'enable'; readonly rule: number; readonly enabled: boolean }
  | { readonly kind: 'limit'; readonly rule: number; readonly ticks: number }
  | { readonly kind: 'hours'; readonly rule: number; readonly from: number; readonly to: number }
  | { readonly kind: 'always'; readonly rule: number }

const rule = fc.nat({ max: 1 })
const ago = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.nat({ max: 30 }) },
)
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        ticks: fc.integer({ min: 1, max: 15 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask' as const), ago }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), ago }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('enable' as const), rule, enabled: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('limit' as const),
        rule,
        ticks: fc.integer({ min: 1, max: 12 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('hours' as const),
        rule,
        from: fc.nat({ max: 180 }),
        to: fc.nat({ max: 240 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('always' as const), rule }) },
  ),
  { maxLength: 40 },
)

const tickOf = (ms: number): Tick => (ms - mondayMs) / 60_000
const startTick = 60

class World {
  now: Tick = startTick
  history: { asked: Tick[]; answered: Tick[] } = { asked: [], answered: [] }
  rules: ContactRule[] = [
    contactRule('first', { limitMs: 2 * 60_000 }),
    contactRule('constructor', { limitMs: 6 * 60_000 }),
  ]

  apply(step: Step): void {
    switch (step.kind) {
      case 'pass':
        this.now += step.ticks
        return
      case 'ask':
        this.history.asked.push(this.now - step.ago)
        return
      case 'answer':
        this.history.answered.push(this.now - step.ago)
        return
      case 'enable':
        return this.#change(step.rule, { enabled: step.enabled })
      case 'limit':
        return this.#change(step.rule, { limitMs: step.ticks * 60_000 })
      case 'hours':
        return this.#change(step.rule, {
          hours: [{ days: [1], fromMinute: step.from, toMinute: step.to }],
        })
      case 'always':
        return this.#change(step.rule, { hours: null })
      default:
        step satisfies never
    }
  }

  #change(index: number, changed: Partial<ContactRule>): void {
    this.rules = this.rules.with(index, { ...this.rules[index]!, ...changed })
  }

  /** The spans that the fold would say: walked through once, in the order of time. */
  applied(): Applied[] {
    const past: Span[] = []
    let sinceMs: Span['sinceMs'] | null = null
    const moments = [
      ...this.history.asked.map((tick) => [tick, 0] as const),
      ...this.history.answered.map((tick) => [tick, 1] as const),
    ]
    for (const [tick, answers] of moments.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      if (answers === 0) sinceMs ??= atMinute(tick)
      else if (sinceMs !== null) {
        if (sinceMs < atMinute(tick)) past.push({ sinceMs, endedMs: atMinute(tick) })
        sinceMs = null
      }
    }
    const current = sinceMs === null ? null : { sinceMs, endedMs: null }
    return this.rules.filter(({ enabled }) => enabled).map((one) => ({ rule: one, current, past }))
  }

  modelRules(): ModelRule[] {
    return this.rules
      .filter(({ enabled }) => enabled)
      .map(({ name, limitMs, hours }) => ({
        name,
        limit: limitMs / 60_000,
        isOpen: (tick) => {
          if (hours === null) return true
          const { fromMinute: from, toMinute: to } = hours[0]!
          const minute = tick % 10_080 // Of the week: the rule's day is its first.
          return from < to ? from <= minute && minute < to : from <= minute && minute < 1_440 + to
        },
      }))
  }
}

const decideAt = (state: WatchState, world: World, tick: Tick): DeadlineDecision =>
  decideDeadlines(state, world.applied(), atMinute(tick), 'UTC')

/** The alerts that the changes amount to, as the model keeps them. */
function record(alerts: Map<string, ModelAlert[]>, changes: readonly DeadlineChange[]): void {
  for (const { rule: name, active, status, endedMs, end } of changes) {
    const ofRule = alerts.get(name) ?? []
    alerts.set(name, ofRule)
    const firing = ofRule.find((alert) => alert.end === null)
    if (status === 'firing') {
      expect(firing, 'at most one alert of a rule is active').toBeUndefined()
      expect(active.number, 'numbers ascend one by one').toBe(ofRule.length + 1)
      ofRule.push({
        number: active.number,
        since: tickOf(active.sinceMs),
        started: tickOf(active.startedMs),
        late: active.late,
        ended: null,
        end: null,
      })
    } else {
      expect(firing, 'what ends was active').toMatchObject({
        number: active.number,
        started: tickOf(active.startedMs),
        late: active.late,
      })
      Object.assign(firing!, { since: tickOf(active.sinceMs), ended: tickOf(endedMs!), end })
    }
  }
}

function check(
  alerts: Map<string, ModelAlert[]>,
  model: Map<string, ModelAlert[]>,
  state: WatchState,
  history: History,
  now: Tick,
): void {
  for (const [name, expected] of model) {
    const ofRule = alerts.get(name) ?? []
    const firing = ofRule.find(({ end }) => end === null)
    if (firing !== undefined) firing.since = tickOf(state.active[name]!.sinceMs) // It followed without a transition.
    expect(ofRule, `${name} at ${now}, of ${JSON.stringify(history)}`).toEqual(expected)
  }
  for (const active of Object.values(state.active))
    expect(active.sinceMs).toBeLessThanOrEqual(active.startedMs)
}

/** Time alone changes nothing before `nextMs`, and something at it. Twice the hours of a day are looked at. */
function checkNext({ state, nextMs }: DeadlineDecision, world: World, somewhere: number): void {
  if (nextMs === null) {
    expect(decideAt(state, world, world.now + 1 + somewhere).state).toBe(state)
    return
  }
  const next = tickOf(nextMs)
  expect(next).toBeGreaterThan(world.now)
  const between = world.now + (somewhere % (next - world.now))
  expect(decideAt(state, world, between)).toEqual({ state, changes: [], nextMs })
  expect(
    decideDeadlines(state, world.applied(), (nextMs - 1) as typeof nextMs, 'UTC').changes,
  ).toEqual([])
  const due = decideDeadlines(state, world.applied(), nextMs, 'UTC').changes
  expect(due.length).toBeGreaterThan(0)
  for (const change of due)
    expect(change).toMatchObject({ status: 'firing', active: { startedMs: nextMs, late: false } })
}

test('alerts are those of the naive model, whatever comes when, however often it is decided, whenever the process dies', () => {
  let fired = 0
  let ends = new Set<string | null>()
  fc.assert(
    fc.property(
      steps,
      fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 8 }),
      (sequence, somewhere) => {
        const world = new World()
        const alerts = new Map<string, ModelAlert[]>()
        const model = new Map<string, ModelAlert[]>()
        let state = unwatched
        for (const [index, step] of sequence.entries()) {
          world.apply(step)
          const stored = JSON.parse(JSON.stringify(state)) as WatchState
          const decision = decideAt(state, world, world.now)
          expect(
            decideAt(stored, world, world.now),
            'what is stored decides as what is in memory',
          ).toEqual(decision)
          record(alerts, decision.changes)
          modelDecide(model, world.modelRules(), world.history, world.now)
          state = (
            index % 2 === 0 ? JSON.parse(JSON.stringify(decision.state)) : decision.state
          ) as WatchState
          check(alerts, model, state, world.history, world.now)
          const again = decideAt(state, world, world.now)
          expect(again).toEqual({ state, changes: [], nextMs: decision.nextMs })
          expect(again.state).toBe(state)
          checkNext({ ...decision, state }, world, somewhere[index % somewhere.length]!)
        }
        for (const alert of [...alerts.values()].flat()) {
          fired += 1
          ends = ends.add(alert.end)
        }
      },
    ),
    { numRuns: 600 },
  )
  expect(fired, 'the sequences make alerts').toBeGreaterThan(100)
  expect(ends, 'which end in every way').toEqual(new Set([null, 'over', 'retracted', 'withdrawn']))
})

test('without late events and changes of rules an alert stands for exactly the waits that outlast the limit', () => {
  const moment = fc.record({
    kind: fc.constantFrom('asked' as const, 'answered' as const),
    ticks: fc.integer({ min: 1, max: 10 }),
  })
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 30 }), (sequence) => {
      const world = new World()
      const alerts = new Map<string, ModelAlert[]>()
      let state = unwatched
      const decide = (): void => {
        const decision = decideAt(state, world, world.now)
        record(alerts, decision.changes)
        state = decision.state
      }
      for (const { kind, ticks } of sequence) {
        for (const untilTick = world.now + ticks; world.now < untilTick;) {
          world.now += 1
          decide() // As wakes would, and often for nothing.
        }
        world.history[kind].push(world.now)
        decide()
      }
      const outlasting = new Set<Tick>()
      for (let tick = startTick; tick <= world.now; tick += 1) {
        const since = waitingSince(world.history, tick)
        if (since !== null && tick >= since + 2) outlasting.add(since)
      }
      const standing = (alerts.get('first') ?? []).filter(({ end }) => end !== 'retracted') // An answer at the very limit comes after the wake.
      expect(standing.map(({ since, started, late }) => ({ since, started, late }))).toEqual(
        [...outlasting].map((since) => ({ since, started: since + 2, late: false })),
      )
    }),
    { numRuns: 200 },
  )
})
