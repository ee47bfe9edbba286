import { describe, expect, test } from 'vitest'
import { dimensionSet } from '../measures/dimension-set.ts'
import { dayMs, type EpochMs } from '../time/time.ts'
import { creditingAppeals, type Exclusion, keptForAppeals } from './exclusion.ts'

const at = (day: number): EpochMs => (day * dayMs) as EpochMs
const march: Exclusion = { agent: 'a', startMs: at(1), endMs: at(3) }

describe('what is credited to an appeal', () => {
  const credited = (agent: string | undefined, atMs: EpochMs): string | undefined => {
    const credit = dimensionSet({ queue: 'q', agent }, { topic: 't' })
    const { appeal, ...others } = creditingAppeals([march])!(credit, false, atMs)
    expect(credit).toMatchObject(others)
    return appeal
  }

  test('is its agent’s, from the begin of the interval to before its end', () => {
    expect([at(1), (at(3) - 1) as EpochMs].map((one) => credited('a', one))).toEqual(['a', 'a'])
  })

  test.each([
    ['another agent’s', 'b', at(2)],
    ['nobody’s', undefined, at(2)],
    ['before the interval', 'a', (at(1) - 1) as EpochMs],
    ['at its end', 'a', at(3)],
  ] as const)('is not what is %s', (_, agent, atMs) => {
    expect(credited(agent, atMs)).toBeUndefined()
  })

  test('is nothing where nothing is left out', () => {
    expect(creditingAppeals([])).toBeNull()
  })
})

describe('a subject of which appeals tell is kept', () => {
  const lifetimeMs = 5 * dayMs
  test.each([
    { rule: 'as long as ever without one', endMs: at(10), toldDays: [], untilMs: at(10) },
    { rule: 'as if something came after that day', endMs: at(10), toldDays: [7], untilMs: at(13) },
    { rule: 'no shorter', endMs: at(10), toldDays: [2], untilMs: at(10) },
    { rule: 'not, told on its last day', endMs: at(8), toldDays: [7], untilMs: at(8) },
    { rule: 'by each that comes in time', endMs: at(10), toldDays: [11, 7], untilMs: at(17) },
    { rule: 'not by one that comes after', endMs: at(10), toldDays: [13], untilMs: at(10) },
  ])('$rule', ({ endMs, toldDays, untilMs }) => {
    expect(keptForAppeals(endMs, toldDays, lifetimeMs)).toBe(untilMs)
  })
})
