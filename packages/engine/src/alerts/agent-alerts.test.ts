import { expect, test } from 'vitest'
import {
  agentRule,
  asks,
  event,
  isIn,
  opened,
  told,
  toldOf,
  withRules,
} from '../testing/alert-log.ts'
import { foldLog, transitionsOf } from '../testing/fold-log.ts'

const longBreak = agentRule('long-break')
const hour = 3_600

test('an agent who is in a state for too long fires, until it leaves the state', async () => {
  const log = withRules([longBreak], () => [
    [1, isIn(1, 'a-1', 'available')],
    [10, isIn(10, 'a-1', 'break')],
    [69],
    [70],
    [90, isIn(90, 'a-1', 'available')],
  ])
  const transitions = transitionsOf(await foldLog(log, { batchSizes: [1] }))
  expect(transitions.map(told)).toEqual([
    'long-break agent/a-1 #1 firing 10–70– found 70',
    'long-break agent/a-1 #1 over 10–70–90 found 90',
  ])
  for (const transition of transitions)
    expect(transition).toMatchObject({
      agentId: 'a-1',
      state: 'break',
      slice: 'agent=a-1',
      limit: 60_000,
    })
})

test('how many alerts begin and end in a fold is told', async () => {
  const log = withRules([longBreak], () => [
    [10, isIn(10, 'a-1', 'break'), isIn(10, 'a-2', 'break')],
    [70],
    [90, isIn(90, 'a-1', 'available')],
  ])
  const told = { firing: [] as number[], resolved: [] as number[] }
  await foldLog(log, { batchSizes: [1], decided: (status, count) => void told[status].push(count) })
  expect(told).toEqual({ firing: [0, 0, 2, 0], resolved: [0, 0, 0, 1] })
})

test('the same state said again does not begin it anew, and short ones never fire', async () => {
  const log = withRules([longBreak], () => [
    [10, isIn(10, 'a-1', 'break'), isIn(10, 'a-2', 'break')],
    [50, isIn(50, 'a-1', 'break'), isIn(50, 'a-2', 'available')],
    [120],
  ])
  expect(await toldOf(log)).toEqual(['long-break agent/a-1 #1 firing 10–70– found 120'])
})

test('a state goes on over midnight, also while nothing else is heard', async () => {
  const sixteen = 16 * hour // From 08:00 UTC.
  const log = withRules(
    [agentRule('long-meeting', { states: ['meeting'], limitMs: 1_200_000 })],
    () => [
      [sixteen - 600, isIn(sixteen - 600, 'a-1', 'meeting')],
      [sixteen + 599],
      [sixteen + 601],
      [sixteen + 900, isIn(sixteen + 900, 'a-1', 'available')],
    ],
  )
  expect(await toldOf(log)).toEqual([
    `long-meeting agent/a-1 #1 firing ${sixteen - 600}–${sixteen + 600}– found ${sixteen + 601}`,
    `long-meeting agent/a-1 #1 over ${sixteen - 600}–${sixteen + 600}–${sixteen + 900} found ${sixteen + 900}`,
  ])
})

test('a meal of two hours stands: its rule fires, and is over with the meal', async () => {
  const log = withRules(
    [agentRule('long-meal', { states: ['meal'], limitMs: 90 * 60_000 })],
    () => [
      [10, isIn(10, 'a-1', 'meal')],
      [10 + 1.5 * hour],
      [10 + 2 * hour, isIn(10 + 2 * hour, 'a-1', 'available')],
    ],
  )
  expect(await toldOf(log)).toEqual([
    `long-meal agent/a-1 #1 firing 10–${10 + 1.5 * hour}– found ${10 + 1.5 * hour}`,
    `long-meal agent/a-1 #1 over 10–${10 + 1.5 * hour}–${10 + 2 * hour} found ${10 + 2 * hour}`,
  ])
})

test('who is signed out at the end of the longest shift is in the state no more', async () => {
  const log = withRules([longBreak], () => [
    [10, isIn(10, 'a-1', 'break')],
    [70],
    [10 + 16 * hour - 1],
    [10 + 16 * hour + 1],
  ])
  expect(await toldOf(log)).toEqual([
    'long-break agent/a-1 #1 firing 10–70– found 70',
    `long-break agent/a-1 #1 over 10–70–${10 + 16 * hour} found ${11 + 16 * hour}`,
  ])
})

test('a rule looks at the state of the busiest channel', async () => {
  const of = (second: number, channel: string, state: string) =>
    event(second, 'agent.state_changed', { agentId: 'a-1', state, channel })
  const log = withRules([longBreak], () => [
    [10, of(10, 'chat', 'available'), of(10, 'voice', 'break')],
    [100],
    [110, of(110, 'chat', 'offline')],
    [170],
  ])
  expect(await toldOf(log)).toEqual(['long-break agent/a-1 #1 firing 110–170– found 170'])
})

test('an end that was in time and comes late retracts it', async () => {
  const log = withRules([longBreak], () => [
    [10, isIn(10, 'a-1', 'break')],
    [80],
    [90, isIn(40, 'a-1', 'available')],
  ])
  expect((await toldOf(log)).at(-1)).toBe('long-break agent/a-1 #1 retracted 10–70–70 found 90')
})

test('a rule of a queue looks at the agents that are in it', async () => {
  const log = withRules([agentRule('long-break', { slice: 'queue=billing' })], () => [
    [
      1,
      event(1, 'agent.queue_joined', { agentId: 'a-1', queue: 'billing' }),
      event(1, 'agent.queue_joined', { agentId: 'a-2', queue: 'tech' }),
    ],
    [10, isIn(10, 'a-1', 'break'), isIn(10, 'a-2', 'break')],
    [80],
  ])
  expect(await toldOf(log)).toEqual(['long-break agent/a-1 #1 firing 10–70– found 80'])
})

test('new rules look at agents that nothing was heard of since, and withdraw what they do not ask for', async () => {
  const log = withRules([], (change) => [
    [10, isIn(10, 'a-1', 'break')],
    [20, isIn(20, 'a-2', 'break')],
    [100, change(longBreak)],
    [100.25],
    [200, change()],
    [200.25],
  ])
  const store = await foldLog(log, { batchSizes: [1], restartAt: new Set([3, 4, 5]) })
  expect(transitionsOf(store).map(told)).toEqual([
    'long-break agent/a-1 #1 firing 10–70– found 100.25',
    'long-break agent/a-2 #1 firing 20–80– found 100.25',
    'long-break agent/a-1 #1 withdrawn 10–70–200.25 found 200.25',
    'long-break agent/a-2 #1 withdrawn 20–80–200.25 found 200.25',
  ])
})

test('contacts that engage the agent change neither its state nor its alert', async () => {
  const log = withRules([longBreak], () => [
    [10, isIn(10, 'a-1', 'break'), opened(10, 'c-1')],
    [20, event(20, 'contact.assigned', { contactId: 'c-1', agentId: 'a-1' }), asks(20, 'c-1')],
    [70],
    [80, event(80, 'contact.released', { contactId: 'c-1', agentId: 'a-1' })],
  ])
  expect(await toldOf(log)).toEqual(['long-break agent/a-1 #1 firing 10–70– found 70'])
})
