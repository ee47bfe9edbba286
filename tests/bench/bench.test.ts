import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { caseNames, specOf } from './cases/catalogue.ts'
import { measure } from './cases/measure.ts'
import { runRounds } from './cases/rounds.ts'
import { curveNames } from './growth/curves.ts'
import { histogramQuantile, quantileOf, spreadOf } from './measuring/stats.ts'
import { optionsOf } from './options.ts'
import { dueCount, historyAtMs, laneOf, linesOf } from './pipeline/lanes.ts'
import { latencies } from './pipeline/observer.ts'
import { openTarget } from './pipeline/target.ts'
import { selfTimes } from './profile.ts'
import { ratesTable } from './report/rates.ts'
import { singleReport } from './report/single.ts'

const few = 1_500

describe('each case takes in its events', () => {
  test.each(caseNames)('%s', async (name) => {
    const opened = await specOf(name).open(few)
    const { events } = await measure(opened)
    await opened.close?.()
    expect(events).toBeGreaterThan(0)
    expect(events).toBeLessThanOrEqual(5 * few)
  })
})

test('a round gives one sample of every case, and the report a row for each', async () => {
  const samples = await runRounds({ names: ['json-parse', 'ingest-parse'], events: few, runs: 2 })
  expect([...samples.values()].map((all) => all.length)).toEqual([2, 2])
  const report = singleReport(samples)
  expect(report).toContain('| `JSON.parse` alone')
  expect(report).toContain('of `JSON.parse` alone')
})

test('a ratio is that of one round, and the median of them is shown', () => {
  const run = (cpuMs: number) => ({ events: 1_000, wallMs: 10, cpuMs })
  const report = ratesTable([
    { title: 'ceiling', ceiling: null, runs: [run(1), run(10), run(1)] },
    { title: 'row', ceiling: 'ceiling', runs: [run(2), run(20), run(4)] },
  ])
  expect(report).toContain('50.0 % of ceiling')
})

test.each([
  { values: [3], median: 3, p99: 3 },
  { values: [4, 1], median: 2.5, p99: 4 },
  { values: [9, 1, 5], median: 5, p99: 9 },
])('the median of $values is $median, its p99 $p99', ({ values, median, p99 }) => {
  expect(spreadOf(values).median).toBe(median)
  expect(quantileOf(values, 0.99)).toBe(p99)
})

test.each([
  { counts: [0, 0, 0], p50: null, rule: 'nothing observed is null, not 0' },
  { counts: [4, 4, 4], p50: 0.5, rule: 'linear within a bucket' },
  { counts: [0, 0, 7], p50: 2, rule: 'past the last bound it is that bound' },
])('a quantile of a histogram: $rule', ({ counts, p50 }) => {
  const buckets = [1, 2, Infinity].map((upTo, index) => ({ upTo, count: counts[index]! }))
  expect(histogramQuantile(buckets, 0.5)).toBe(p50)
})

describe('the load', () => {
  test.each([
    { atMs: 999, due: 0, rule: 'nothing before it begins' },
    { atMs: 1_000, due: 1, rule: 'the first event at once' },
    { atMs: 1_099, due: 10, rule: 'one every 10 ms, whether or not others were answered' },
    { atMs: 9_999, due: 20, rule: 'no more than there are' },
  ])('$rule', ({ atMs, due }) => {
    expect(dueCount(1_000, atMs, 100, 20)).toBe(due)
  })

  test('is what the simulator gives, at another time, and ends with the opening of a contact', () => {
    const lane = laneOf('acme', 1, 2_000)
    const lines = linesOf(lane, 0, lane.events.length, (place) => 1_000 * place)
    const events = lines
      .split('\n', lane.events.length)
      .map((line) => JSON.parse(line) as { time: string; type: string })
    expect(events[2]?.time).toBe('1970-01-01T00:00:02.000Z')
    expect(events.at(-1)?.type).toBe('deskpulse.contact.opened.v1')
    expect(lane.openings).toEqual(
      events.flatMap(({ type }, place) => (type === 'deskpulse.contact.opened.v1' ? [place] : [])),
    )
  })
})

test('a file takes the lines of a load in the order in which they are sent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-bench-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'events.ndjson')
  const target = await openTarget({ kind: 'file', file })
  await target.send('acme', '{"n":1}\n{"n":2}\n', 2)
  await target.send('acme', '{"n":3}\n', 1)
  await target.close()
  expect(readFileSync(file, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":3}\n')
})

test('history ends now, and reaches no further back than half an hour, so that a reader of the last hour sees it for another half', () => {
  const { events } = laneOf('acme', 1, 1_000)
  const [first, last] = [events[0]!, events.at(-1)!]
  const short = { tenant: 'acme', events, openings: [] }
  expect(historyAtMs(short, 5e9, events.length - 1)).toBe(5e9)
  expect(historyAtMs(short, 5e9, 0)).toBe(5e9 - (last.simulatedMs - first.simulatedMs))
  const long = {
    ...short,
    events: [{ ...first, simulatedMs: last.simulatedMs - 86_400_000 }, last],
  }
  expect(historyAtMs(long, 5e9, 0)).toBe(5e9 - 1_800_000)
})

test('latency runs from when an event was due, also where it was sent late, until the first answer that counts it', () => {
  const sightings = [
    { atMs: 20, opened: 2 },
    { atMs: 70, opened: 3 },
  ]
  expect(latencies([0, 10, 20], sightings)).toEqual([20, 10, 50])
})

test('self time is by function, without idle time', () => {
  const node = (id: number, functionName: string) => ({
    id,
    callFrame: { functionName, scriptId: '0', url: '', lineNumber: 0, columnNumber: 0 },
  })
  const profile = {
    nodes: [node(1, 'fold'), node(2, '(idle)'), node(3, 'parse')],
    startTime: 0,
    endTime: 0,
  }
  expect(selfTimes({ ...profile, samples: [1, 2, 3, 1], timeDeltas: [10, 70, 10, 20] })).toEqual([
    { name: 'fold', share: 0.75 },
    { name: 'parse', share: 0.25 },
  ])
})

test('what cannot be measured is refused', () => {
  expect(() => optionsOf(['--only', 'core,moon'])).toThrow('no part, case or curve moon')
  expect(() => optionsOf(['--runs', '0'])).toThrow('--runs')
  expect(() => optionsOf(['--profile', 'moon'])).toThrow('no case moon')
  expect(() => optionsOf(['--minutes', '1321'])).toThrow('--minutes must be at most 1320')
  expect(optionsOf(['--quick', '--only', 'core']).parts).toEqual(['core'])
})

test('parts or cases are chosen; nothing typed is everything that asks for nothing more', () => {
  const of = (only: string) => optionsOf(['--only', only])
  expect(of('embedded').cases).toEqual(['log-read', 'embedded-aggregator'])
  expect(of('fold-34,json-parse,pipeline')).toMatchObject({
    parts: ['pipeline'],
    cases: ['json-parse', 'fold-34'],
  })
  expect(optionsOf([])).toMatchObject({
    parts: ['core', 'ingest', 'embedded', 'pipeline', 'alerts', 'takeover'],
    cases: caseNames,
    curves: [],
  })
  expect(of('growth,soak')).toMatchObject({
    parts: ['growth', 'soak'],
    cases: [],
    curves: curveNames,
    minutes: 30,
  })
  expect(of('tenants')).toMatchObject({ parts: [], cases: [], curves: ['tenants'] })
  expect(optionsOf(['--profile', 'agents-2000']).profile).toBe('agents-2000')
})
