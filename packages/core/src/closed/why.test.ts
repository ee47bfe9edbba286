import { expect, test } from 'vitest'
import { measures } from '../families/catalogue.ts'
import type { Measure } from '../measures/measure.ts'
import { addCount, emptyRecord } from '../measures/record.ts'
import { encodeRecord } from '../measures/record-codec.ts'
import { reasonsOf } from './why.ts'

const held = (...counts: readonly (readonly [measure: Measure, count: number])[]) => {
  const record = emptyRecord()
  for (const [measure, count] of counts) addCount(record, measure, count)
  return { measures: [encodeRecord(record).slice()] }
}
const { aiAutonomous, aiReopened, aiMature, aiDurable } = measures
const { contactOpened, fcrDue, fcrSolved, firstResolutionReopened, fcrMatureDue } = measures
const before = held([contactOpened, 5], [fcrDue, 3], [fcrSolved, 3], [aiAutonomous, 1])

test.each([
  {
    rule: 'a contact that came late',
    after: held([contactOpened, 6], [fcrDue, 3], [fcrSolved, 3], [aiAutonomous, 1]),
    why: ['late-events'],
  },
  {
    rule: 'a customer who came back',
    after: held([contactOpened, 5], [fcrDue, 3], [fcrSolved, 2], [aiAutonomous, 1]),
    why: ['repeat-contact'],
  },
  {
    rule: 'a contact that was reopened',
    after: held(
      [contactOpened, 5],
      [fcrDue, 3],
      [fcrSolved, 2],
      [aiAutonomous, 1],
      [firstResolutionReopened, 1],
    ),
    why: ['reopening'],
  },
  {
    rule: 'one of each',
    after: held(
      [contactOpened, 5],
      [fcrDue, 3],
      [fcrSolved, 1],
      [aiAutonomous, 1],
      [firstResolutionReopened, 1],
    ),
    why: ['reopening', 'repeat-contact'],
  },
  {
    rule: 'time that passed',
    after: held(
      [contactOpened, 5],
      [fcrDue, 3],
      [fcrSolved, 3],
      [aiAutonomous, 1],
      [fcrMatureDue, 3],
    ),
    why: ['matured'],
  },
  {
    rule: 'a contact that a bot had resolved and that was reopened',
    after: held(
      [contactOpened, 5],
      [fcrDue, 3],
      [fcrSolved, 3],
      [aiAutonomous, 1],
      [aiReopened, 1],
    ),
    why: ['reopening'],
  },
  {
    rule: 'a week that passed since a bot resolved it',
    after: held(
      ...([
        [contactOpened, 5],
        [fcrDue, 3],
        [fcrSolved, 3],
        [aiAutonomous, 1],
      ] as const),
      ...([
        [aiMature, 1],
        [aiDurable, 1],
      ] as const),
    ),
    why: ['matured'],
  },
  { rule: 'nothing', after: before, why: [] },
])('what did it: $rule', ({ after, why }) => {
  expect(reasonsOf(before, after)).toEqual(why)
})

test('of what held nothing before, all came late', () => {
  expect(reasonsOf(null, held([contactOpened, 1]))).toEqual(['late-events'])
})
