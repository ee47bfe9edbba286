import { describe, expect, test } from 'vitest'
import type { RosterEntry, RosterRow } from '../open/entry.ts'
import type { EpochMs, Interval } from '../time/time.ts'
import { type Members, Rosters } from './rosters.ts'

const row = (
  rosterOf: string,
  ...entries: readonly (Pick<RosterEntry, 'from'> & Partial<RosterEntry>)[]
): RosterRow => ({
  rosterOf,
  entries: entries.map((one) => ({ teams: [], role: null, aliases: [], ...one })),
})
const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const shown = (members: Members): Record<string, string[]> =>
  Object.fromEntries([...members].map(([agent, during]) => [agent, during.map(spanText)]))
const edge = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : `${ms}`)
const spanText = ({ startMs, endMs }: Interval): string => `${edge(startMs)} ${edge(endMs)}`

describe('who is in a team', () => {
  test('is so from the first instant of a local date until that of the next entry', () => {
    const rosters = new Rosters(
      [row('a', { from: '2026-03-01', teams: ['x'] }, { from: '2026-04-01' })],
      'Europe/Rome',
    )
    expect(shown(rosters.ofTeam('x'))).toEqual({
      a: ['2026-02-28T23:00:00.000Z 2026-03-31T22:00:00.000Z'],
    })
  })

  test('is there again after it has left', () => {
    const rosters = new Rosters(
      [
        row(
          'a',
          ...[
            { from: '2026-03-01', teams: ['x'] },
            { from: '2026-03-02', teams: ['y'] },
            { from: '2026-03-03', teams: ['x', 'y'] },
          ],
        ),
      ],
      'UTC',
    )
    expect(rosters.teams).toEqual(['x', 'y'])
    expect(shown(rosters.ofTeam('x'))).toEqual({
      a: ['2026-03-01T00:00:00.000Z 2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z Infinity'],
    })
    expect(shown(rosters.ofTeam('z'))).toEqual({})
  })

  test('brings its aliases along, as long as they are', () => {
    const rosters = new Rosters(
      [
        row(
          'a',
          { from: '2026-03-01', teams: ['x'], aliases: ['b'] },
          { from: '2026-03-02', teams: ['x'] },
        ),
        row('b', { from: '2026-03-01', teams: ['x'] }),
      ],
      'UTC',
    )
    expect(Object.keys(shown(rosters.ofTeam('x')))).toEqual(['a', 'b'])
    expect(shown(rosters.ofAgent('a'))).toEqual({
      a: ['-Infinity Infinity'],
      b: ['2026-03-01T00:00:00.000Z 2026-03-02T00:00:00.000Z'],
    })
    expect(shown(rosters.ofAgent('b'))).toEqual({ b: ['-Infinity Infinity'] })
  })
})

test('of a date before or after all periods an entry stands always, or never', () => {
  const rosters = new Rosters(
    [row('a', { from: '0001-01-01', teams: ['x'] }, { from: '9999-01-01', teams: ['y'] })],
    'UTC',
  )
  expect(shown(rosters.ofTeam('x'))).toEqual({ a: ['-Infinity Infinity'] })
  expect(rosters.at('a', at('2026-03-01T00:00:00Z'))?.teams).toEqual(['x'])
  expect(rosters.at('b', at('2026-03-01T00:00:00Z'))).toBeNull()
})
