import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEvent } from '@deskpulse/contract'
import { importKinds, importLanguages } from '@deskpulse/imports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startIngestServer } from '../testing/ingest-server.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { run } from '../testing/run.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskpulse-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

const changed = '2026-03-05T12:00:00.000Z'
const clock = manualClock(Date.parse('2026-03-06T00:00:00Z'))

async function file(name: string, text: string, at = changed): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  await utimes(path, new Date(at), new Date(at))
  return path
}

const acme = ['--tenant', 'acme'] as const

type Sent = {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly time: string
  readonly sequence: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What is sent of a file with this text. */
async function sentOf(kind: string, text: string, at = changed, ...options: readonly string[]) {
  await using server = await startIngestServer()
  const path = await file(`${kind}.csv`, text, at)
  const ran = await run(['import', kind, path, ...acme, '--url', server.url, ...options], { clock })
  expect(ran.err).toBe('')
  expect(ran.exitCode).toBe(0)
  return server.accepted.map((line) => JSON.parse(line) as Sent)
}

const checked = async (kind: string, text: string, ...options: readonly string[]) =>
  run(['import', kind, await file('rows.csv', text), ...acme, '--dry-run', ...options], { clock })

describe.each(importKinds)('$name', ({ name, type }) => {
  test.each(importLanguages)('its template (%s) is a file of it', async (lang) => {
    const { out } = await run(['import', name, '--template', '--lang', lang])
    expect(out.startsWith('\uFEFF')).toBe(true)
    expect(await checked(name, out)).toEqual({
      exitCode: 0,
      out: `rows.csv: 2 rows would be sent to acme as ${type}\n`,
      err: '',
    })
  })

  test('says the same in both languages', async () => {
    const said = []
    for (const lang of importLanguages) {
      const { out } = await run(['import', name, '--template', '--lang', lang])
      said.push((await sentOf(name, out)).map(({ data }) => withoutWords(data)))
    }
    expect(said[1]).toEqual(said[0])
  })
})

/** But for words of one’s own, which are as they are written, and for ids that are made of them. */
const withoutWords = (data: Sent['data']): object =>
  Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'kind' && !key.endsWith('Id')))

test.each([
  {
    rule: 'a score of a period is told at its end, and belongs to it',
    ...{ kind: 'quality', header: 'id,agent,kind,score,passed,periodStart,periodEnd' },
    row: 'r-1,a-1,CALL,87.5,no,2026/2/1,2026-02-28',
    time: '2026-03-01T00:00:00.000Z',
    data: {
      ...{ reviewId: 'r-1', agentId: 'a-1', kind: 'call', score: 87.5, passed: false },
      period: { start: '2026-02-01', end: '2026-02-28' },
    },
  },
  {
    rule: 'what is of a date to come is told when the file was changed',
    ...{ kind: 'attendance', header: '坐席,日期,是否排班,是否出勤' },
    row: 'a-1,2026-03-09,是,否',
    time: changed,
    data: { agentId: 'a-1', date: '2026-03-09', scheduled: true, attended: false },
  },
  {
    rule: 'a violation is told when it happened',
    ...{ kind: 'violations', header: 'ID;Agent;Kind;Time;Count' },
    row: 'v-1;a-1;违规用语;2026/3/2 9:05;3',
    time: '2026-03-02T01:05:00.000Z',
    data: { violationId: 'v-1', agentId: 'a-1', kind: 'banned_phrase', count: 3 },
  },
  {
    rule: 'a forecast is of seconds, kept in milliseconds',
    ...{ kind: 'forecasts', header: 'queue\tstart\tend\toffered\taverage handle seconds' },
    row: 'billing\t2026-03-02 09:00\t2026-03-02 09:30\t12.5\t61.25',
    time: '2026-03-03T00:00:00.000Z',
    data: {
      ...{ queue: 'billing', start: '2026-03-02T01:00:00.000Z', end: '2026-03-02T01:30:00.000Z' },
      ...{ offered: 12.5, averageHandleMs: 61_250 },
    },
  },
  {
    rule: 'an amount is in the minor unit of its currency',
    ...{ kind: 'costs', header: 'id,periodStart,periodEnd,amount,currency' },
    row: 'c-1,2026-02-01,2026-02-28,1280.5,cny',
    time: '2026-03-01T00:00:00.000Z',
    data: {
      ...{ costId: 'c-1', period: { start: '2026-02-01', end: '2026-02-28' } },
      money: { amountMinor: 128_050, currency: 'CNY' },
    },
  },
])('$rule', async ({ kind, header, row, time, data }) => {
  const [event] = await sentOf(
    kind,
    `${header}\n${row}\n`,
    changed,
    ...['--time-zone', 'Asia/Shanghai'],
  )
  expect(event).toMatchObject({ time, data, source: `/import/${kind}` })
  expect(event!.sequence).toBe(String(Date.parse(changed)))
  expect(parseEvent(event)).toMatchObject({ ok: true })
})

const shift = (start: string, end: string, id = ''): string =>
  `id,agent,start,end\n${id},a-1,${start},${end}\n`

describe('activities of a shift', () => {
  const told = async (begin: string, finish: string, cells: string) => {
    const text = `agent,start,end,breaks,meals,meetings\na-1,${begin},${finish},${cells}\n`
    return (await sentOf('shifts', text, changed, '--time-zone', 'Asia/Shanghai'))[0]!.data
  }
  const activity = (state: string, start: string, end: string) => ({
    ...{ state, start: `2026-03-${start}:00.000Z`, end: `2026-03-${end}:00.000Z` },
  })

  test('are by the clock that shows its start, several of a kind in one cell', async () => {
    const cells = '10:30-10:45  15:30 – 15:45,12:00至13:00,"9:00-9:15;17:45-18:00"'
    expect(await told('2026-03-02 09:00', '2026-03-02 18:00', cells)).toMatchObject({
      activities: [
        activity('break', '02T02:30', '02T02:45'),
        activity('break', '02T07:30', '02T07:45'),
        activity('meal', '02T04:00', '02T05:00'),
        activity('meeting', '02T01:00', '02T01:15'),
        activity('meeting', '02T09:45', '02T10:00'),
      ],
    })
  })

  test('are on the next date where the shift goes on over midnight, by the offset of its start', async () => {
    const cells = '23:50-00:10,03:00-03:30,'
    expect(await told('2026-03-02T22:00-05:00', '2026-03-03T06:00-05:00', cells)).toMatchObject({
      activities: [
        activity('break', '03T04:50', '03T05:10'),
        activity('meal', '03T08:00', '03T08:30'),
      ],
    })
  })

  test('are absent where none was told', async () => {
    expect(await told('2026-03-02 09:00', '2026-03-02 18:00', ',,')).not.toHaveProperty(
      'activities',
    )
  })

  test.each([
    { cells: '08:00-08:15', says: 'breaks: expected times within the shift, got "08:00-08:15"' },
    { cells: '17:50-18:01', says: 'breaks: expected times within the shift' },
    { cells: '12:00-12:00', says: 'breaks: expected times within the shift' },
    { cells: '12:00', says: 'breaks: expected times of the day, as 12:00-12:30' },
    { cells: '24:00-24:15', says: 'breaks: expected times of the day' },
  ])('of $cells are none of a shift from 9 to 18', async ({ cells, says }) => {
    const text = `agent,start,end,breaks\na-1,2026-03-02T09:00Z,2026-03-02T18:00Z,${cells}\n`
    expect((await checked('shifts', text)).err).toContain(says)
  })
})

describe('what is sent twice', () => {
  const text = shift('2026-03-02T09:00:00+08:00', '2026-03-02T18:00:00+08:00')

  test('is the same, byte for byte, where the file is', async () => {
    expect(await sentOf('shifts', text)).toEqual(await sentOf('shifts', text))
  })

  test('is of the same subject with a later word, where it was corrected', async () => {
    const later = '2026-03-05T12:00:00.001Z'
    const [before] = await sentOf('shifts', text)
    const [after] = await sentOf('shifts', text.replace('T09', 'T07').replace('T18', 'T16'), later)
    expect(after!.data['shiftId']).toBe(before!.data['shiftId'])
    expect(after!.id).not.toBe(before!.id)
    expect([after!.time, BigInt(after!.sequence) > BigInt(before!.sequence)]).toEqual([
      before!.time,
      true,
    ])
  })

  test('is of another one, where it is about another date', async () => {
    const [before] = await sentOf('shifts', text)
    const [after] = await sentOf('shifts', text.replaceAll('03-02', '03-03'))
    expect(after!.data['shiftId']).not.toBe(before!.data['shiftId'])
  })

  test('has the id that it was given', async () => {
    const named = shift('2026-03-02T01:00Z', '2026-03-02T02:00Z', 's-7')
    expect((await sentOf('shifts', named))[0]!.data['shiftId']).toBe('s-7')
  })
})

test('every fault is said, with its line, its column as the file calls it, and what was expected', async () => {
  const { exitCode, out, err } = await checked(
    'quality',
    [
      '坐席,质检类型,得分,是否合格,周期开始,周期结束,质检时间',
      'a-1,话务质量,92,是,2026-02-01,2026-02-28,',
      'a-1,话务质量,90,是,2026-02-01,2026-02-28,',
      ',email,101,maybe,2026-02-30,2026-02-28,',
      'a-2,call,50,,2026-02-01,2026-01-28,',
      'a-3,call,50',
      'a-3,call,50,,,,2026-03-02 09:00',
      'a-3,call,50,,,,2026-03-07T09:00Z,x',
      'a-3,call,50,,2026-02-01,9999-12-31',
      'a-3,call,50,,,,2026-03-07T09:00Z',
    ].join('\n'),
  )
  expect(err.trimEnd().split('\n')).toEqual([
    'rows.csv:3: expected one row about the same, which line 2 is; else each with an id of its own',
    'rows.csv:4 坐席: expected a value, got nothing',
    'rows.csv:4 质检类型: expected one of call (话务质量), ticket_hygiene (工单规范), accuracy (准确率), got "email"',
    'rows.csv:4 得分: expected a number from 0 to 100, as 87.5, got "101"',
    'rows.csv:4 是否合格: expected yes or no (是, 否), got "maybe"',
    'rows.csv:4 周期开始: expected a date such as 2026-03-02 or 2026/3/2, got "2026-02-30"',
    'rows.csv:5 周期结束: expected a date not before start, got "2026-01-28"',
    'rows.csv:6 质检时间: expected a time, or a period: the score counts there, got nothing',
    'rows.csv:7 质检时间: expected an offset, as 2026-03-02T09:00:00+08:00, or a time zone of the file (--time-zone), got "2026-03-02 09:00"',
    'rows.csv:8: expected 7 cells, as the header has',
    'rows.csv:9: expected a date at most 366 days after the file was changed',
    'rows.csv:10 质检时间: expected at most 5 minutes ahead of the clock, got "2026-03-07T09:00Z"',
    'nothing was sent: 12 errors in rows.csv',
  ])
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' })
})

test.each([
  {
    kind: 'shifts',
    text: shift('2026-03-02T09:00Z', '2026-03-03T09:01Z'),
    says: 'rows.csv:2 end: expected a time at most 24 hours after the start',
  },
  {
    kind: 'shifts',
    text: shift('2026-03-02T09:00Z', '2026-03-02T09:00Z'),
    says: 'rows.csv:2 end: expected a time after start',
  },
  {
    kind: 'costs',
    text: 'periodStart,periodEnd,amount,currency\n2026-02-01,2026-02-28,100.5,JPY',
    says: 'rows.csv:2 amount: expected an amount that JPY can be paid in, got "100.5"',
  },
  {
    kind: 'employee-surveys',
    text: 'id,time,score,scaleMin,scaleMax\ns,2026-03-02T09:00Z,6,1,5',
    says: 'rows.csv:2 score: expected a number from scaleMin to scaleMax, got "6"',
  },
  {
    kind: 'attendance',
    text: 'agent,date,scheduled,attended\na,2026-03-02,1,0\na,2026/3/2,1,1',
    says: 'rows.csv:3: expected one row about the same, which line 2 is\n',
  },
])('$kind: $says', async ({ kind, text, says }) => {
  const { exitCode, err } = await checked(kind, text)
  expect(err).toContain(says)
  expect(exitCode).toBe(1)
})

test('a hundred faults are spelled out; how many more there are is said', async () => {
  const rows = Array.from({ length: 103 }, (_, n) => `a-${n},soon,yes,yes`)
  const { err } = await checked('attendance', `agent,date,scheduled,attended\n${rows.join('\n')}`)
  const lines = err.trimEnd().split('\n')
  expect(lines).toHaveLength(101)
  expect(lines.at(-1)).toBe('and 3 more; nothing was sent: 103 errors in rows.csv')
})

test.each([
  {
    header: 'agnt,date,scheduled,attended,旷工',
    says: 'unknown column "agnt" (did you mean agent?); unknown column "旷工"; column agent or 坐席 is missing',
  },
  { header: 'agent,date,scheduled,attended,Date', says: 'column date or 日期 is there twice' },
  { header: 'agent,坐席,date,attended,是否排班', says: 'column agent or 坐席 is there twice' },
])('a header that is none says why: $header', async ({ header, says }) => {
  const { exitCode, err } = await checked('attendance', `${header}\n`)
  expect(err).toContain(`rows.csv:1 is no header of attendance: ${says}.`)
  expect(exitCode).toBe(1)
})

test('rows that are wrong send nothing, also those that are right', async () => {
  await using server = await startIngestServer()
  const text = 'agent,date,scheduled,attended\na,2026-03-02,yes,yes\nb,soon,yes,yes\n'
  const path = await file('some.csv', text)
  const { exitCode } = await run(['import', 'attendance', path, ...acme, '--url', server.url])
  expect({ exitCode, requests: server.requests }).toEqual({ exitCode: 1, requests: [] })
})

test('what the server refuses is shown with its line', async () => {
  await using server = await startIngestServer(({ lines }) => {
    const { id } = JSON.parse(lines[1]!) as { id: string }
    const refusal = {
      index: 1,
      id,
      code: 'future-time',
      path: '/time',
      expected: 'less',
      got: '9 s',
    }
    return { status: 202, body: { accepted: lines.length - 1, refused: 1, refusals: [refusal] } }
  })
  const rows = [1, 2, 3].map((day) => `a,2026-03-0${day},yes,yes`)
  const path = await file('days.csv', `agent,date,scheduled,attended\n${rows.join('\n')}\n`)
  const ran = await run(['import', 'attendance', path, ...acme, '--url', server.url], { clock })
  expect(ran.out).toContain('accepted  2\nrefused   1 (future-time 1)\n')
  expect(ran.err).toBe('days.csv:3: refused future-time: /time, expected less, got 9 s\n')
  expect(ran.exitCode).toBe(1)
})

test.each([
  { args: ['qualty'], says: 'unknown kind "qualty"; did you mean quality?' },
  { args: ['xxxxxxxxx'], says: 'one of quality, assessments,' },
  { args: ['quality'], says: 'FILE is missing' },
  { args: ['quality', 'a.csv'], says: '--tenant is missing' },
  { args: ['quality', '--template', '--lang', 'fr'], says: '--lang must be en or zh' },
  { args: ['quality', 'a.csv', ...acme, '--time-zone', 'Mars'], says: 'an IANA zone' },
  { args: ['quality', 'a.csv', ...acme, '--source', ''], says: '--source must be text' },
  { args: ['quality', 'a.csv', 'b.csv'], says: 'unexpected argument "b.csv"' },
])('a usage error says what to do: $args', async ({ args, says }) => {
  const { exitCode, err } = await run(['import', ...args])
  expect(err).toContain(says)
  expect(exitCode).toBe(2)
})

test.each([
  { what: 'is not there', at: null, says: 'none.csv cannot be read' },
  {
    what: 'is changed ahead of the clock',
    at: '2026-03-06T00:06:00Z',
    says: 'ahead.csv was changed at 2026-03-06T00:06:00.000Z, which is ahead of the clock',
  },
])('a file that $what is an error', async ({ at, says }) => {
  const path = at === null ? join(folder, 'none.csv') : await file('ahead.csv', 'agent\n', at)
  const { exitCode, err } = await run(['import', 'quality', path, ...acme], { clock })
  expect(err).toContain(says)
  expect(exitCode).toBe(1)
})
