import { expect, test } from 'vitest'
import { cellsPerField, familiesMax, firstCell, type Measure } from '../measures/measure.ts'
import { families } from './catalogue.ts'
import { passThresholdMeasures } from './queues.ts'
import { thresholdMeasures } from './replies.ts'

const measures = families.flatMap((family) => Object.values(family.measures))
const made = [0, 30, 86_400].flatMap((seconds) => [
  ...Object.values(thresholdMeasures(seconds)),
  ...Object.values(passThresholdMeasures(seconds)),
])

test('what is stored under a number stays there: numbers are for good', () => {
  expect(
    measures.map(({ name, family, field, kind }) => `${family}/${field} ${name} ${kind}`),
  ).toEqual([
    '0/1 replyTime duration',
    '0/2 firstReplyTime duration',
    '0/20 afterHoursReplyTime duration',
    '0/21 afterHoursFirstReplyTime duration',
    '0/3 replyWithin count',
    '0/4 firstReplyWithin count',
    '0/5 replyDue count',
    '0/6 replyDueWithin count',
    '0/7 firstReplyDue count',
    '0/8 firstReplyDueWithin count',
    '0/22 afterHoursReplyDue count',
    '0/23 afterHoursReplyDueWithin count',
    '0/9 replyCancelled count',
    '0/11 replyMissed count',
    '3/1 lostWait count',
    '7/1 passEntered count',
    '7/2 passDue count',
    '7/3 passWithin count',
    '7/4 passAnswered duration',
    '7/5 passAbandoned duration',
    '7/6 passAbandonedLong count',
    '7/7 passAbandonedShort count',
    '7/8 passLeft count',
    '7/9 passEnded duration',
    '7/10 leftBeforeQueue count',
    '1/1 contactOpened count',
    '1/2 contactHandled count',
    '1/3 contactResolved count',
    '1/4 resolution count',
    '1/5 reopening count',
    '1/6 contactAnswered count',
    '1/7 handledTransferred count',
    '1/8 handledEscalated count',
    '5/1 handleTime duration',
    '5/2 talkTime duration',
    '5/3 holdTime duration',
    '5/4 wrapUpTime duration',
    '4/1 resolutionTimeFromRequest duration',
    '4/8 resolutionDue count',
    '4/9 resolutionDueWithin count',
    '4/2 fcrDue count',
    '4/3 fcrSolved count',
    '4/4 fcrIdentified count',
    '4/6 fcrMatureDue count',
    '4/7 fcrMatureSolved count',
    '4/5 firstResolutionReopened count',
    '2/1 agentHandling span',
    '2/2 agentAvailable span',
    '2/3 agentNotReady span',
    '20/1 complaintFiled count',
    '20/2 complaintJustified count',
    '20/3 complaintTime duration',
    '21/1 reviewPosted count',
    '21/2 badReview count',
    '22/1 followUpDue count',
    '22/2 followUpDone count',
    '23/1 restoreTime duration',
    '6/1 servedInHour distinct',
    '6/2 servedInDay distinct',
    '6/3 servedInWeek distinct',
    '6/4 servedInMonth distinct',
    '6/5 servedInQuarter distinct',
    '6/6 servedInYear distinct',
    '14/1 forecastOffered count',
    '14/2 workloadDifference count',
    '14/3 forecastWork count',
    '14/4 workTimeDifference count',
    '14/5 forecastTimedOffered count',
    '14/6 forecastAgentTime count',
  ])
  expect(thresholdMeasures(30)).toMatchObject({
    due: { name: 'due30s', family: 0, field: 1_060, kind: 'count' },
    within: { name: 'within30s', family: 0, field: 1_061, kind: 'count' },
  })
  expect(passThresholdMeasures(30)).toMatchObject({
    due: { name: 'passDue30s', family: 7, field: 1_060, kind: 'count' },
    within: { name: 'passWithin30s', family: 7, field: 1_061, kind: 'count' },
  })
})

test('what readings on a clock add is stored under numbers that are for good, too', () => {
  const { due, within } = thresholdMeasures(30)
  const fieldsOf = ({ name, shifts }: Measure): string[] =>
    shifts === undefined ? [] : [`${name} ${shifts.calendar.field} ${shifts.business.field}`]
  expect([...measures, due, within].flatMap(fieldsOf)).toEqual([
    'replyTime 102 103',
    'firstReplyTime 104 105',
    'afterHoursReplyTime 140 141',
    'afterHoursFirstReplyTime 142 143',
    'replyWithin 106 107',
    'firstReplyWithin 108 109',
    'replyDue 110 111',
    'replyDueWithin 112 113',
    'firstReplyDue 114 115',
    'firstReplyDueWithin 116 117',
    'afterHoursReplyDue 144 145',
    'afterHoursReplyDueWithin 146 147',
    'resolutionTimeFromRequest 102 103',
    'due30s 200120 200121',
    'within30s 200122 200123',
  ])
})

test('a family has a number and a name of its own', () => {
  const numbers = families.map(({ number }) => number)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(new Set(families.map(({ name }) => name)).size).toBe(families.length)
  for (const number of numbers) expect(number).toBeLessThan(familiesMax)
})

test('a measure has a name and cells of its own', () => {
  const all = [...measures, ...made].flatMap((one) => [one, ...Object.values(one.shifts ?? {})])
  expect(new Set(all.map(firstCell)).size).toBe(all.length)
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  expect(all.every((measure) => firstCell(measure) % cellsPerField === 0)).toBe(true)
})

test('every measure is counted by some rule, and each rule by a measure of its family', () => {
  for (const { measures: own, rules } of families)
    expect(new Set(rules.map(({ measure }) => measure))).toEqual(new Set(Object.values(own)))
})
