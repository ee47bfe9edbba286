import { expect, test } from 'vitest'
import { textIn } from './column.ts'
import { importKinds } from './kinds/index.ts'
import { type Fault, judgedRows } from './rows.ts'
import { openTable } from './table.ts'

const options = {
  ...{ tenant: 'acme', source: '/import', timeZone: null },
  ...{ changedMs: Date.parse('2026-03-05'), nowMs: Date.parse('2026-03-06') },
}

async function faultsOf(kind: string, text: string): Promise<Fault[]> {
  const opened = await openTable(
    importKinds.find(({ name }) => name === kind)!,
    Buffer.from(text),
  )
  if (opened.is !== 'table') throw new Error(opened.is)
  return [...judgedRows(opened.table, options)].flatMap((row) =>
    row.event === null ? row.faults : [],
  )
}

test.each([
  {
    kind: 'quality',
    text: 'agent,kind,score,periodStart,periodEnd\na,call,5,2026-02-02,2026-02-01',
  },
  { kind: 'quality', text: 'agent,kind,score,time\na,call,5,2026-03-07T00:00Z' },
  { kind: 'quality', text: 'agent,kind,score\na,call,5' },
  { kind: 'shifts', text: 'agent,start,end\na,2026-03-02T09:00Z,2026-03-02T09:00Z' },
  {
    kind: 'forecasts',
    text: 'queue,start,end,offered\nq,2026-03-02T09:00Z,2026-03-02T09:00Z,1',
  },
  {
    kind: 'forecasts',
    text: 'queue,start,end,offered\nq,2026-03-02T09:00Z,2026-05-02T09:00Z,1',
  },
  {
    kind: 'employee-surveys',
    text: 'id,time,score,scaleMin,scaleMax\ns,2026-03-02T09:00Z,6,1,5',
  },
  {
    kind: 'employee-surveys',
    text: 'id,time,score,scaleMin,scaleMax\ns,2026-03-02T09:00Z,5,5,5',
  },
])(
  'what the cells of a row say together is judged in both languages: $text',
  async ({ kind, text }) => {
    const [fault, ...others] = await faultsOf(kind, text)
    expect(others).toEqual([])
    expect(textIn(fault!.expected, 'en')).toMatch(/^[ -~]+$/)
    expect(textIn(fault!.expected, 'zh')).toMatch(/\p{Script=Han}/u)
  },
)

test('a column that the file does not have is called by both its names, another one as the file calls it', async () => {
  const header = '坐席,Kind,score,time'
  expect(await faultsOf('quality', `${header}\n,call,5,2026-03-02T09:00Z`)).toMatchObject([
    { line: 2, column: '坐席', got: '' },
  ])
  expect(await faultsOf('quality', 'agent,kind,score\na,call,5')).toMatchObject([
    { line: 2, column: 'time or 质检时间', got: '' },
  ])
})
