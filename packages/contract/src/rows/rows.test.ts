import { grains, type Grain, keyOfRow, type Row } from '@deskpulse/core/subjects'
import { dimensionSet } from '@deskpulse/core/measures'
import { rowOfEachGrain } from '@deskpulse/core/testing'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { flatPlaces, flatRow, flatRowSchema, flatRowSchemas, flatThresholds } from './index.ts'
import { columnsOfTable, rowTableNames } from './tables.ts'

const ofEach = rowOfEachGrain()
/** An agent's time is credited to the agent and queues alone. */
const time = { ...ofEach['agent-time'], credit: dimensionSet({ agent: 'a-1', queue: ['sales'] }) }
const rows: readonly Row[] = Object.values({ ...ofEach, 'agent-time': time })
const subject = { kind: 'contact', id: 'c-1' }
const partsOf = (row: Row) => [...flatThresholds(subject, row), ...flatPlaces(subject, row)]
const credit = dimensionSet({ queue: 'sales', agent: 'a-1' }, { topic: 'refund' })
const at = (ms: number) => ({ atMs: ms as EpochMs, credit })

test('every grain has a table, and what a row has several of one more', () => {
  const parts = ['reply-threshold', 'pass-threshold', 'customer-period-place', 'agent-day-place']
  expect(new Set(rowTableNames)).toEqual(new Set([...Object.keys(grains), ...parts]))
})

test.each(rows)(
  'a row of $grain has each column of its table, in its order, each of its kind',
  (row) => {
    for (const record of [flatRow(subject, row), ...partsOf(row)]) {
      expect(Object.keys(record)).toEqual(Object.keys(columnsOfTable(record.grain)))
      expect(flatRowSchema.parse(record)).toEqual(record)
      expect(record).toMatchObject({ subjectKind: 'contact', subjectId: 'c-1' })
    }
    expect(flatRow(subject, row)).toMatchObject({ grain: row.grain, key: keyOfRow(row) })
  },
)

/** Instants and values of a row, whatever they are called: what they come to in text. */
function leavesOf(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object') return [JSON.stringify(value)]
  return Object.entries(value).flatMap(([name, one]) =>
    name.endsWith('Ms') &&
    !/^(?:after|otherAfter|active|otherActive|wait|limit|queue|queueWait|response|close|handle|talk|hold|wrapUp|staffed|effective|work|agent|signedIn)Ms$/.test(
      name,
    )
      ? [new Date(one as number).toISOString()]
      : leavesOf(one),
  )
}

test.each(rows)('nothing of a row of $grain is left out', (row) => {
  const records = [flatRow(subject, row), ...partsOf(row)]
  const cells = records.flatMap((record) => Object.values(record).map(String))
  for (const leaf of leavesOf(row)) expect(cells).toContain(leaf)
})

test('an instant that has not come has neither a time nor a credit', () => {
  const record = flatRow(subject, {
    ...{ grain: 'complaint', filed: at(1_000), settled: null, justified: false },
  })
  expect(record).toMatchObject({
    filedAt: '1970-01-01T00:00:01.000Z',
    filedQueue: 'sales',
    filedAgent: 'a-1',
    filedTopic: 'refund',
    filedChannel: null,
    settledAt: null,
    settledQueue: null,
    isJustified: false,
  })
})

test('a part that has not ended took no time, and a first resolution that is none is not judged', () => {
  const { part, contact } = rowOfEachGrain()
  expect(flatRow(subject, { ...part, ended: null })).toMatchObject({
    endedAt: null,
    handleMs: null,
  })
  const resolved = { ...contact.resolved!, firstContact: null }
  expect(flatRow(subject, { ...contact, resolved })).toMatchObject({
    resolvedAfterMs: 3_000,
    firstContactAt: null,
    isSolved: null,
    isMature: null,
  })
})

describe('thresholds of a reply and of a pass', () => {
  test('each is a record that names its reply', () => {
    const { reply } = rowOfEachGrain()
    expect(flatThresholds(subject, reply)).toMatchObject([
      { key: 'reply/2/5s', replyKey: 'reply/2', seconds: 5, isWithin: false },
      { key: 'reply/2/60s', replyKey: 'reply/2', seconds: 60, isWithin: true },
      { key: 'reply/2/5s/other', replyKey: 'reply/2', seconds: 5, isOther: true },
    ])
  })

  test('each is a record that names its pass', () => {
    const { pass } = rowOfEachGrain()
    expect(flatThresholds(subject, pass)).toMatchObject([
      { key: 'pass/3/5s', passKey: 'pass/3', seconds: 5, isWithin: false },
      { key: 'pass/3/60s', passKey: 'pass/3', seconds: 60, isWithin: true },
    ])
  })

  test('no other row has any', () => {
    for (const row of rows)
      if (row.grain !== 'reply' && row.grain !== 'pass')
        expect(flatThresholds(subject, row)).toEqual([])
  })
})

test('an agent in several queues has them in one cell, a comma in a name encoded', () => {
  const inQueues = (queue: readonly string[] | string) =>
    flatRow(
      { kind: 'agent', id: 'a-1' },
      { ...time, credit: dimensionSet({ agent: 'a-1', queue }) },
    )
  expect(inQueues(['billing', 'a,b%'])).toMatchObject({ queues: 'billing,a%2Cb%25', agent: 'a-1' })
  expect(inQueues('billing')).toMatchObject({ queues: 'billing' })
  expect(flatRow(subject, { ...time, credit: dimensionSet({ agent: 'a-1' }) })).toMatchObject({
    queues: '',
  })
})

test('a record of one table is none of another', () => {
  const records = rows.map((row) => flatRow(subject, row))
  for (const record of records)
    for (const name of rowTableNames)
      expect(flatRowSchemas[name as Grain].safeParse(record).success).toBe(name === record.grain)
})
