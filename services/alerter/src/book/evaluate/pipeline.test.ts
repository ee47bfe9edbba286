import { type EpochMs, hourMs, secondMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { pipelineRule } from '../testing/rules.ts'
import { decidePipeline, type PipelineLook, type PipelineState } from './pipeline.ts'

const calm: PipelineState = { number: 7, active: null }
const nowMs = Date.parse('2026-03-02T10:00:00Z') as EpochMs

function look(behindMs: number, change: Partial<PipelineLook> = {}): PipelineLook {
  return {
    tenant: 'acme',
    timeZone: 'UTC',
    knownUpToMs: (nowMs - behindMs) as EpochMs,
    isReadable: true,
    isJudged: false,
    nowMs,
    ...change,
  }
}

const fired = decidePipeline(calm, pipelineRule, look(31 * secondMs))

test('it fires beyond the limit, not at it; it began when the limit was passed, and it is since the last known moment', () => {
  expect(decidePipeline(calm, pipelineRule, look(30 * secondMs))).toEqual({
    state: calm,
    transitions: [],
  })
  expect(fired.transitions).toMatchObject([
    {
      status: 'firing',
      number: 8,
      value: 31_000,
      limit: 30_000,
      late: false,
      subject: 'pipeline',
      slice: 'all',
      detectedMs: nowMs,
    },
  ])
  expect(fired.transitions[0]).toMatchObject({ sinceMs: nowMs - 31_000, startedMs: nowMs - 1_000 })
})

test.each([
  { rule: 'still behind', behindMs: 40_000, isReadable: true, is: [] },
  {
    rule: 'within the limit, but nobody can read it now',
    behindMs: 1_000,
    isReadable: false,
    is: [],
  },
  {
    rule: 'caught up',
    behindMs: 30_000,
    isReadable: true,
    is: [{ status: 'resolved', end: 'over', number: 8, endedMs: nowMs, value: 31_000 }],
  },
])('while it fires: $rule', ({ behindMs, isReadable, is }) => {
  const decided = decidePipeline(fired.state, pipelineRule, look(behindMs, { isReadable }))
  expect(decided.transitions).toMatchObject(is)
  expect(decided.transitions).toHaveLength(is.length)
})

test('one that cannot be read fires too, judged by what was last known', () => {
  expect(
    decidePipeline(calm, pipelineRule, look(hourMs, { isReadable: false })).transitions,
  ).toHaveLength(1)
})

test('without the rule, or under another name, what fires is withdrawn with what it said', () => {
  for (const rule of [null, { ...pipelineRule, name: 'other' }]) {
    const { state, transitions } = decidePipeline(fired.state, rule, look(40_000))
    expect(transitions).toMatchObject([
      { status: 'resolved', end: 'withdrawn', rule: 'pipeline-stalled', severity: 'critical' },
    ])
    expect(state).toEqual({ number: 8, active: null })
  }
})

test('the rule’s hours keep it from beginning, not from going on', () => {
  const rule = { ...pipelineRule, hours: [{ days: [2], fromMinute: 0, toMinute: 60 }] }
  expect(decidePipeline(calm, rule, look(hourMs)).transitions).toEqual([])
  expect(decidePipeline(fired.state, rule, look(hourMs)).transitions).toEqual([])
})

test('a clock that was put back lets none end before it began', () => {
  const startedMs = fired.transitions[0]!.startedMs
  const { transitions } = decidePipeline(
    fired.state,
    pipelineRule,
    look(0, { nowMs: (startedMs - 9) as EpochMs }),
  )
  expect(transitions).toMatchObject([
    { endedMs: startedMs, value: 30_000, detectedMs: startedMs - 9 },
  ])
})
