import { decodeRuleVersions } from '@deskpulse/contract'
import { rulesKey } from '@deskpulse/core/state'
import { describe, expect, test } from 'vitest'
import {
  answers,
  asks,
  at,
  contactRule,
  event,
  logOf,
  opened,
  proposals,
  tenant,
  told,
  toldOf,
  withRules,
  type Step,
} from '../testing/alert-log.ts'
import { foldLog, lettersOf, transitionsOf } from '../testing/fold-log.ts'

const waiting = contactRule('waiting')

describe('a customer who waits', () => {
  test('fires at the first record at or after the deadline, and names the deadline as its start', async () => {
    const log = withRules([waiting], () => [
      [1, opened(1, 'c-1'), asks(1, 'c-1')],
      [30],
      [31],
      [32],
    ])
    expect(await toldOf(log)).toEqual(['waiting contact/c-1 #1 firing 1–31– found 31'])
  })

  test('the shipped rules are in force for a tenant that has none of its own', async () => {
    const log = logOf([1, opened(1, 'c-1'), asks(1, 'c-1')], [31.5])
    expect(await toldOf(log)).toEqual(['customer-waiting contact/c-1 #1 firing 1–31– found 31.5'])
  })

  test('that is answered before the deadline, or at it, is no alert', async () => {
    const log = withRules([waiting], () => [
      [1, opened(1, 'c-1'), asks(1, 'c-1'), opened(1, 'c-2'), asks(1, 'c-2')],
      [30, answers(30, 'c-1')],
      [30.5, answers(31, 'c-2')],
      [90],
    ])
    expect(await toldOf(log)).toEqual([])
  })

  test('an answer after the deadline resolves it, and the next wait fires anew', async () => {
    const log = withRules([waiting], () => [
      [1, opened(1, 'c-1'), asks(1, 'c-1')],
      [40],
      [45, answers(45, 'c-1')],
      [50, asks(50, 'c-1')],
      [80],
    ])
    expect(await toldOf(log)).toEqual([
      'waiting contact/c-1 #1 firing 1–31– found 40',
      'waiting contact/c-1 #1 over 1–31–45 found 45',
      'waiting contact/c-1 #2 firing 50–80– found 80',
    ])
  })

  test('an answer in time that comes late retracts it', async () => {
    const log = withRules([waiting], () => [
      [1, opened(1, 'c-1'), asks(1, 'c-1')],
      [32],
      [40, answers(20, 'c-1')],
    ])
    expect(await toldOf(log)).toEqual([
      'waiting contact/c-1 #1 firing 1–31– found 32',
      'waiting contact/c-1 #1 retracted 1–31–31 found 40',
    ])
  })

  test('a wait that began earlier than it seemed goes on as the same alert', async () => {
    const log = withRules([waiting], () => [
      [10, opened(1, 'c-1'), asks(10, 'c-1')],
      [41],
      [42, asks(5, 'c-1')],
      [50, answers(50, 'c-1')],
    ])
    expect(await toldOf(log)).toEqual([
      'waiting contact/c-1 #1 firing 10–40– found 41',
      'waiting contact/c-1 #1 over 5–40–50 found 50',
    ])
  })

  test('a wait that is filled in long after is late, for good', async () => {
    const log = withRules([waiting], () => [
      [331.001, opened(1, 'c-1'), asks(1, 'c-1')],
      [400, answers(400, 'c-1')],
    ])
    expect(await toldOf(log)).toEqual([
      'waiting contact/c-1 #1 firing late 1–31– found 331.001',
      'waiting contact/c-1 #1 over late 1–31–400 found 400',
    ])
    const inTime = withRules([waiting], () => [[331, opened(1, 'c-1'), asks(1, 'c-1')]])
    expect(await toldOf(inTime)).toEqual(['waiting contact/c-1 #1 firing 1–31– found 331'])
  })

  test('whose answer stands in the record that shows the deadline to be over fires and is over, or retracted, in one', async () => {
    const log = withRules([waiting], () => [
      [1, opened(1, 'c-1'), asks(1, 'c-1'), opened(1, 'c-2'), asks(1, 'c-2')],
      [35, answers(33, 'c-1'), answers(30, 'c-2')],
    ])
    expect(await toldOf(log)).toEqual([
      'waiting contact/c-1 #1 firing 1–31– found 35',
      'waiting contact/c-2 #1 firing 1–31– found 35',
      'waiting contact/c-1 #1 over 1–31–33 found 35',
      'waiting contact/c-2 #1 retracted 1–31–31 found 35',
    ])
  })

  test('in a queue fires as well, until an agent takes the call', async () => {
    const call = { contactId: 'v-1', channel: 'voice' }
    const log = withRules([waiting], () => [
      [1, event(1, 'contact.opened', { ...call, queue: 'sales' })],
      [35],
      [40, event(40, 'contact.assigned', { contactId: 'v-1', agentId: 'a-1' })],
    ])
    expect(await toldOf(log)).toEqual([
      'waiting contact/v-1 #1 firing 1–31– found 35',
      'waiting contact/v-1 #1 over 1–31–40 found 40',
    ])
  })

  test('who wrote after a resolution, and whose contact is then reopened, waits since the message', async () => {
    const log = withRules([waiting], () => [
      [
        1,
        opened(1, 'c-1'),
        asks(2, 'c-1'),
        answers(5, 'c-1'),
        event(6, 'contact.resolved', { contactId: 'c-1' }),
      ],
      [300, asks(300, 'c-1')],
      [301, event(301, 'contact.reopened', { contactId: 'c-1', by: 'customer' })],
      [330],
    ])
    expect(await toldOf(log)).toEqual(['waiting contact/c-1 #1 firing 300–330– found 330'])
  })

  test('whose letter came before its opening is no chat that waits', async () => {
    const log = withRules([waiting], () => [
      [
        1,
        asks(1, 'c-1'),
        event(2, 'contact.opened', { contactId: 'c-1', channel: 'email', queue: 'post' }),
      ],
      [60],
    ])
    expect(await toldOf(log)).toEqual([])
    const inTwo = withRules([waiting], () => [
      [1, asks(1, 'c-1')],
      [2, event(2, 'contact.opened', { contactId: 'c-1', channel: 'email', queue: 'post' })],
      [60],
    ])
    expect(await toldOf(inTwo)).toEqual([])
  })

  test('is given up as lost in the end: the alert is over, at whatever record shows it, and is not told again', async () => {
    const call = { contactId: 'v-1', channel: 'voice', queue: 'sales' }
    const lost = 1 + 4 * 3_600
    const log = withRules([waiting], () => [
      [1, event(1, 'contact.opened', call)],
      [40],
      [lost + 9],
      [lost + 60, event(lost + 50, 'contact.abandoned', call)],
    ])
    const told = [
      'waiting contact/v-1 #1 firing 1–31– found 40',
      `waiting contact/v-1 #1 over 1–31–${lost} found ${lost + 9}`,
    ]
    expect(await toldOf(log)).toEqual(told)
    expect(await toldOf(log, [2])).toEqual(told)
  })

  test('is warned of before the limit, by an alert of its own', async () => {
    const warning = contactRule('waiting', { warnAt: 0.8, severity: 'critical' })
    const log = withRules([warning], () => [
      [1, opened(1, 'c-1'), asks(1, 'c-1'), opened(1, 'c-2'), asks(1, 'c-2')],
      [26, answers(26, 'c-2')],
      [32],
      [40, answers(40, 'c-1')],
    ])
    const transitions = transitionsOf(await foldLog(log, { batchSizes: [1] }))
    expect(transitions.map(told)).toEqual([
      'waiting.warning contact/c-1 #1 firing 1–25– found 26',
      'waiting.warning contact/c-2 #1 firing 1–25– found 26',
      'waiting.warning contact/c-2 #1 over 1–25–26 found 26',
      'waiting contact/c-1 #1 firing 1–31– found 32',
      'waiting contact/c-1 #1 over 1–31–40 found 40',
      'waiting.warning contact/c-1 #1 over 1–25–40 found 40',
    ])
    expect(transitions.map(({ severity, limit }) => `${severity} ${limit}`)).toEqual([
      ...Array<string>(3).fill('warning 24000'),
      ...Array<string>(2).fill('critical 30000'),
      'warning 24000',
    ])
  })

  test('that is discarded is withdrawn', async () => {
    const log = withRules([waiting], () => [
      [1, opened(1, 'c-1', { queue: 'billing' }), asks(1, 'c-1')],
      [40],
      [45, event(45, 'contact.discarded', { contactId: 'c-1' })],
    ])
    const transitions = transitionsOf(await foldLog(log, { batchSizes: [1] }))
    expect(transitions.map(told).at(-1)).toBe('waiting contact/c-1 #1 withdrawn 1–31–45 found 45')
    expect(transitions.map(({ slice }) => slice)).toEqual(['queue=billing', 'queue=billing'])
  })

  test('only hours in which the rule asks let it fire', async () => {
    const hours = [{ days: [1], fromMinute: 8 * 60 + 2, toMinute: 9 * 60 }]
    const log = withRules([contactRule('waiting', { hours })], () => [
      [1, opened(1, 'c-1'), asks(1, 'c-1')],
      [60],
      [119],
      [120.2],
      [130],
    ])
    expect(await toldOf(log)).toEqual(['waiting contact/c-1 #1 firing 1–120– found 120.2'])
  })

  test('is told with all that is known of it', async () => {
    const rule = contactRule('waiting', { severity: 'critical', labels: { team: 'north' } })
    const log = withRules([rule], () => [
      [
        1,
        opened(1, 'c:1', { queue: 'b=l' }),
        event(1, 'contact.assigned', { contactId: 'c:1', agentId: 'a-7' }),
        asks(1, 'c:1'),
      ],
      [33],
      [35, answers(35, 'c:1')],
    ])
    const [firing, resolved] = transitionsOf(await foldLog(log))
    const facts = {
      ...{
        tenant,
        rule: 'waiting',
        subject: 'contact/c:1',
        number: 1,
        kind: 'deadline',
        severity: 'critical',
        labels: { team: 'north' },
      },
      ...{
        slice: 'queue=b%3Dl',
        contactId: 'c:1',
        agentId: 'a-7',
        channel: 'chat',
        kpi: null,
        limit: 30_000,
        unit: 'ms',
      },
      ...{ sinceMs: at(1), startedMs: at(31), late: false },
    }
    expect(firing).toEqual({
      ...facts,
      value: 30_000,
      status: 'firing',
      endedMs: null,
      end: null,
      detectedMs: at(33),
    })
    expect(resolved).toEqual({
      ...facts,
      value: 34_000,
      status: 'resolved',
      endedMs: at(35),
      end: 'over',
      detectedMs: at(35),
    })
  })
})

describe('new rules', () => {
  test('are in force at once, for those that wait already and for those to come', async () => {
    const log = withRules([contactRule('waiting', { limitMs: 600_000 })], (change) => [
      [1, opened(1, 'c-1'), asks(1, 'c-1')],
      [50, change(waiting), opened(50, 'c-2'), asks(50, 'c-2')],
      [50.25],
      [80],
    ])
    expect(await toldOf(log)).toEqual([
      'waiting contact/c-1 #1 firing 1–31– found 50.25',
      'waiting contact/c-2 #1 firing 50–80– found 80',
    ])
  })

  test('look at those that began to wait in the same fold, too, when no timer is left to wake them', async () => {
    const log = withRules([contactRule('waiting', { limitMs: 900_000 })], (change) => [
      [1, opened(1, 'c-1'), asks(1, 'c-1')],
      [300, change(contactRule('waiting', { limitMs: 240_000 }))],
      [300.25],
    ])
    expect(transitionsOf(await foldLog(log)).map(told)).toEqual([
      'waiting contact/c-1 #1 firing 1–241– found 300.25',
    ])
  })

  test.each([
    { rule: 'a rule that is gone', own: [contactRule('another', { limitMs: 900_000 })] },
    { rule: 'a rule that is disabled', own: [contactRule('waiting', { enabled: false })] },
    { rule: 'a rule that allows more time', own: [contactRule('waiting', { limitMs: 900_000 })] },
    {
      rule: 'a rule that looks elsewhere',
      own: [contactRule('waiting', { slice: 'queue=sales' })],
    },
    { rule: 'no rule at all', own: [] },
  ])('$rule withdraws its alerts, which keep what the rule said', async ({ own }) => {
    const log = withRules([contactRule('waiting', { severity: 'critical' })], (change) => [
      [1, opened(1, 'c-1'), asks(1, 'c-1')],
      [40],
      [50, change(...own)],
      [50.25],
      [51],
    ])
    const transitions = transitionsOf(await foldLog(log, { batchSizes: [1] }))
    expect(transitions.map(told)).toEqual([
      'waiting contact/c-1 #1 firing 1–31– found 40',
      'waiting contact/c-1 #1 withdrawn 1–31–50.25 found 50.25',
    ])
    if (!own.some(({ name }) => name === 'waiting'))
      expect(transitions[1]).toMatchObject({ severity: 'critical', limit: 30_000 })
  })

  test('that come back count on: no two alerts have one number', async () => {
    const log = withRules([waiting], (change) => [
      [1, opened(1, 'c-1'), asks(1, 'c-1')],
      [40],
      [50, change()],
      [51],
      [60, change(waiting)],
      [61],
    ])
    expect((await toldOf(log)).at(-1)).toBe('waiting contact/c-1 #2 firing 1–31– found 61')
  })

  test('with the current id change nothing, with another predecessor are listed, with a slice that is none cannot be read', async () => {
    const propose = proposals()
    const first = propose(waiting)
    const strangers = proposals()
    strangers(contactRule('x'))
    const log = logOf(
      [0, first, first],
      [1, strangers(contactRule('y'))],
      [2, proposals()(contactRule('z'))],
      [3, propose(contactRule('bad', { slice: 'queue' }))],
      [4, opened(4, 'c-1'), asks(4, 'c-1')],
      [40],
    )
    const store = await foldLog(log, { batchSizes: [1] })
    expect(lettersOf(store).map(({ headers, id }) => [id, headers?.['code']])).toEqual([
      ['0-1-0', 'rules-conflict'],
      ['0-2-0', 'rules-conflict'],
      ['0-3-0', 'entry-unreadable'],
    ])
    expect(transitionsOf(store).map(told)).toEqual(['waiting contact/c-1 #1 firing 4–34– found 40'])
  })

  test('are kept as the last twenty versions, with the log time from which each is in force', async () => {
    const log = withRules([waiting], (change) =>
      Array.from({ length: 25 }, (_, index): Step => [
        index + 1,
        change(contactRule(`rule-${index}`)),
      ]),
    )
    const store = await foldLog(log, { batchSizes: [3], restartAt: new Set([2, 5]) })
    const versions = decodeRuleVersions(store.records.get(rulesKey(tenant))!)
    expect(versions.map(({ fromMs }) => fromMs)).toEqual(
      Array.from({ length: 20 }, (_, index) => at(index + 6)),
    )
    expect(versions.at(-1)).toMatchObject({
      origin: 'api',
      author: 'Li',
      own: [{ name: 'rule-24' }],
    })
  })
})
