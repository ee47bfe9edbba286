import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { dimensionsSubject, stateKey } from '@deskpulse/core/state'
import { expect, test } from 'vitest'
import {
  configProposals,
  dimensionRule,
  opened,
  tenant,
  toldOf,
  withRules,
} from '../testing/alert-log.ts'
import { foldLog } from '../testing/fold-log.ts'

const limitedTo = (sliceValuesMax: number, changed: Partial<TenantConfig> = {}): TenantConfig => ({
  ...defaultTenantConfig,
  sliceValuesMax,
  ...changed,
})
const inQueues = (second: number, from: number, to: number): CanonicalEvent[] =>
  Array.from({ length: to - from }, (_, n) =>
    opened(second, `c-${from + n}`, { queue: `q-${from + n}` }),
  )

const full = dimensionRule('full')

test('a dimension with more than 80 % of its values taken is nearly full, at exactly 80 % it is not', async () => {
  const configure = configProposals()
  const log = withRules([full], () => [
    [10, configure(limitedTo(10)), ...inQueues(10, 0, 8)],
    [20],
    [30, ...inQueues(30, 8, 9)],
    [34.9],
    [35.5],
    [50, ...inQueues(50, 0, 9)],
  ])
  const expected = ['full dimension/queue #1 firing 30–35– found 35.5']
  expect(await toldOf(log)).toEqual(expected)
  expect(await toldOf(log, [1, 2, 3, 4, 5])).toEqual(expected)
})

test('it has room again once the limit is raised, but not when something already counts as other', async () => {
  const configure = configProposals()
  const log = withRules([full], () => [
    [10, configure(limitedTo(10)), ...inQueues(10, 0, 9)],
    [20],
    [30, configure(limitedTo(20))],
    [40, ...inQueues(40, 9, 21)],
    [50],
    [60, configure(limitedTo(100))],
    [70],
  ])
  expect(await toldOf(log)).toEqual([
    'full dimension/queue #1 firing 10–15– found 20',
    'full dimension/queue #1 over 10–15–30 found 30',
    'full dimension/queue #2 firing 40–45– found 50',
  ])
})

test('each dimension is told apart, and one that nobody keeps apart is not told', async () => {
  const configure = configProposals()
  const kept = limitedTo(2, {
    slices: { dimensions: ['agent'], pairs: [['queue', 'class']], values: {} },
  })
  const events = ['a', 'b'].map((name) =>
    opened(10, name, { queue: name, channel: name, agentId: name }),
  )
  expect(await toldOf(withRules([full], () => [[10, configure(kept), ...events], [20]]))).toEqual([
    'full dimension/queue #1 firing 10–15– found 20',
    'full dimension/agent #1 firing 10–15– found 20',
  ])
})

test('a dimension that a later configuration keeps apart is told of, though it was full before and nothing new comes', async () => {
  const configure = configProposals()
  const agents = Array.from({ length: 3 }, (_, n) => opened(10, `c-${n}`, { agentId: `a-${n}` }))
  const slices = { dimensions: ['agent'], pairs: [], values: {} } as const
  const log = withRules([full], () => [
    [10, configure(limitedTo(2, { slices: { ...slices, dimensions: [] } })), ...agents],
    [20, configure(limitedTo(2, { slices }))],
    [30],
  ])
  expect(await toldOf(log)).toEqual(['full dimension/agent #1 firing 20–25– found 30'])
})

test('new rules are decided by how the dimensions stand, also where nothing comes any more', async () => {
  const configure = configProposals()
  const log = withRules([], (change) => [
    [10, configure(limitedTo(2)), ...inQueues(10, 0, 2)],
    [20],
    [30, change(full)],
    [40],
    [50, change()],
    [60],
  ])
  expect(await toldOf(log, [3, 4])).toEqual([
    'full dimension/queue #1 firing 10–15– found 40',
    'full dimension/queue #1 withdrawn 10–15–60 found 60',
  ])
})

test('how the dimensions stand is written as it changes, and by no other record', async () => {
  const configure = configProposals()
  const log = withRules([full], () => [
    [10, configure(limitedTo(2)), ...inQueues(10, 0, 1)],
    [11, ...inQueues(11, 1, 2)],
    [12, ...inQueues(12, 0, 1)],
    [13, ...inQueues(13, 1, 2)],
    [16.5],
    [20, ...inQueues(20, 0, 2)],
  ])
  const key = stateKey(dimensionsSubject(tenant))
  const written: boolean[] = []
  await foldLog(log, {
    batchSizes: [1],
    folded: ({ change }) => written.push(change.puts.some((put) => put.key === key)),
  })
  expect(written).toEqual([false, false, true, false, false, true, false])
})
