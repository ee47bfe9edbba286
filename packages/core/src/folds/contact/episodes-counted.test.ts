import { describe, expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
import { dayMs, secondMs } from '../../time/time.ts'
import { agent, bot, opened, resolved, told, type Happened } from './contact.test-support.ts'

const daySeconds = dayMs / secondMs
const withBot = opened(0, { handledBy: 'bot' })
const handedOff = (second: number, data: EventData): Happened => [
  second,
  'contact.handed_off',
  data,
]
const closed = (second: number): Happened => [second, 'contact.closed']
const ended = (second: number): Happened => [second, 'contact.ended']

describe('what counts', () => {
  const counts = (happened: readonly Happened[], untilSecond?: number): unknown => {
    const { values, credits, seconds } = told(happened, { untilSecond })
    const names = Object.keys(values).filter((name) => /^(ai|bot|handoff)/.test(name))
    return Object.fromEntries(
      names.map((name) => [
        name,
        `${values[name]!.join()} @${seconds[name]!.join()} ${credits[name]!.join()}`,
      ]),
    )
  }

  test('of an autonomous episode', () => {
    const is = '1 @0 none/none'
    expect(counts([withBot, bot(1), bot(2), resolved(10)], 8 * daySeconds)).toEqual({
      ...{ botContactOver: '1 @10 none/none', botContained: '1 @10 none/none', aiContact: is },
      ...{ aiContactOpened: '1 @0 none/*', aiEpisode: is, aiAutonomous: is },
      ...{ aiMessages: '2 @0 none/none', aiMature: is, aiDurable: is },
    })
  })

  test.each<[reason: string | undefined, measure: string]>([
    ['limit', 'handoffLimit'],
    ['requested', 'handoffRequested'],
    ['unable', 'handoffUnable'],
    ['policy', 'handoffPolicy'],
    ['angry', 'handoffOther'],
    [undefined, 'handoffNone'],
  ])('of a hand-off for the reason %s', (reason, measure) => {
    const is = '1 @0 none/none'
    expect(
      counts([withBot, bot(1), handedOff(2, { reason }), agent(9, 'a-1'), closed(20)]),
    ).toEqual({
      ...{ botContactOver: '1 @20 none/none', botContactHandedOff: '1 @20 none/none' },
      ...{ aiContact: is, aiContactOpened: '1 @0 none/*', aiEpisode: is, aiMessages: is },
      ...{ aiAssisted: is, [measure]: is },
    })
  })

  test('of an episode that the customer gave up', () => {
    expect(counts([withBot, bot(1), ended(9)])).toMatchObject({ aiDropped: '1 @0 none/none' })
    expect(counts([withBot, bot(1), ended(9)])).not.toHaveProperty('botContained')
  })

  test('of an episode without an involved bot is that its contact is over', () => {
    expect(counts([withBot, ended(9)])).toEqual({ botContactOver: '1 @9 none/none' })
  })
})
