import { expect, test } from 'vitest'
import {
  cellsPerField,
  familiesMax,
  fieldsOf,
  firstCell,
  type Measure,
  twinsOf,
} from '../measures/measure.ts'
import { families } from './catalogue.ts'
import { passThresholdMeasures } from './queues.ts'
import { thresholdMeasures } from './replies.ts'

const measures = families.flatMap((family) => Object.values(family.measures))
const made = [0, 30, 86_400].flatMap((seconds) => [
  ...Object.values(thresholdMeasures(seconds)),
  ...Object.values(passThresholdMeasures(seconds)),
])

/** Of one kind of assessments. */
const scoresFrom = (field: number, kind: string): readonly string[] =>
  ['Self', 'Supervisor', 'Peer', 'Customer'].flatMap((rater, place) => [
    `32/${field + 20 * place} ${kind}By${rater}Score count`,
    `32/${field + 20 * place + 10} ${kind}By${rater}Count count`,
  ])

test('what is stored under a number stays there: numbers are for good', () => {
  expect(
    measures.map(({ name, family, field, kind }) => `${family}/${field} ${name} ${kind}`),
  ).toEqual([
    '0/1 replyTime duration',
    '0/2 firstReplyTime duration',
    '0/12 firstReplyQueuePart duration',
    '0/13 firstReplyAgentPart duration',
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
    '11/1 cappedReplyTime duration',
    '11/2 sessionEnded count',
    '11/3 sessionWithin count',
    '11/4 firstReplyOwed count',
    '11/5 firstReplyResolved count',
    ...['Hour', 'Day', 'Week', 'Month', 'Quarter', 'Year'].map(
      (kind, nth) => `11/${11 + nth} dueIn${kind} distinct`,
    ),
    ...['Hour', 'Day', 'Week', 'Month', 'Quarter', 'Year'].map(
      (kind, nth) => `11/${21 + nth} missedIn${kind} distinct`,
    ),
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
    '8/1 offerAccepted count',
    '8/2 offerMissed count',
    '1/1 contactOpened count',
    '1/2 contactHandled count',
    '1/3 contactResolved count',
    '1/4 resolution count',
    '1/5 reopening count',
    '1/6 contactAnswered count',
    '1/7 handledTransferred count',
    '1/8 handledEscalated count',
    '1/9 messageLeft count',
    '1/20 contactEnded count',
    '1/21 stationOfEnded count',
    '1/22 totalQueueWait duration',
    '5/1 handleTime duration',
    '5/2 talkTime duration',
    '5/3 holdTime duration',
    '5/4 wrapUpTime duration',
    '5/5 heldPart count',
    '5/6 hold count',
    '5/7 holdAbandon count',
    '5/8 hungUp count',
    '5/9 hungUpByAgent count',
    '9/1 customerMessage count',
    '9/2 humanMessage count',
    '9/3 customerResponse duration',
    '9/4 answeredEnded count',
    '9/5 messageOfEnded count',
    '9/6 closeTime duration',
    '9/7 openedEnded count',
    '9/8 silentEnded count',
    '4/10 timeToStart duration',
    '4/1 resolutionTimeFromRequest duration',
    '4/11 resolutionTimeFromRequestActive duration',
    '4/12 resolutionTimeFromStart duration',
    '4/13 resolutionTimeFromStartActive duration',
    '4/14 resolutionTimeToLast duration',
    '4/15 resolutionTimeToLastActive duration',
    '4/8 resolutionDue count',
    '4/9 resolutionDueWithin count',
    '4/16 openedResolvedInTime count',
    '4/17 openedRepeat count',
    '4/2 fcrDue count',
    '4/3 fcrSolved count',
    '4/4 fcrIdentified count',
    '4/6 fcrMatureDue count',
    '4/7 fcrMatureSolved count',
    '4/18 fcrNetDue count',
    '4/19 fcrNetSolved count',
    '4/20 fcrNetIdentified count',
    '4/5 firstResolutionReopened count',
    '4/21 firstResolutionInAuthority count',
    '4/22 firstResolutionFirstLevel count',
    '4/23 firstPartUnresolved count',
    '4/24 firstPartResolvedLater count',
    '10/1 managerReaction duration',
    '10/2 managerReactionConflict duration',
    '10/3 managerReactionTechnical duration',
    '2/1 agentHandling span',
    '2/2 agentAvailable span',
    '2/3 agentNotReady span',
    '2/4 agentEngaged span',
    '2/5 agentCapacity span',
    '2/6 agentEngagedOfCapacity span',
    '12/1 staffedTime span',
    '12/2 effectiveHandleTime duration',
    '12/3 agentDays distinct',
    '24/1 csatRated count',
    '24/2 csatSatisfied count',
    '24/3 csatScore count',
    '24/4 csatHumanRated count',
    '24/5 csatHumanSatisfied count',
    '24/6 csatBotRated count',
    '24/7 csatBotSatisfied count',
    '24/8 csatAssistedRated count',
    '24/9 csatAssistedSatisfied count',
    '24/10 npsRated count',
    '24/11 npsBalance count',
    '24/12 cesRated count',
    '24/13 cesScore count',
    '24/14 qualityRated count',
    '24/15 qualityRating count',
    '24/16 surveySent count',
    '24/17 surveyReturned count',
    '24/18 handledInvited count',
    '20/1 complaintFiled count',
    '20/2 complaintJustified count',
    '20/3 complaintTime duration',
    '21/1 reviewPosted count',
    '21/2 badReview count',
    '22/1 followUpDue count',
    '22/2 followUpDone count',
    '23/1 restoreTime duration',
    '36/1 saleOfferMade count',
    '36/2 saleOfferAccepted count',
    '37/1 refundRequested count',
    '37/2 refundKept count',
    '37/3 refundTime duration',
    '34/1 orderPlaced count',
    '34/2 orderPlacedPaid count',
    '34/7 orderConverted count',
    '34/8 convertedReturned count',
    '34/9 convertedReturnedByService count',
    '34/15 convertedRefunded count',
    '34/10 orderMoney money',
    '34/20 orderMoneyBack money',
    ...['paid', 'advised', 'converted', 'inquired', 'bought'].flatMap((what, place) =>
      ['Hour', 'Day', 'Week', 'Month', 'Quarter', 'Year'].map(
        (kind, nth) => `40/${10 * place + 1 + nth} ${what}In${kind} distinct`,
      ),
    ),
    ...['paidBefore', 'retainedIn'].flatMap((what, place) =>
      ['Hour', 'Day', 'Week', 'Month', 'Quarter', 'Year'].map(
        (kind, nth) => `41/${10 * place + 1 + nth} ${what}${kind} distinct`,
      ),
    ),
    ...['contractsAt', 'contractsLostIn'].flatMap((what, place) =>
      ['Day', 'Week', 'Month', 'Quarter', 'Year'].map(
        (kind, nth) => `41/${10 * place + 22 + nth} ${what}${kind} count`,
      ),
    ),
    '6/1 servedInHour distinct',
    '6/2 servedInDay distinct',
    '6/3 servedInWeek distinct',
    '6/4 servedInMonth distinct',
    '6/5 servedInQuarter distinct',
    '6/6 servedInYear distinct',
    '13/1 botContactOver count',
    '13/2 botContained count',
    '13/3 botContactHandedOff count',
    '13/4 aiContact count',
    '13/5 aiContactOpened count',
    '13/6 aiEpisode count',
    '13/7 aiAutonomous count',
    '13/8 aiAssisted count',
    '13/9 aiDropped count',
    '13/10 aiMessages count',
    '13/11 aiReopened count',
    '13/12 aiMature count',
    '13/13 aiDurable count',
    '13/14 handoffLimit count',
    '13/15 handoffRequested count',
    '13/16 handoffUnable count',
    '13/17 handoffPolicy count',
    '13/18 handoffOther count',
    '13/19 handoffNone count',
    '14/1 forecastOffered count',
    '14/2 workloadDifference count',
    '14/3 forecastWork count',
    '14/4 workTimeDifference count',
    '14/5 forecastTimedOffered count',
    '14/6 forecastAgentTime count',
    '15/1 scheduledTime span',
    '15/2 adheredTime span',
    '15/3 scheduledProductiveTime span',
    '15/4 productiveTime span',
    '15/5 attendanceDue count',
    '15/6 attendanceKept count',
    '15/7 attendanceViolated count',
    '30/10 callReviewed count',
    '30/20 callScore count',
    '30/30 hygieneReviewed count',
    '30/40 hygieneScore count',
    '30/50 accuracyReviewed count',
    '30/60 accuracyPassed count',
    '30/70 accuracyFailed count',
    '30/80 qualityReviewed count',
    '30/90 qualityCritical count',
    '31/1 bannedPhrase count',
    '32/10 trainingHeld count',
    '32/20 trainingTaken count',
    '32/30 testTaken count',
    '32/40 testPassed count',
    ...scoresFrom(100, 'knowledgeTest'),
    ...scoresFrom(180, 'collaboration'),
    ...scoresFrom(260, 'teamwork'),
    ...scoresFrom(340, 'development'),
    ...scoresFrom(420, 'attitude'),
    '33/1 employeeAnswered count',
    '33/2 employeeScore count',
    '38/10 costMoney money',
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
    'firstReplyQueuePart 124 125',
    'firstReplyAgentPart 126 127',
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
    'cappedReplyTime 101 102',
    'timeToStart 120 121',
    'resolutionTimeFromRequest 102 103',
    'resolutionTimeFromRequestActive 122 123',
    'resolutionTimeFromStart 124 125',
    'resolutionTimeFromStartActive 126 127',
    'resolutionTimeToLast 128 129',
    'resolutionTimeToLastActive 130 131',
    'due30s 200120 200121',
    'within30s 200122 200123',
  ])
})

test('what counts by entry is stored under numbers that are for good, too', () => {
  const { due, within } = passThresholdMeasures(30)
  const fieldsOf = ({ name, atEntry }: Measure): string[] =>
    atEntry === undefined ? [] : [`${name} ${atEntry.field}`]
  expect([...measures, due, within].flatMap(fieldsOf)).toEqual([
    'passDue 22',
    'passWithin 23',
    'passAnswered 24',
    'passAbandoned 25',
    'passAbandonedLong 26',
    'passAbandonedShort 27',
    'passLeft 28',
    'passEnded 29',
    'passDue30s 600060',
    'passWithin30s 600061',
  ])
})

test('what names a period is stored behind the measure: for days, weeks, months, quarters, years', () => {
  const naming = measures.filter(({ named }) => named !== undefined)
  expect(naming.length).toBeGreaterThan(0)
  for (const { name, field, kind, named } of naming) {
    const fields = kind === 'money' ? 5 : 1
    expect(named).toMatchObject({
      day: { name: `${name}-day`, field: field + fields },
      week: { name: `${name}-week`, field: field + 2 * fields },
      month: { name: `${name}-month`, field: field + 3 * fields },
      quarter: { name: `${name}-quarter`, field: field + 4 * fields },
      year: { name: `${name}-year`, field: field + 5 * fields },
    })
  }
})

test('a family has a number and a name of its own', () => {
  const numbers = families.map(({ number }) => number)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(new Set(families.map(({ name }) => name)).size).toBe(families.length)
  for (const number of numbers) expect(number).toBeLessThan(familiesMax)
})

test('a measure has a name and cells of its own', () => {
  const all = [...measures, ...made].flatMap((one) => [one, ...twinsOf(one)])
  const cells = all.flatMap((one) => fieldsOf(one).map((field) => firstCell({ ...one, field })))
  expect(new Set(cells).size).toBe(cells.length)
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  expect(all.every((measure) => firstCell(measure) % cellsPerField === 0)).toBe(true)
})

test('every measure is counted by some rule, and each rule by a measure of its family', () => {
  for (const { measures: own, rules } of families) {
    const twins = Object.values<Measure>(own).flatMap(({ atEntry, named = {} }) => [
      ...(atEntry === undefined ? [] : [atEntry]),
      ...Object.values(named),
    ])
    expect(new Set(rules.map(({ measure }) => measure))).toEqual(
      new Set([...Object.values<Measure>(own), ...twins]),
    )
  }
})
