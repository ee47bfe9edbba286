import { agentSubject, contactSubject } from '@deskpulse/core/state'
import { expect, test } from 'vitest'
import {
  agentRule,
  asks,
  contactRule,
  isIn,
  logOf,
  opened,
  proposals,
  tenant,
} from '../testing/alert-log.ts'
import { foldLog } from '../testing/fold-log.ts'

/** Of each record, the subjects whose wakes its fold changes. */
async function wokenBy(log: Parameters<typeof foldLog>[0]): Promise<string[][]> {
  const woken: string[][] = []
  await foldLog(log, {
    batchSizes: [1],
    folded: ({ change }) => woken.push(change.wakes.map(({ subject }) => subject)),
  })
  return woken
}

test('new rules wake whom they may look at; rules that are in force already, or are refused, wake nobody', async () => {
  const [propose, other] = [proposals(), proposals()]
  const rules = propose(contactRule('slow'))
  const refused = other(contactRule('another')) // Names no predecessor, though there is one.
  const log = logOf(
    [0, opened(0, 'c-1'), asks(0, 'c-1')],
    [1, rules],
    [2],
    [3, rules],
    [4, refused],
  )
  const [, taken, , known, conflicting] = await wokenBy(log)
  expect(taken).toContain(contactSubject(tenant, 'c-1'))
  expect([known, conflicting]).toEqual([[], []])
})

test('of an agent whom no rule looks at no alerts are decided', async () => {
  const agent = agentSubject(tenant, 'a-1')
  const step = [1, isIn(1, 'a-1', 'break')] as const
  const [, unwatched] = await wokenBy(logOf([0, proposals()(contactRule('slow'))], step))
  expect(unwatched).not.toContain(agent)
  const [, watched] = await wokenBy(logOf([0, proposals()(agentRule('long-break'))], step))
  expect(watched).toContain(agent)
})
