import { expect, test } from 'vitest'
import { familyOf, firstCell, measureOf, measures, numberOfFamily, thresholdMeasures, type Family, type Measure } from './measure.ts'

const named = Object.entries<Measure>(measures)

test('what is stored under a number stays there: numbers are for good', () => {
  expect(named.map(([name, { family, field, kind }]) => `${family}/${field} ${name} ${kind}`)).toEqual([
    'response/1 replyTime duration',
    'response/2 firstReplyTime duration',
    'response/3 replyWithin count',
    'response/4 firstReplyWithin count',
    'response/5 replyDue count',
    'response/6 replyDueWithin count',
    'response/7 firstReplyDue count',
    'response/8 firstReplyDueWithin count',
    'response/9 replyCancelled count',
    'response/10 lostWait count',
    'contact/1 contactOpened count',
    'contact/2 contactHandled count',
    'contact/3 contactResolved count',
    'contact/4 resolution count',
    'contact/5 reopening count',
    'contact/6 resolutionTimeFromRequest duration',
    'contact/7 fcrDue count',
    'contact/8 fcrSolved count',
    'contact/9 fcrIdentified count',
    'agent/1 agentHandling span',
    'agent/2 agentAvailable span',
    'agent/3 agentNotReady span',
  ])
  expect(thresholdMeasures(30)).toEqual({
    due: { field: 1_060, family: 'response', kind: 'count' },
    within: { field: 1_061, family: 'response', kind: 'count' },
  })
  expect(thresholdMeasures(0).due.field).toBe(1_000)
})

test('the measure of a number is the one that is stored there', () => {
  for (const [, measure] of named) expect(measureOf(measure.family, measure.field)).toBe(measure)
  for (const measure of Object.values(thresholdMeasures(0))) expect(measureOf('response', measure.field)).toEqual(measure)
  for (const [family, field] of [
    ['response', 999],
    ['response', 0],
    ['agent', 1_000],
  ] as const)
    expect(() => measureOf(family, field)).toThrow(RangeError)
})

test('a family keeps its number, and each measure has cells of its own in one record', () => {
  const families: Family[] = ['response', 'contact', 'agent']
  expect(families.map(numberOfFamily)).toEqual([0, 1, 2])
  expect(families.map((family) => familyOf(numberOfFamily(family)))).toEqual(families)
  expect(() => familyOf(3)).toThrow(RangeError)
  const all = [...Object.values<Measure>(measures), ...Object.values(thresholdMeasures(86_400))].map(firstCell)
  expect(new Set(all).size).toBe(all.length)
  expect(all.every((cell) => cell % 4_096 === 0)).toBe(true)
  expect([firstCell(measures.replyTime), firstCell(measures.contactOpened), firstCell(measures.agentNotReady)]).toEqual([
    32_768, 36_864, 106_496,
  ])
})
