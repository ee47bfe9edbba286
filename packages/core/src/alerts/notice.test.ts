import { expect, test } from 'vitest'
import { contactRetentionMs } from '../folds/contact/contact.ts'
import type { EpochMs } from '../time/time.ts'
import { at } from './alert.test-support.ts'
import {
  clockSubject,
  decideNotice,
  endpointSubject,
  isInhibitable,
  pipelineSubject,
  recordsSubject,
  repeatsMax,
  type Told,
} from './notice.ts'
import { cases, fresh, toldFiring } from './notice-cases.test-support.ts'
import { endpoint, firing, resolved, silence } from './notice.test-support.ts'

const minute = 60_000
const repeating = { endpoints: null, repeatMs: 30 * minute }
const { contactId: _, ...ofSource } = firing({ subject: 'source/crm' })
const toldResolved: Told = { ...toldFiring, status: 'resolved' }

cases('an alert that fires', [
  { rule: 'is told at once', given: {}, is: 'floor,boss #0' },
  {
    rule: 'again after its interval',
    given: { rule: repeating },
    is: 'floor,boss #0, again at 1801',
  },
  {
    rule: 'also when it is found late, for it still goes on',
    given: { alert: firing({ late: true }), nowMs: at(10_000) },
    is: 'floor,boss #0',
  },
  {
    rule: 'while its contact is in the backlog',
    given: { nowMs: (at(-30) + contactRetentionMs - 1) as EpochMs },
    is: 'floor,boss #0',
  },
  {
    rule: 'and no longer',
    given: { nowMs: (at(-30) + contactRetentionMs) as EpochMs },
    is: 'late',
  },
  {
    rule: 'what is no contact leaves no backlog',
    given: { alert: ofSource, nowMs: (at(-30) + contactRetentionMs) as EpochMs },
    is: 'floor,boss #0',
  },
  {
    rule: 'acknowledged before anybody was told: to nobody',
    given: { alert: firing({ acknowledged: true }) },
    is: 'acknowledged',
  },
  { rule: 'while the pipeline is stalled: to nobody', given: { inhibited: true }, is: 'inhibited' },
  {
    rule: 'silenced: when the silence ends',
    given: { silences: [silence(0, 60)] },
    is: 'silenced, again at 60',
  },
  {
    rule: 'when the last of several ends',
    given: { silences: [silence(50, 90), silence(0, 60)] },
    is: 'silenced, again at 90',
  },
  {
    rule: 'at its end it is told',
    given: { silences: [silence(0, 60)], nowMs: at(60) },
    is: 'floor,boss #0',
  },
  {
    rule: 'a silence to come keeps nothing back',
    given: { silences: [silence(2, 60)] },
    is: 'floor,boss #0',
  },
  {
    rule: 'silenced and inhibited: time alone tells nothing',
    given: { silences: [silence(0, 60)], inhibited: true },
    is: 'inhibited',
  },
  {
    rule: 'for the last time after as many repeats as there may be',
    given: { rule: repeating, told: { ...toldFiring, repeat: repeatsMax - 1 }, nowMs: at(1801) },
    is: `floor,boss #${repeatsMax}`,
  },
  {
    rule: 'and then no more',
    given: { rule: repeating, told: { ...toldFiring, repeat: repeatsMax }, nowMs: at(90_000) },
    is: 'told',
  },
  { rule: 'however long ago it began', given: { nowMs: at(10_000) }, is: 'floor,boss #0' },
])

cases('who is told', [
  {
    rule: 'those that the rule names',
    given: { rule: { ...repeating, repeatMs: null, endpoints: ['boss'] } },
    is: 'boss #0',
  },
  {
    rule: 'a name that does not exist is nobody',
    given: { rule: { endpoints: ['gone'], repeatMs: null } },
    is: 'nobody',
  },
  { rule: 'no endpoint is nobody', given: { endpoints: [] }, is: 'nobody' },
  {
    rule: 'an endpoint of the tenant',
    given: { endpoints: [endpoint('floor', { tenants: ['acme'] })] },
    is: 'floor #0',
  },
  {
    rule: 'not one of another',
    given: { endpoints: [endpoint('floor', { tenants: ['other'] })] },
    is: 'nobody',
  },
  {
    rule: 'its own severity is grave enough',
    given: { endpoints: [endpoint('floor', { severityMin: 'warning' })] },
    is: 'floor #0',
  },
  {
    rule: 'a lesser one is not',
    given: { endpoints: [endpoint('floor', { severityMin: 'critical' })] },
    is: 'nobody',
  },
  {
    rule: 'not the endpoint that it is about',
    given: { alert: firing({ subject: endpointSubject('floor') }) },
    is: 'boss #0',
  },
])

cases('an alert that was told', [
  {
    rule: 'is not told again without an interval',
    given: { told: toldFiring, nowMs: at(90_000) },
    is: 'told',
  },
  {
    rule: 'not before its interval',
    given: { told: toldFiring, rule: repeating, nowMs: at(1_800) },
    is: 'not-due, again at 1801',
  },
  {
    rule: 'at exactly it',
    given: { told: toldFiring, rule: repeating, nowMs: at(1_801) },
    is: 'floor,boss #1, again at 3601',
  },
  {
    rule: 'later, if nobody looked then',
    given: { told: toldFiring, rule: repeating, nowMs: at(2_000) },
    is: 'floor,boss #1, again at 3800',
  },
  {
    rule: 'a shorter interval holds at once',
    given: { told: toldFiring, rule: { ...repeating, repeatMs: minute }, nowMs: at(61) },
    is: 'floor,boss #1, again at 121',
  },
  {
    rule: 'not once it is acknowledged',
    given: {
      told: toldFiring,
      rule: repeating,
      alert: firing({ acknowledged: true }),
      nowMs: at(1_801),
    },
    is: 'acknowledged',
  },
  {
    rule: 'a repeat that is due waits for the silence',
    given: { told: toldFiring, rule: repeating, silences: [silence(0, 1_900)], nowMs: at(1_801) },
    is: 'silenced, again at 1900',
  },
  {
    rule: 'one that is to come, too',
    given: { told: toldFiring, rule: repeating, silences: [silence(1_000, 1_900)], nowMs: at(5) },
    is: 'not-due, again at 1900',
  },
  {
    rule: 'also as one is told',
    given: { rule: repeating, silences: [silence(1_000, 1_900)] },
    is: 'floor,boss #0, again at 1900',
  },
  {
    rule: 'an inhibition holds repeats back',
    given: { told: toldFiring, rule: repeating, inhibited: true, nowMs: at(1_801) },
    is: 'inhibited',
  },
  {
    rule: 'by a state that was lost is told once more, as the same notice',
    given: { told: { ...toldFiring, repeat: 3 }, again: true, nowMs: at(5) },
    is: 'floor,boss #3',
  },
  {
    rule: 'by a state that was lost waits for a silence',
    given: { told: toldFiring, again: true, silences: [silence(0, 60)], nowMs: at(5) },
    is: 'silenced, again at 60',
  },
  {
    rule: 'by a state that was lost is not told again to who looks after it',
    given: { told: toldFiring, again: true, alert: firing({ acknowledged: true }), nowMs: at(5) },
    is: 'acknowledged',
  },
  {
    rule: 'an endpoint that came since then is told by the repeat',
    given: { told: { ...toldFiring, endpoints: ['gone'] }, rule: repeating, nowMs: at(1_801) },
    is: 'floor,boss #1, again at 3601',
  },
])

cases('an alert that ended', [
  {
    rule: 'is told to those who were told',
    given: { alert: resolved(9), told: toldFiring },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'and to nobody else',
    given: { alert: resolved(9), told: { ...toldFiring, endpoints: ['boss'] } },
    is: 'boss #0',
    isFinal: true,
  },
  {
    rule: 'whatever the rule says now',
    given: { alert: resolved(9), told: toldFiring, rule: { endpoints: [], repeatMs: null } },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'and the endpoint’s severity',
    given: {
      alert: resolved(9),
      told: toldFiring,
      endpoints: [endpoint('floor', { severityMin: 'critical' })],
    },
    is: 'floor #0',
    isFinal: true,
  },
  {
    rule: 'not to one that may no longer hear of the tenant',
    given: {
      alert: resolved(9),
      told: toldFiring,
      endpoints: [endpoint('floor', { tenants: ['other'] })],
    },
    is: 'nobody',
    isFinal: true,
  },
  {
    rule: 'nor to one that is gone',
    given: { alert: resolved(9), told: toldFiring, endpoints: [] },
    is: 'nobody',
    isFinal: true,
  },
  {
    rule: 'also if it was acknowledged',
    given: { alert: resolved(9, { acknowledged: true }), told: toldFiring },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'also if it never was',
    given: { alert: resolved(9, { end: 'retracted' }), told: toldFiring },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'also after days',
    given: { alert: resolved(90_000), told: toldFiring, nowMs: at(90_001) },
    is: 'floor,boss #0',
    isFinal: true,
  },
  { rule: 'once', given: { alert: resolved(9), told: toldResolved }, is: 'told', isFinal: true },
  {
    rule: 'a silence holds it back',
    given: { alert: resolved(9), told: toldFiring, silences: [silence(5, 60)], nowMs: at(9) },
    is: 'silenced, again at 60',
  },
  {
    rule: 'so that nobody is left with an alarm',
    given: { alert: resolved(9), told: toldFiring, silences: [silence(5, 60)], nowMs: at(60) },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'so does an inhibition',
    given: { alert: resolved(9), told: toldFiring, inhibited: true },
    is: 'inhibited',
  },
])

cases('an alert that ended before anybody was told', [
  {
    rule: 'is told as one',
    given: { alert: resolved(9), nowMs: at(10) },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'if it began lately',
    given: { alert: resolved(9), nowMs: (at(300) - 1) as EpochMs },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'not later',
    given: { alert: resolved(9), nowMs: at(300) },
    is: 'too-old',
    isFinal: true,
  },
  {
    rule: 'not if it was late',
    given: { alert: resolved(9, { late: true }) },
    is: 'late',
    isFinal: true,
  },
  {
    rule: 'not if it never was',
    given: { alert: resolved(9, { end: 'retracted' }) },
    is: 'retracted',
    isFinal: true,
  },
  {
    rule: 'not if somebody looked after it',
    given: { alert: resolved(9, { acknowledged: true }) },
    is: 'acknowledged',
    isFinal: true,
  },
  {
    rule: 'not while it is silenced, nor later',
    given: { alert: resolved(9), silences: [silence(0, 60)], nowMs: at(10) },
    is: 'silenced',
    isFinal: true,
  },
  {
    rule: 'not if it was silenced as long as it fired',
    given: { alert: resolved(9), silences: [silence(0, 9)], nowMs: at(10) },
    is: 'silenced',
    isFinal: true,
  },
  {
    rule: 'nor for a moment that was silenced',
    given: { alert: resolved(0), silences: [silence(0, 5)], nowMs: at(10) },
    is: 'silenced',
    isFinal: true,
  },
  {
    rule: 'but if a part of it was not',
    given: { alert: resolved(9), silences: [silence(0, 8)], nowMs: at(10) },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'not while it is inhibited',
    given: { alert: resolved(9), inhibited: true, nowMs: at(10) },
    is: 'inhibited',
    isFinal: true,
  },
  {
    rule: 'not if nobody wants it',
    given: { alert: resolved(9), endpoints: [], nowMs: at(10) },
    is: 'nobody',
    isFinal: true,
  },
])

test('everybody who was ever told of the firing is told of its end', () => {
  const told = { ...toldFiring, endpoints: ['floor'] }
  const repeat = decideNotice({
    ...fresh,
    told,
    rule: { endpoints: ['boss'], repeatMs: minute },
    nowMs: at(90),
  })
  expect(repeat.tell?.endpoints).toEqual(['boss'])
  expect(repeat.told).toEqual({
    status: 'firing',
    atMs: at(90),
    repeat: 1,
    endpoints: ['floor', 'boss'],
  })
  const end = decideNotice({ ...fresh, told: repeat.told, alert: resolved(95), nowMs: at(96) })
  expect(end.tell?.endpoints).toEqual(['floor', 'boss'])
  expect(end.told).toEqual({
    status: 'resolved',
    atMs: at(96),
    repeat: 0,
    endpoints: ['floor', 'boss'],
  })
})

test.each([
  { subject: 'contact/c-17', is: true },
  { subject: 'slice/all', is: true },
  { subject: pipelineSubject, is: false },
  { subject: endpointSubject('floor'), is: false },
  { subject: clockSubject, is: false },
  { subject: recordsSubject('7'), is: false },
])('a stalled pipeline makes $subject pointless: $is', ({ subject, is }) => {
  expect(isInhibitable(subject)).toBe(is)
})
