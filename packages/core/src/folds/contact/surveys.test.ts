import { describe, expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
import {
  agent,
  assigned,
  bot,
  customer,
  engaged,
  type Happened,
  mentioned,
  opened,
  queued,
  released,
  resolved,
  told,
} from './contact.test-support.ts'

const sent = (second: number, data: EventData = {}): Happened => [
  second,
  'survey.sent',
  { kind: 'csat', ...data },
]
const answered = (second: number, score: number, data: EventData = {}): Happened => [
  second,
  'survey.answered',
  { kind: 'csat', score, scaleMin: 1, scaleMax: 5, ...data },
]
const unassigned = (second: number): Happened => [second, 'contact.unassigned', {}]
const served: Happened[] = [
  opened(0, { queue: 'q' }),
  customer(1),
  assigned(2, 'a-1'),
  agent(3, 'a-1'),
]

describe('an answer is credited to', () => {
  test.each<{ whom: string; happened: readonly Happened[]; credit: string }>([
    { whom: 'the owner', happened: served, credit: 'q/a-1' },
    {
      whom: 'who owned it at the resolution, whoever owns it by then',
      happened: [...served, resolved(5), [6, 'contact.reopened'], assigned(7, 'a-2', 'r')],
      credit: 'q/a-1',
    },
    {
      whom: 'who owned it at the last one',
      happened: [...served, resolved(5), assigned(7, 'a-2', 'r'), resolved(8)],
      credit: 'r/a-2',
    },
    {
      whom: 'whom it was taken from with the resolution',
      happened: [opened(0, { queue: 'q' }), assigned(1, 'a-1'), unassigned(5), resolved(5)],
      credit: 'q/a-1',
    },
    {
      whom: 'who wrote after the owner had let go of it',
      happened: [...served, unassigned(4), agent(5, 'a-2'), resolved(6)],
      credit: 'q/a-2',
    },
    {
      whom: 'who owned it after another had written',
      happened: [...served, assigned(4, 'a-2'), unassigned(5), resolved(6)],
      credit: 'q/a-2',
    },
    {
      whom: 'not who resolved it without a part in it',
      happened: [...served, resolved(5, 'boss')],
      credit: 'q/a-1',
    },
    {
      whom: 'who resolved it, where nobody else had a part',
      happened: [opened(0, { channel: 'email' }), resolved(5, 'a-3')],
      credit: 'none/a-3',
    },
    {
      whom: 'who released it, without a resolution',
      happened: [...served, released(5, 'a-1'), queued(6, 'r'), assigned(7, 'a-2')],
      credit: 'q/a-1',
    },
    {
      whom: 'who had it at its end',
      happened: [...served, [5, 'contact.ended', { by: 'customer' }]],
      credit: 'q/a-1',
    },
    { whom: 'nobody', happened: [opened(0, { queue: 'q' }), customer(1)], credit: 'q/none' },
  ])('$whom', ({ happened, credit }) => {
    expect(told([...happened, answered(9, 5)]).credits['csatRated']).toEqual([credit])
  })

  test('the agent whom it names, in the queue of the others', () => {
    const { credits } = told([...served, resolved(5), answered(9, 5, { agentId: 'a-9' })])
    expect(credits['csatRated']).toEqual(['q/a-9'])
  })

  test('who had it then: what comes after changes nothing', () => {
    const { credits } = told([...served, answered(5, 5), assigned(7, 'a-2', 'r'), resolved(8)])
    expect(credits['csatRated']).toEqual(['q/a-1'])
  })

  test('the queue of the opening, wherever that stands', () => {
    expect(told([answered(0, 5), ...served]).credits['csatRated']).toEqual(['q/none'])
  })
})

describe('of answers', () => {
  test('the last one of a kind counts, at its time', () => {
    const { values, seconds } = told([
      ...served,
      answered(5, 5),
      answered(6, 2),
      answered(7, 9, { kind: 'nps', scaleMin: 0, scaleMax: 10 }),
    ])
    expect(seconds['csatRated']).toEqual([6])
    expect(values).toMatchObject({ csatScore: [25_000_000], npsBalance: [100], npsRated: [1] })
    expect(values).not.toHaveProperty('csatSatisfied')
  })

  test('none of a discarded contact counts, until it is restored', () => {
    const discarded: Happened[] = [...served, answered(5, 5), [6, 'contact.discarded']]
    expect(told(discarded).values).not.toHaveProperty('csatRated')
    expect(told([...discarded, [7, 'contact.restored']]).seconds['csatRated']).toEqual([5])
  })

  test.each<{ subject: string; happened: readonly Happened[]; measure: string | null }>([
    { subject: 'a human', happened: served, measure: 'csatHumanSatisfied' },
    { subject: 'a bot', happened: [opened(0), customer(1), bot(2)], measure: 'csatBotSatisfied' },
    {
      subject: 'both',
      happened: [opened(0), bot(1), assigned(2, 'a-1')],
      measure: 'csatAssistedSatisfied',
    },
    {
      subject: 'a human: an automatic reply is no bot’s',
      happened: [opened(0), bot(1, { automatic: true }), assigned(2, 'a-1')],
      measure: 'csatHumanSatisfied',
    },
    {
      subject: 'a human: what a bot notes for its colleagues the customer does not see',
      happened: [opened(0), bot(1, { visibility: 'private' }), assigned(2, 'a-1')],
      measure: 'csatHumanSatisfied',
    },
    { subject: 'nobody', happened: [opened(0)], measure: null },
  ])('it is known that $subject had the contact', ({ happened, measure }) => {
    const { values } = told([...happened, answered(9, 4)])
    const names = ['csatHumanSatisfied', 'csatBotSatisfied', 'csatAssistedSatisfied']
    expect(names.filter((name) => values[name] !== undefined)).toEqual(
      measure === null ? [] : [measure],
    )
    expect(values['csatSatisfied']).toEqual([1])
  })
})

describe('an invitation', () => {
  test('counts once a kind, at the first', () => {
    const { seconds } = told([...served, sent(5), sent(6), sent(7, { kind: 'nps' })])
    expect(seconds['surveySent']).toEqual([5, 7])
    expect(seconds['surveyReturned']).toBeUndefined()
  })

  test('is answered by an answer of its kind, where it was sent', () => {
    const { seconds } = told([
      ...served,
      sent(5),
      sent(6, { kind: 'nps' }),
      answered(9, 1),
      answered(9, 1, { kind: 'ces' }),
    ])
    expect(seconds['surveyReturned']).toEqual([5])
  })

  test('is not answered by what was said before', () => {
    expect(told([...served, answered(4, 5), sent(5)]).seconds['surveyReturned']).toBeUndefined()
    expect(told([...served, answered(5, 5), sent(5)]).seconds['surveyReturned']).toEqual([5])
  })

  test('is of the contact that was handled, also when it comes later', () => {
    const { seconds, credits } = told([...served, resolved(5), sent(60)])
    expect(seconds['handledInvited']).toEqual([5, 5])
    expect(credits['handledInvited']).toEqual(['q/*', 'q/a-1'])
    expect(told([...served, resolved(5)]).seconds['handledInvited']).toBeUndefined()
  })
})

describe('a survey is nothing that happens to the contact', () => {
  test('it begins none', () => {
    const { backlog, open, values } = told([sent(0), answered(1, 5, { agentId: 'a-1' })])
    expect({ backlog, open }).toEqual({ backlog: null, open: [] })
    expect(values).toMatchObject({ csatRated: [1], surveySent: [1] })
  })

  test('nor does it begin with being discarded and restored', () => {
    const around = [...served, resolved(9)].map(([second, type, data]): Happened => [
      second + 100,
      type,
      data,
    ])
    const hidden: Happened[] = [
      [0, 'contact.discarded', { agentId: 'a-9' }],
      [50, 'contact.restored'],
    ]
    expect(told([...hidden, ...around])).toEqual(told(around))
    expect(told(hidden.slice(0, 1)).backlog).toBeNull()
    expect(told([...hidden.slice(0, 1), ...around]).values).toEqual({})
  })

  test('it says nothing of its customer', () => {
    const { outputs } = told([...served, answered(9, 5, { customerId: 'u-1' })])
    expect(outputs.filter(({ kind }) => kind === 'session')).toEqual([])
  })

  test('it shows no agent at work', () => {
    const its = told([...served, resolved(5), answered(9, 5, { agentId: 'a-9' })])
    expect(mentioned(its, 'a-9')).toEqual([])
    expect(engaged(its, 'a-1')).toEqual(engaged(told([...served, resolved(5)]), 'a-1'))
  })
})
