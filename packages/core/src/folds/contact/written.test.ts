import { describe, expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
import {
  agent,
  assigned,
  bot,
  customer,
  opened,
  queued,
  resolved,
  startMs,
  told,
  type Happened,
} from './contact.test-support.ts'

const closed = (second: number): Happened => [second, 'contact.closed']
const reopened = (second: number): Happened => [second, 'contact.reopened']

/** What counts of messages: `measure@second queue/agent`, of durations with how long, of counts beyond one with how many. */
function written(happened: readonly Happened[], ...names: readonly string[]): string[] {
  return told(happened)
    .counted.filter(({ measure }) => measure.family === 9 && names.includes(measure.name))
    .map(({ measure: { name, kind }, atMs, value, dimensions }) => {
      const amount =
        kind === 'duration' ? ` ${value / 1_000}s` : name === 'messageOfEnded' ? ` ${value}` : ''
      return `${name}@${(atMs - startMs) / 1_000} ${String(dimensions.queue)}/${dimensions.agent}${amount}`
    })
}

const chat = opened(0, { queue: 'sales' })
const message = (second: number, data: EventData): Happened => [second, 'message.sent', data]

describe('messages count at their own instants', () => {
  test.each<[rule: string, happened: readonly Happened[], counts: readonly string[]]>([
    [
      'a customer’s for the owner and the queue then, a human’s for its writer',
      [chat, customer(1), assigned(5, 'a-1'), customer(6), agent(7, 'a-2'), queued(8, 'tech')],
      ['customerMessage@1 sales/none', 'customerMessage@6 sales/a-1', 'humanMessage@7 sales/a-2'],
    ],
    [
      'without a writer for the owner',
      [chat, assigned(5, 'a-1'), agent(7)],
      ['humanMessage@7 sales/a-1'],
    ],
    [
      'not what is private, automatic, or of a bot or the system; what a bot drafted and a human sent is one',
      [
        opened(0, { queue: 'sales' }),
        agent(1, 'a-1', { visibility: 'private' }),
        agent(2, 'a-1', { automatic: true }),
        bot(3),
        message(4, { from: 'system' }),
        agent(5, 'a-1', { automatic: 'assisted' }),
      ],
      ['humanMessage@5 sales/a-1'],
    ],
    [
      'an edit is no message',
      [
        chat,
        message(1, { from: 'customer', messageId: 'm-1' }),
        message(9, { from: 'customer', messageId: 'm-1' }),
      ],
      ['customerMessage@1 sales/none'],
    ],
    [
      'not what a customer writes to a bot; the human who takes over is counted',
      [opened(0, { handledBy: 'bot' }), customer(1), bot(2), agent(3, 'a-1'), customer(4)],
      ['humanMessage@3 none/a-1', 'customerMessage@4 none/none'],
    ],
    [
      'not what seemed to be for humans, once a bot shows that it had the contact',
      [opened(0), customer(1), bot(2)],
      [],
    ],
    [
      'an outbound contact’s from when its customer wrote',
      [opened(0, { direction: 'outbound' }), agent(1, 'a-1'), customer(2), agent(3, 'a-1')],
      ['customerMessage@2 none/none', 'humanMessage@3 none/a-1'],
    ],
    ['none of a call', [opened(0, { channel: 'voice' }), customer(1), agent(2, 'a-1')], []],
    [
      'a word of thanks is one',
      [chat, customer(1), agent(2, 'a-1'), resolved(3), customer(4)],
      ['customerMessage@1 sales/none', 'humanMessage@2 sales/a-1', 'customerMessage@4 sales/none'],
    ],
    [
      'none of a contact that is discarded',
      [chat, customer(1), agent(2, 'a-1'), [3, 'contact.discarded']],
      [],
    ],
  ])('%s', (_rule, happened, counts) => {
    expect(written(happened, 'customerMessage', 'humanMessage')).toEqual(counts)
  })
})

describe('a customer’s response', () => {
  test.each<[rule: string, happened: readonly Happened[], counts: readonly string[]]>([
    [
      'is as long as since the first message of a human after the customer’s last one',
      [chat, customer(1), agent(10, 'a-1'), agent(20, 'a-1'), customer(45)],
      ['customerResponse@45 sales/none 35s'],
    ],
    ['is none without a human before', [chat, customer(1), customer(5)], []],
    [
      'is one, however much the customer writes',
      [chat, agent(10, 'a-1'), customer(15), customer(16)],
      ['customerResponse@15 sales/none 5s'],
    ],
    [
      'may come in the same instant',
      [chat, agent(10, 'a-1'), customer(10)],
      ['customerResponse@10 sales/none 0s'],
    ],
    [
      'is none to what was written before anybody asked',
      [opened(0, { direction: 'outbound' }), agent(1, 'a-1'), customer(2)],
      [],
    ],
    [
      'is none to a message that no one but agents sees',
      [chat, agent(1, 'a-1', { visibility: 'private' }), customer(2)],
      [],
    ],
    [
      'is none where it is written to a bot',
      [
        chat,
        agent(1, 'a-1'),
        [2, 'contact.handed_off', { to: 'bot' }],
        customer(3),
        [4, 'contact.handed_off'],
        customer(5),
      ],
      [],
    ],
    [
      'of a deferred contact counts, too',
      [opened(0, { channel: 'email' }), agent(10, 'a-1'), customer(3_610)],
      ['customerResponse@3610 none/none 3600s'],
    ],
  ])('%s', (_rule, happened, counts) => {
    expect(written(happened, 'customerResponse')).toEqual(counts)
  })
})

describe('at the end of a contact', () => {
  const ends = ['answeredEnded', 'messageOfEnded', 'closeTime', 'openedEnded', 'silentEnded']
  test.each<[rule: string, happened: readonly Happened[], counts: readonly string[]]>([
    [
      'its messages count, of an answered one, for the owner and the queue then',
      [chat, customer(1), assigned(2, 'a-1'), agent(3, 'a-2'), queued(4, 'tech'), resolved(10)],
      [
        'answeredEnded@10 tech/a-1',
        'messageOfEnded@10 tech/a-1 2',
        'closeTime@10 tech/a-1 9s',
        'openedEnded@10 tech/a-1',
      ],
    ],
    [
      'without an owner it is the last human’s who wrote',
      [chat, customer(1), agent(3, 'a-2'), closed(10)],
      [
        'answeredEnded@10 sales/a-2',
        'messageOfEnded@10 sales/a-2 2',
        'closeTime@10 sales/a-2 9s',
        'openedEnded@10 sales/a-2',
      ],
    ],
    [
      'the owner is whose it was as the connection ended',
      [chat, assigned(2, 'a-1'), [10, 'contact.ended']],
      [
        'answeredEnded@10 sales/a-1',
        'messageOfEnded@10 sales/a-1 0',
        'openedEnded@10 sales/a-1',
        'silentEnded@10 sales/a-1',
      ],
    ],
    [
      'nothing is told of what nobody answered but how it closed',
      [chat, customer(1), [10, 'contact.abandoned']],
      ['closeTime@10 sales/none 9s', 'openedEnded@10 sales/none'],
    ],
    [
      'what follows the first end moves nothing, and a word of thanks is a message',
      [chat, customer(1), agent(3, 'a-2'), resolved(10), customer(12), closed(5_000)],
      [
        'answeredEnded@10 sales/a-2',
        'messageOfEnded@10 sales/a-2 3',
        'closeTime@10 sales/a-2 9s',
        'openedEnded@10 sales/a-2',
      ],
    ],
    [
      'it is taken back while the contact is open again',
      [chat, customer(1), closed(9), reopened(20)],
      [],
    ],
    [
      'the last end counts',
      [chat, customer(1), agent(3, 'a-2'), resolved(10), reopened(20), closed(30)],
      [
        'answeredEnded@30 sales/a-2',
        'messageOfEnded@30 sales/a-2 2',
        'closeTime@30 sales/a-2 29s',
        'openedEnded@30 sales/a-2',
      ],
    ],
    [
      'a later message shows that the customer is not silent',
      [chat, assigned(1, 'a-1'), resolved(10), customer(11)],
      ['answeredEnded@10 sales/a-1', 'messageOfEnded@10 sales/a-1 1', 'openedEnded@10 sales/a-1'],
    ],
    [
      'a message to a bot is said, too',
      [opened(0, { handledBy: 'bot' }), customer(1), [2, 'contact.handed_off'], closed(9)],
      ['closeTime@9 none/none 8s', 'openedEnded@9 none/none'],
    ],
    ['nothing of what a bot had alone', [opened(0, { handledBy: 'bot' }), bot(1), closed(9)], []],
    [
      'a deferred one is neither silent nor closed late',
      [opened(0, { channel: 'email' }), customer(1), agent(2, 'a-1'), closed(9)],
      ['answeredEnded@9 none/a-1', 'messageOfEnded@9 none/a-1 2'],
    ],
    [
      'an outbound one is never silent',
      [opened(0, { direction: 'outbound' }), agent(1, 'a-1'), closed(9)],
      [],
    ],
    [
      'an outbound one whose customer wrote is closed as others',
      [opened(0, { direction: 'outbound' }), customer(1), agent(2, 'a-1'), closed(9)],
      ['answeredEnded@9 none/a-1', 'messageOfEnded@9 none/a-1 2', 'closeTime@9 none/a-1 8s'],
    ],
    [
      'one without an opening is never silent',
      [assigned(1, 'a-1'), closed(9)],
      ['answeredEnded@9 none/a-1', 'messageOfEnded@9 none/a-1 0'],
    ],
    ['a call is none of it', [opened(0, { channel: 'voice' }), assigned(1, 'a-1'), closed(9)], []],
  ])('%s', (_rule, happened, counts) => {
    expect(written(happened, ...ends)).toEqual(counts)
  })
})
