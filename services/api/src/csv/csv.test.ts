import type { KpiList, PeriodsResponse, Problem } from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { describe, expect, test, vi } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const tenant = '/v1/tenants/acme'
const base = `${tenant}/kpis/periods`
const day = '2026-03-02T00:00:00.000Z,2026-03-03T00:00:00.000Z,2026-03-02'
const today = 'period=day&from=2026-03-02&to=2026-03-03'

async function replied(...slices: readonly string[]): Promise<Api> {
  const api = await openApi()
  for (const ms of [1_500, 2_500]) api.floor.duration(measures.replyTime, slices, ms)
  await api.floor.commit()
  return api
}

const linesOf = (body: string): string[] => body.split('\r\n').slice(0, -1)
/** Cells of lines without quotes. */
const cellsOf = (body: string): string[][] => linesOf(body).map((line) => line.split(','))

describe('the long form', () => {
  test('has a line for each period, slice, KPI and statistic', async () => {
    const { get } = await replied('all', 'queue=billing,class=live')
    const response = await get(
      `${base}?${today}&slice=all&slice=queue=billing,class=live&kpis=response_time,contacts_opened&format=csv`,
    )
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8')
    const lines = linesOf(response.body)
    expect(lines[0]).toBe(
      'start,end,label,slice,closed,revision,kpi,statistic,value,unit,reason,clock,closed_at,provisional_until,by',
    )
    expect(lines).toContain(`${day},all,false,,response_time,value,2000,ms,,calendar,,,`)
    expect(lines).toContain(`${day},all,false,,response_time,count,2,ms,,calendar,,,`)
    expect(lines).toContain(`${day},all,false,,response_time,sum,4000,ms,,calendar,,,`)
    expect(lines).toContain(
      `${day},"queue=billing,class=live",false,,contacts_opened,value,0,count,,,,,`,
    )
  })

  test('says why a value is not there', async () => {
    const { get } = await replied('queue=billing')
    const { body } = await get(`${base}?${today}&kpis=response_time&format=csv`)
    expect(linesOf(body)).toContain(
      `${day},all,false,,response_time,value,,ms,nothing-happened,calendar,,,`,
    )
  })
})

describe('the wide form', () => {
  test('has a line for each period and slice, with a column for each statistic', async () => {
    const { get } = await replied('all')
    const { body } = await get(
      `${base}?${today}&kpis=response_time,occupancy,contacts_opened&format=csv&layout=wide`,
    )
    expect(linesOf(body)[0]).toBe(
      'start,end,label,slice,closed,revision,response_time.avg,response_time.count,response_time.sum,response_time.p50,response_time.p90,' +
        'response_time.p95,response_time.p99,occupancy.value,occupancy.numerator,occupancy.denominator,contacts_opened.value,closed_at,provisional_until',
    )
    expect(linesOf(body)[1]).toMatch(/^2026-03-02T.*,all,false,,2000,2,4000(,\d+){4},,0,0,0,,$/)
  })

  test('has the same columns whatever happened, and what the long form says', async () => {
    const { floor, get } = await replied('all')
    floor.count(measures.fcrDue, ['all'], 4)
    floor.count(measures.fcrSolved, ['all'], 3)
    floor.open(
      'agent.available',
      ['all'],
      { agentId: 'a', contacts: 0, capacity: null, queues: [] },
      floor.nowMs(),
    )
    await floor.commit()
    const url = `${tenant}/kpis/live?slice=all&slice=queue=none&format=csv`
    const [long, wide] = [
      cellsOf((await get(url)).body),
      cellsOf((await get(`${url}&layout=wide`)).body),
    ]
    const [head = [], ...rows] = wide
    const told = rows.flatMap((row) =>
      head
        .slice(3)
        .flatMap((name, column) =>
          row[column + 3] === ''
            ? []
            : [`${row[2]} ${name.replace('.avg', '.value')} ${row[column + 3]}`],
        ),
    )
    const said = long
      .slice(1)
      .flatMap(([, , slice, kpi, statistic, value]) =>
        value === '' ? [] : [`${slice} ${kpi}.${statistic} ${value}`],
      )
    expect(told).toEqual(said)
    expect(said).toContain('all agents_by_state.breakdown.available 1')
    expect(new Set(wide.map((row) => row.length)).size).toBe(1)
  })
})

describe('money', () => {
  async function sold(...amounts: readonly (readonly [currency: string, minor: number])[]) {
    const { floor, get } = await openApi()
    for (const [currency, minor] of amounts)
      floor.money(measures.orderMoney, ['all'], currency, minor)
    await floor.commit()
    return (layout: string) => get(`${base}?${today}&kpis=sales&format=csv&layout=${layout}`)
  }

  test('of one currency has its value, its sum in the minor unit, and itself', async () => {
    const get = await sold(['CNY', 12_950])
    const lines = linesOf((await get('long')).body)
    for (const said of ['value,129.5', 'sum,12950', 'byCurrency.CNY,129.5'])
      expect(lines).toContain(`${day},all,false,,sales,${said},money,,,,,`)
    const [head, row] = linesOf((await get('wide')).body)
    expect(head).toContain(',sales.value,sales.sum,sales.currency,')
    expect(row).toContain(',129.5,12950,CNY,')
  })

  test('of several has a line for each, and no value together', async () => {
    const get = await sold(['CNY', 12_950], ['JPY', 700])
    const lines = linesOf((await get('long')).body)
    expect(lines).toContain(`${day},all,false,,sales,value,,money,several-currencies,,,,`)
    for (const said of ['byCurrency.CNY,129.5', 'byCurrency.JPY,700'])
      expect(lines).toContain(`${day},all,false,,sales,${said},money,,,,,`)
    expect(lines.filter((line) => line.includes('sales,sum'))).toEqual([])
    expect(linesOf((await get('wide')).body)[1]).toMatch(/,all,false,,,,,,$/)
  })
})

describe('every row of the range', () => {
  test('is there, whatever their number, each once and in order', async () => {
    const { floor, get } = await openApi()
    await floor.commit()
    const { body } = await get(
      `${base}?period=15m&from=2026-01-01&to=2026-03-01&slice=all&slice=queue=none&kpis=contacts_opened&format=csv`,
    )
    const [, ...rows] = cellsOf(body)
    const expected = Array.from({ length: 59 * 96 }, (_, n) =>
      new Date(Date.UTC(2026, 0, 1) + n * 900_000).toISOString(),
    )
    expect(rows.map(([start, , , slice]) => [start, slice])).toEqual(
      expected.flatMap((start) => [
        [start, 'all'],
        [start, 'queue=none'],
      ]),
    )
  })

  test('has all slices of a period of one moment, also where every read is followed by a commit', async () => {
    let opened = async (): Promise<void> => {}
    const { floor, get } = await openApi({
      startMs: Date.parse('2026-03-02T23:59:00Z'),
      wrap: (store) => ({
        ...store,
        async read(partition, query) {
          const snapshot = await store.read(partition, query)
          await opened()
          return snapshot
        },
      }),
    })
    const queues = Array.from({ length: 30 }, (_, n) => `queue=q${n}`)
    opened = async () => {
      floor.count(measures.contactOpened, ['all', ...queues])
      await floor.commit()
    }
    await opened()
    const query =
      'period=15m&from=2026-03-02T20:00:00Z&to=2026-03-03&slice=all&slice=queue=*&kpis=contacts_opened&format=csv&layout=wide'
    const rows = cellsOf((await get(`${base}?${query}`)).body)
    const last = rows.filter(
      ([start, , , slice]) => start === '2026-03-02T23:45:00.000Z' && slice !== 'queue=none',
    )
    expect(last).toHaveLength(31)
    expect(new Set(last.map((row) => row[6])).size).toBe(1)
  })

  test('has begun: periods to come have no row, those of JSON have one', async () => {
    const { floor, get, json } = await openApi()
    await floor.commit()
    const query = 'period=hour&from=2026-03-02&to=2026-03-03&kpis=contacts_opened'
    const rows = cellsOf((await get(`${base}?${query}&format=csv`)).body).slice(1)
    expect(rows).toHaveLength(11)
    expect(rows.at(-1)?.[0]).toBe('2026-03-02T10:00:00.000Z') // It is 10:07.
    expect((await json<PeriodsResponse>(`${base}?${query}`)).rows).toHaveLength(24)
    const later = await get(
      `${base}?period=hour&from=2026-03-02T10:30:00Z&to=2026-03-03&kpis=contacts_opened&format=csv`,
    )
    expect(
      cellsOf(later.body)
        .slice(1)
        .map(([start]) => start),
    ).toEqual(['2026-03-02T10:00:00.000Z'])
    expect(
      linesOf((await get(`${base}?period=day&from=2026-03-03&to=2026-03-05&format=csv`)).body),
    ).toHaveLength(1)
  })

  test('leaves out KPIs of the moment, unless they are asked for', async () => {
    const { floor, get, json } = await openApi()
    await floor.commit()
    const kpisIn = (body: string) =>
      new Set(
        cellsOf(body)
          .slice(1)
          .map((row) => row[6]),
      )
    const all = kpisIn((await get(`${base}?${today}&format=csv`)).body)
    const { kpis } = await json<KpiList>('/v1/kpis')
    expect(kpis.map(({ id }) => id).filter((id) => !all.has(id))).toEqual(
      expect.arrayContaining(['waiting_now', 'longest_wait', 'backlog', 'agents_by_state']),
    )
    expect(all).toContain('response_time')
    expect(kpisIn((await get(`${base}?${today}&kpis=backlog&format=csv`)).body)).toEqual(
      new Set(['backlog']),
    )
  })
})

describe('a file for a spreadsheet', () => {
  test('is saved under the name of the tenant, the period and the range', async () => {
    const { floor, get } = await openApi()
    await floor.commit()
    const name = async (url: string) => (await get(url)).headers['content-disposition']
    expect(await name(`${base}?${today}&format=csv`)).toBe(
      'attachment; filename="acme_day_2026-03-02_2026-03-03.csv"',
    )
    const instants = 'period=hour&from=2026-03-02T08:00:00%2B01:00&to=2026-03-03&format=csv'
    expect(await name(`${base}?${instants}`)).toBe(
      'attachment; filename="acme_hour_2026-03-02T0800000100_2026-03-03.csv"',
    )
    expect(await name(`${tenant}/kpis/live?format=csv`)).toBe(
      'attachment; filename="acme_live_15m_2026-03-02T100727.017Z.csv"',
    )
    expect(await name(`${base}?${today}`)).toBeUndefined()
  })

  test.each([base, `${tenant}/kpis/live`])(
    'begins with a byte order mark when it is asked for: %s',
    async (address) => {
      const { floor, get } = await openApi({
        config: { slices: { dimensions: ['queue'], pairs: [], values: { queue: ['退款'] } } },
      })
      await floor.commit()
      const query = `${address === base ? `${today}&` : ''}slice=${encodeURIComponent('queue=退款')}&kpis=contacts_opened&format=csv`
      const [with_, without] = [
        await get(`${address}?${query}&bom=true`),
        await get(`${address}?${query}`),
      ]
      expect([...with_.rawPayload.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
      expect(with_.rawPayload.subarray(3)).toEqual(without.rawPayload)
      expect(without.rawPayload.toString('utf8')).toContain('queue=退款')
    },
  )

  test('holds no cell that is taken for a formula, and quotes what has to be', async () => {
    const names = ['=cmd()', '+1;@SUM(1)', '-2', '@x', 'a"b', 'a;=cmd()', 'a,b']
    const { floor, get } = await openApi({
      config: { slices: { dimensions: ['queue'], pairs: [], values: { queue: names } } },
    })
    await floor.commit()
    const { body } = await get(`${base}?${today}&slice=queue=*&kpis=contacts_opened&format=csv`)
    expect(body).toContain(',"queue=a""b",')
    expect(body).toContain(',queue=a%2Cb,')
    const cells = linesOf(body).flatMap((line) => line.split(/[,;\t"]/))
    expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([])
  })
})

describe('which type an answer has', () => {
  const csv = 'text/csv; charset=utf-8'
  const json = 'application/json; charset=utf-8'

  test.each([
    { accept: 'text/csv', format: '', type: csv },
    { accept: 'text/html, text/*;q=0.9', format: '', type: csv },
    { accept: 'text/csv;q=0.5, application/json', format: '', type: json },
    { accept: '*/*', format: '', type: json },
    { accept: 'application/*, text/csv;q=0', format: '', type: json },
    { accept: 'image/png', format: '', type: 'application/problem+json' },
    { accept: '*/*', format: '&format=csv', type: csv },
    { accept: 'application/json', format: '&format=csv', type: csv },
    { accept: 'text/csv', format: '&format=json', type: json },
  ])('Accept: $accept with $format is $type', async ({ accept, format, type }) => {
    const { floor, get } = await openApi()
    await floor.commit()
    for (const url of [`${base}?${today}${format}`, `${tenant}/kpis/live?window=5m${format}`]) {
      for (const _again of [1, 2]) {
        const response = await get(url, { accept })
        expect([response.statusCode, response.headers['content-type']]).toEqual([
          type.includes('problem') ? 406 : 200,
          expect.stringContaining(type),
        ])
        if (response.statusCode === 200) expect(response.headers['vary']).toBe('accept')
      }
    }
  })

  test.each([
    { query: `${today}&format=csv&limit=5`, path: 'limit' },
    { query: `${today}&format=csv&cursor=MTc3MjQwOTYwMDAwMC4w`, path: 'cursor' },
    { query: `${today}&layout=wide`, path: 'layout' },
    { query: `${today}&bom=true`, path: 'bom' },
    { query: `${today}&format=xlsx`, path: 'format' },
    { query: `${today}&format=csv&layout=broad`, path: 'layout' },
    { query: `${today}&format=csv&bom=yes`, path: 'bom' },
  ])('$path of $query is 400 and named', async ({ query, path }) => {
    const { floor, get } = await openApi()
    await floor.commit()
    const response = await get(`${base}?${query}`)
    expect(response.statusCode).toBe(400)
    expect(response.json<Problem>().errors?.map((error) => error.path)).toEqual([path])
  })
})

describe('live', () => {
  test('has a line for each slice, KPI and statistic, of the moment that it says', async () => {
    const { floor, get } = await openApi()
    floor.open(
      'reply.live',
      ['all'],
      { contactId: 'c', dueAtMs: 0 as EpochMs, first: true, channel: 'chat' },
      floor.nowMs(),
    )
    await floor.commit()
    const response = await get(`${tenant}/kpis/live?kpis=waiting_now&window=5m`, {
      accept: 'text/csv',
    })
    expect(response.body).toBe(
      'start,end,slice,kpi,statistic,value,unit,reason,clock,by\r\n2026-03-02T10:03:00.000Z,2026-03-02T10:07:27.017Z,all,waiting_now,value,1,count,,,\r\n',
    )
    expect(response.headers['deskpulse-as-of']).toBe('2026-03-02T10:07:27.017Z')
  })

  test('is 304 while only log time moves, with a tag that JSON does not have', async () => {
    const { floor, get } = await openApi()
    await floor.commit()
    const url = `${tenant}/kpis/live?kpis=contacts_opened`
    const etagOf = async (accept: string) => String((await get(url, { accept })).headers['etag'])
    const etag = await etagOf('text/csv')
    expect(await etagOf('*/*')).not.toBe(etag)
    floor.wait(250)
    await floor.commit()
    const again = async () => get(url, { accept: 'text/csv', 'if-none-match': etag })
    await vi.waitUntil(
      async () => (await again()).headers['deskpulse-as-of'] === '2026-03-02T10:07:27.267Z',
    )
    expect((await again()).statusCode).toBe(304)
  })
})

test('a period of CSV that begins at this very moment has begun', async () => {
  const { floor, get } = await openApi({ startMs: Date.parse('2026-03-02T10:00:00Z') })
  await floor.commit()
  const to = new Date(floor.nowMs() + 2 * hourMs).toISOString()
  const { body } = await get(
    `${base}?period=hour&from=2026-03-02T09:00:00Z&to=${to}&kpis=contacts_opened&format=csv`,
  )
  expect(
    cellsOf(body)
      .slice(1)
      .map(([, , label]) => label),
  ).toEqual(['2026-03-02T09:00', '2026-03-02T10:00'])
})
