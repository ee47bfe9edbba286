import type { CanonicalEvent } from '@deskpulse/core/events'
import { expect, test } from 'vitest'
import { asks, event, opened, sourceRule, toldOf, withRules } from '../testing/alert-log.ts'

const from = (source: string, second: number): CanonicalEvent =>
  event(second, 'contact.opened', { contactId: `c-${second}`, channel: 'chat' }, source)
const silent = sourceRule('silent')
const day = 86_400

test('a source that sent live events and stops is silent from the last one on, until the next one', async () => {
  const log = withRules([silent], () => [
    [10, from('/chat', 10), from('/voice', 10)],
    [40, from('/chat', 40)],
    [70.5],
    [80, from('/chat', 80)],
    [95, from('/voice', 95)],
  ])
  const expected = [
    'silent source//voice #1 firing 10–70– found 70.5',
    'silent source//voice #1 over 10–70–95 found 95',
  ]
  expect(await toldOf(log)).toEqual(expected)
  expect(await toldOf(log, [2, 3, 4, 5])).toEqual(expected)
})

test('what is filled in does not show that a source sends: neither begins to watch it nor ends its silence', async () => {
  const log = withRules([silent], () => [
    [400, from('/filled', 99), from('/live', 100)],
    [461],
    [500, from('/live', 199), from('/filled', 199)],
    [600, from('/live', 300)],
  ])
  expect(await toldOf(log)).toEqual([
    'silent source//live #1 firing 400–460– found 461',
    'silent source//live #1 over 400–460–600 found 600',
  ])
})

test('repeats and refused events do not count as heard', async () => {
  const once = from('/chat', 10)
  const ahead = from('/chat', 400)
  const log = withRules([silent], () => [[10, once], [60, once, ahead], [70]])
  expect(await toldOf(log)).toEqual(['silent source//chat #1 firing 10–70– found 70'])
})

test('an event that no number is counted from shows that its source sends', async () => {
  const survey = event(
    60,
    'employee.surveyed',
    { surveyId: 's-1', score: 4, scaleMin: 1, scaleMax: 5 },
    '/chat',
  )
  const log = withRules([silent], () => [[10, from('/chat', 10)], [60, survey], [70], [120]])
  expect(await toldOf(log)).toEqual(['silent source//chat #1 firing 60–120– found 120'])
})

test('a rule may name its sources', async () => {
  const log = withRules([sourceRule('silent', { sources: ['/voice'] })], () => [
    [10, from('/chat', 10), from('/voice', 10)],
    [100],
  ])
  expect(await toldOf(log)).toEqual(['silent source//voice #1 firing 10–70– found 100'])
})

test('a source that is not heard of for a week is forgotten; should it come back, its alerts count on', async () => {
  const log = withRules([silent], () => [
    [10, from('/chat', 10)],
    [70],
    [7 * day + 9],
    [7 * day + 10],
    [8 * day, from('/chat', 8 * day)],
    [8 * day + 60],
  ])
  const expected = [
    'silent source//chat #1 firing 10–70– found 70',
    `silent source//chat #1 withdrawn 10–70–${7 * day + 10} found ${7 * day + 10}`,
    `silent source//chat #2 firing ${8 * day}–${8 * day + 60}– found ${8 * day + 60}`,
  ]
  expect(await toldOf(log)).toEqual(expected)
  expect(await toldOf(log, [1, 2, 3, 4, 5, 6])).toEqual(expected)
})

test('new rules look at the sources that are known, though nothing of the tenant comes any more', async () => {
  const log = withRules([sourceRule('silent', { limitMs: 3_600_000 })], (change) => [
    [10, from('/chat', 10)],
    [100, change(silent)],
    [100.25],
    [110, change()],
    [110.25],
  ])
  const expected = [
    'silent source//chat #1 firing 10–70– found 100.25',
    'silent source//chat #1 withdrawn 10–70–110.25 found 110.25',
  ]
  expect(await toldOf(log)).toEqual(expected)
  expect(await toldOf(log, [3, 4, 5])).toEqual(expected)
})

test('one of very many sources is watched, those past the limit are not', async () => {
  const many = Array.from({ length: 501 }, (_, index) => from(`/device/${index}`, 10))
  const log = withRules([silent], () => [[10, opened(10, 'c'), asks(10, 'c'), ...many], [70]])
  const subjects = (await toldOf(log)).map((text) => text.split(' ')[1])
  expect(subjects).toHaveLength(500)
  expect(subjects).toContain('source//chat')
  expect(subjects).not.toContain('source//device/499')
})

test('sources that are forgotten make room for others', async () => {
  const many = Array.from({ length: 500 }, (_, index) => from(`/device/${index}`, 10))
  const later = 8 * day
  const log = withRules([silent], () => [
    [10, ...many],
    [20, from('/chat', 20)],
    [7 * day + 10],
    [later, from('/chat', later)],
    [later + 60],
  ])
  const chats = (await toldOf(log)).filter((text) => text.includes('source//chat'))
  expect(chats).toEqual([
    `silent source//chat #1 firing ${later}–${later + 60}– found ${later + 60}`,
  ])
})
