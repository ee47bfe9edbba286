import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { Contact } from './contact.ts'
import {
  agent,
  assigned,
  at,
  bot,
  canonical,
  countedIn,
  customer,
  opened,
  queued,
  released,
  resolved,
  standing,
  told,
  type Happened,
} from './contact.test-support.ts'

const mail = { channel: 'email', queue: 'post' }

describe('an opening behind other events', () => {
  const contact: Happened[] = [customer(0), opened(1, mail), agent(31, 'a-1'), resolved(60)]

  test('counts, at its own time', () => {
    const { values, seconds, credits } = told(contact)
    expect(values).toMatchObject({
      contactOpened: [1],
      firstReplyTime: [31],
      fcrDue: [1],
      fcrSolved: [1],
    })
    expect(seconds).toMatchObject({ contactOpened: [1] })
    expect(credits).toMatchObject({ contactOpened: ['post/*'], firstReplyTime: ['post/a-1'] })
  })

  test('gives its channel, queue and class to the whole contact, from its first event on', () => {
    const { counted } = told(contact)
    expect(
      new Set(
        counted.map(
          ({ dimensions: { channel, queue, class: of } }) => `${channel} ${String(queue)} ${of}`,
        ),
      ),
    ).toEqual(new Set(['email post deferred']))
    expect(standing(told(contact.slice(0, 2)))).toEqual({
      backlog: 0,
      'reply.deferred': 0,
      'reply.deferred.due': 3_600,
    })
  })

  test('gives its direction and who opened it', () => {
    expect(told([customer(0), opened(1, { direction: 'outbound' })]).values).not.toHaveProperty(
      'contactOpened',
    )
    expect(
      told([customer(0), opened(1, { openedBy: 'agent' }), agent(5)]).values,
    ).not.toHaveProperty('firstReplyTime')
    expect(
      told([bot(0), opened(1, { handledBy: 'bot' }), customer(2)]).open.map(({ kind }) => kind),
    ).toEqual(['backlog'])
  })

  test('of a contact that its queue or agent was told of before does not move it', () => {
    const call = { channel: 'voice', queue: 'sales' }
    expect(standing(told([queued(0, 'sales'), opened(1, call)]))).toMatchObject({
      'queue.voice': 0,
    })
    expect(standing(told([queued(0, 'billing'), opened(1, call)]))).toMatchObject({
      'queue.voice': 0,
    })
    expect(standing(told([assigned(0, 'a-1'), opened(30, call)]))).toEqual({ backlog: 0 })
    expect(
      standing(told([[0, 'contact.presented', { agentId: 'a-1' }], opened(3, call)])),
    ).toMatchObject({ 'queue.voice': 3 })
  })

  test('is the same in whatever order its events come', () => {
    const events = canonical(contact)
    const whole = told(contact)
    for (const order of [
      [1, 0, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
    ]) {
      const folded = new Contact('c-1', () => defaultTenantConfig, null, [])
      for (const [round, index] of order.entries()) {
        folded.insert({
          event: events[index]!,
          receivedMs: at(100 + round),
          text: String.fromCharCode(index),
        })
        folded.settle(at(100 + round))
      }
      folded.settle(at(3 * 3_600))
      expect(new Set(countedIn(folded.take(at(3 * 3_600)).rows))).toEqual(new Set(whole.counted))
    }
  })

  test('the first of two is the opening', () => {
    const { counted } = told([
      customer(0),
      opened(1, mail),
      opened(2, { channel: 'voice', queue: 'sales' }),
    ])
    expect(new Set(counted.map(({ dimensions }) => dimensions.channel))).toEqual(new Set(['email']))
  })

  test('two sources in one millisecond: the one whose events sort first need not be the one that opens', () => {
    const [message, opening] = canonical([customer(0), opened(0, mail)])
    const folded = new Contact('c-1', () => defaultTenantConfig, null, [])
    folded.insert({
      event: { ...message!, source: '/a' },
      receivedMs: at(0),
      text: String.fromCharCode(1),
    })
    folded.insert({
      event: { ...opening!, source: '/b' },
      receivedMs: at(0),
      text: String.fromCharCode(2),
    })
    folded.settle(at(10))
    expect(folded.dimensions()).toMatchObject({
      channel: 'email',
      queue: 'post',
      class: 'deferred',
    })
  })

  test('comes too late once the contact began beyond the horizon: it is refused, and listed', () => {
    const events = canonical([customer(0), opened(1, mail), opened(2, mail)])
    const folded = new Contact('c-1', () => defaultTenantConfig, null, [])
    const text = '\u0001'
    const later = (at(0) + 3 * dayMs + 1_000) as EpochMs
    folded.insert({ event: events[0]!, receivedMs: at(0), text })
    expect(folded.insert({ event: events[1]!, receivedMs: later, text })).toEqual({
      kind: 'refused',
      code: 'before-base',
    })

    const known = new Contact('c-1', () => defaultTenantConfig, null, [])
    known.insert({ event: events[0]!, receivedMs: at(0), text })
    known.insert({ event: events[1]!, receivedMs: at(5), text })
    expect(known.insert({ event: events[2]!, receivedMs: later, text })).toMatchObject({
      kind: 'inserted',
    })
  })
})

describe('a contact that an agent began', () => {
  const begun: Happened[] = [opened(0, { openedBy: 'agent', queue: 'sales' }), agent(1, 'a-1')]

  test.each([
    { rule: 'opened by an agent', opening: { openedBy: 'agent' as const } },
    { rule: 'outbound', opening: { direction: 'outbound' as const } },
    {
      rule: 'outbound, whoever opened it',
      opening: { direction: 'outbound' as const, openedBy: 'system' as const },
    },
  ])('$rule: waits and is in the backlog once its customer writes, from then on', ({ opening }) => {
    expect(told([opened(0, opening), agent(1, 'a-1')]).open).toEqual([])
    expect(standing(told([opened(0, opening), agent(1, 'a-1'), customer(20)]))).toEqual({
      backlog: 20,
      'reply.live': 20,
      'reply.live.due': 50,
    })
  })

  test('its replies count, in no opening, first response or FCR', () => {
    const { values } = told([...begun, customer(20), agent(30, 'a-1'), resolved(40)])
    expect(values).toMatchObject({
      replyTime: [10],
      replyWithin: [1],
      contactHandled: [1, 1],
      contactResolved: [1],
      resolution: [1],
    })
    for (const name of ['contactOpened', 'firstReplyTime', 'firstReplyDue', 'fcrDue'])
      expect(values).not.toHaveProperty(name)
  })

  test('what came before counts for nobody but its agents', () => {
    expect(told([...begun, assigned(2, 'a-1'), resolved(9)]).values).toEqual({
      handleTime: [7],
      workTimeDifference: [7_000],
    })
    const { seconds, values } = told([
      ...begun,
      resolved(9),
      customer(700),
      agent(710, 'a-1'),
      resolved(720),
    ])
    expect(seconds).toMatchObject({
      contactHandled: [720, 720],
      contactResolved: [720],
      resolution: [720],
    })
    expect(values).toMatchObject({ resolutionTimeFromRequest: [20] })
    expect(values).not.toHaveProperty('reopening')
  })

  test('a part that ended before its customer wrote is not counted with one that ends after', () => {
    const outbound = opened(0, { channel: 'voice', direction: 'outbound' })
    const { credits } = told([
      outbound,
      assigned(1, 'a-1'),
      released(9, 'a-1'),
      customer(20),
      released(30, 'a-2'),
    ])
    expect(credits).toMatchObject({ contactHandled: ['none/*', 'none/a-2'] })
  })

  test('its customer’s first message is no thanks, however soon it comes after the agent closed', () => {
    expect(standing(told([...begun, resolved(9), customer(20)]))).toMatchObject({
      backlog: 20,
      'reply.live': 20,
    })
  })
})
