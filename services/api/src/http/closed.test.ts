import {
  type ClosedResponse,
  closedSchema,
  type PeriodsResponse,
  periodsSchema,
} from '@deskpulse/contract'
import { encodeIssuedHead, encodeIssues, type Issue, issuesPerPage } from '@deskpulse/core/closed'
import { measures } from '@deskpulse/core/kpis'
import { issuedKey, issuedPageKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { openApi } from '../testing/server.ts'

const base = '/v1/tenants/acme/kpis/periods'
const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const sunday = { kind: 'day', startMs: at('2026-03-01T00:00:00Z') } as const
const monday = at('2026-03-02T00:00:00Z')
const { contactOpened, fcrDue, fcrSolved, firstResolutionReopened } = measures
const opened = (count: number) => [[contactOpened, count]] as const
const ofSunday = `${base}?period=day&from=2026-03-01&to=2026-03-02&kpis=contacts_opened`

describe('a row', () => {
  test('of which something was issued is closed, as long as nothing changes in it', async () => {
    const { floor, json } = await openApi()
    floor.count(contactOpened, ['all'], 4, sunday.startMs)
    floor.count(measures.fcrMatureDue, ['all'], 1, sunday.startMs) // Time alone changes that.
    floor.issue('all', sunday, { closedAtMs: monday + 61_000, counts: opened(3) })
    floor.issue('all', sunday, {
      ...{ revision: 2, cause: 'late', closedAtMs: monday + 240_000, counts: opened(4) },
    })
    await floor.commit()
    const answer = await json<PeriodsResponse>(ofSunday)
    expect(periodsSchema.parse(answer)).toEqual(answer)
    expect(answer.rows).toMatchObject([
      {
        ...{ closed: true, revision: 2, closedAt: '2026-03-02T00:04:00.000Z' },
        kpis: { contacts_opened: { value: 4 } },
      },
    ])
    floor.count(contactOpened, ['all'], 1, sunday.startMs)
    await floor.commit()
    const { rows } = await json<PeriodsResponse>(ofSunday)
    expect(rows).toMatchObject([
      { closed: false, revision: 2, kpis: { contacts_opened: { value: 5 } } },
    ])
  })

  test('is as closed whatever is asked of it, also of a KPI that nothing is counted for', async () => {
    const { floor, json } = await openApi()
    floor.count(contactOpened, ['all'], 3, sunday.startMs)
    floor.count(contactOpened, ['queue=billing'], 2, sunday.startMs)
    floor.issue('all', sunday, { closedAtMs: monday + 60_000, counts: opened(3) })
    floor.closeTo(monday)
    await floor.commit()
    const range = 'period=day&from=2026-03-01&to=2026-03-02&slice=all&slice=queue=billing'
    for (const kpis of ['contacts_opened', 'backlog']) {
      const { rows } = await json<PeriodsResponse>(`${base}?${range}&kpis=${kpis}`)
      expect(rows.map(({ closed }) => closed)).toEqual([true, false])
    }
  })

  test('of a slice that held nothing in a closed period is closed, too; not one that waits to be issued', async () => {
    const { floor, json } = await openApi()
    floor.count(contactOpened, ['queue=billing'], 2, sunday.startMs)
    floor.count(contactOpened, ['queue=tech'], 2, sunday.startMs - dayMs)
    floor.closeTo(monday)
    await floor.commit()
    const slices = ['billing', 'tech', 'none'].map((queue) => `&slice=queue=${queue}`).join('')
    const { rows } = await json<PeriodsResponse>(`${ofSunday}${slices}`)
    expect(rows.map(({ closed, revision }) => [closed, revision])).toEqual([
      [false, undefined],
      [true, 1],
      [true, 1],
    ])
    expect(rows.map(({ kpis }) => kpis['contacts_opened']?.value)).toEqual([2, 0, 0])
  })

  test('of a period that is not closed yet, that ended before the tenant began, or of a quarter-hour, is not closed', async () => {
    const { floor, json } = await openApi()
    floor.closeTo(monday, sunday.startMs + hourMs)
    await floor.commit()
    const closedOf = async (period: string, from: string, to: string) =>
      (await json<PeriodsResponse>(`${base}?period=${period}&from=${from}&to=${to}`)).rows.map(
        ({ closed }) => closed,
      )
    expect(await closedOf('day', '2026-02-28', '2026-03-03')).toEqual([false, true, false])
    expect(await closedOf('hour', '2026-03-01T00:00:00Z', '2026-03-01T03:00:00Z')).toEqual([
      ...[false, true, true],
    ])
    expect(await closedOf('15m', '2026-03-01T12:00:00Z', '2026-03-01T12:30:00Z')).toEqual([
      ...[false, false],
    ])
  })

  test('of an hour whose quarters are gone is what was issued; where nothing was it is not kept', async () => {
    const { floor, json } = await openApi()
    const hour = { kind: 'hour', startMs: at('2026-02-20T10:00:00Z') } as const
    floor.issue('all', hour, { closedAtMs: hour.startMs + hourMs, counts: opened(5) })
    await floor.commit()
    const range = 'from=2026-02-20T10:00:00Z&to=2026-02-20T12:00:00Z&kpis=contacts_opened'
    const { rows } = await json<PeriodsResponse>(`${base}?period=hour&${range}`)
    expect(rows).toMatchObject([
      { closed: true, revision: 1, kpis: { contacts_opened: { value: 5 } } },
      { closed: false, kpis: { contacts_opened: { value: null, reason: 'not-kept' } } },
    ])
    expect(rows[0]).not.toHaveProperty('provisionalUntil')
  })

  test('has the same in CSV', async () => {
    const { floor, get } = await openApi()
    floor.count(contactOpened, ['all'], 3, sunday.startMs)
    floor.issue('all', sunday, { closedAtMs: monday + 60_000, counts: opened(3) })
    await floor.commit()
    const { body } = await get(`${ofSunday}&format=csv&layout=wide`)
    expect(body.split('\r\n')[1]).toBe(
      '2026-03-01T00:00:00.000Z,2026-03-02T00:00:00.000Z,2026-03-01,all,true,1,3,2026-03-02T00:01:00.000Z,',
    )
  })
})

describe('a row is provisional', () => {
  const { aiAutonomous, aiReopened } = measures
  const ofAll = 'kpis=contacts_opened,fcr_gross,ai_reopen_rate,ai_durable_rate'
  const [inThreeDays, inAWeek] = ['2026-03-05T00:00:00.000Z', '2026-03-09T00:00:00.000Z']

  async function resolvedOnSunday() {
    const api = await openApi()
    const { floor } = api
    for (const [measure, count] of [
      [contactOpened, 4],
      [fcrDue, 2],
      [aiAutonomous, 2],
      [aiReopened, 1],
    ] as const)
      floor.count(measure, ['all'], count, sunday.startMs)
    await floor.commit()
    const ofKpis = async (kpis: string, more = '') =>
      (
        await api.json<PeriodsResponse>(
          `${base}?period=day&from=2026-03-01&to=2026-03-02&${kpis}${more}`,
        )
      ).rows[0]!
    return { ...api, ofKpis }
  }

  test('until the last of its KPIs is final, each of which says when it is by its own window', async () => {
    const { ofKpis } = await resolvedOnSunday()
    const { kpis, provisionalUntil } = await ofKpis(ofAll)
    expect(provisionalUntil).toBe(inAWeek)
    const untils = Object.entries(kpis).map(([id, kpi]) => [id, kpi.provisionalUntil])
    expect(Object.fromEntries(untils)).toEqual({
      contacts_opened: undefined,
      fcr_gross: inThreeDays,
      ai_reopen_rate: inAWeek,
      ai_durable_rate: inAWeek,
    })
    expect(kpis['ai_durable_rate']!.value).toBeNull() // Its resolutions are too young; they will count.
  })

  test('by those alone that are asked for', async () => {
    const { ofKpis } = await resolvedOnSunday()
    expect((await ofKpis('kpis=contacts_opened,fcr_gross')).provisionalUntil).toBe(inThreeDays)
    expect(await ofKpis('kpis=contacts_opened')).not.toHaveProperty('provisionalUntil')
  })

  test('in CSV too: each KPI for itself in the long form, the latest of them in the wide one', async () => {
    const { get } = await resolvedOnSunday()
    const linesOf = async (layout: string): Promise<string[][]> => {
      const { body } = await get(
        `${base}?period=day&from=2026-03-01&to=2026-03-02&${ofAll}&format=csv&layout=${layout}`,
      )
      return body
        .split('\r\n')
        .slice(0, -1)
        .map((line) => line.split(','))
    }
    const [head = [], ...long] = await linesOf('long')
    const cells = (name: string) => long.map((line) => line[head.indexOf(name)])
    const untils = cells('kpi').map((kpi, n) => [kpi, cells('provisional_until')[n]])
    expect(Object.fromEntries(untils)).toEqual({
      contacts_opened: '',
      fcr_gross: inThreeDays,
      ai_reopen_rate: inAWeek,
      ai_durable_rate: inAWeek,
    })
    const [, [...wide] = []] = await linesOf('wide')
    expect(wide.at(-1)).toBe(inAWeek)
  })
})

describe('revision=all', () => {
  const three = async () => {
    const api = await openApi()
    const { floor } = api
    const first = [[contactOpened, 3] as const, [fcrDue, 2] as const, [fcrSolved, 2] as const]
    floor.issue('all', sunday, { closedAtMs: monday + 60_000, counts: first })
    floor.issue('all', sunday, {
      ...{ revision: 2, cause: 'late', closedAtMs: monday + 240_000 },
      counts: [[contactOpened, 4], ...first.slice(1)],
    })
    floor.issue('all', sunday, {
      ...{ revision: 3, cause: 'late', closedAtMs: monday + 540_000 },
      counts: [
        [contactOpened, 4],
        [fcrDue, 2],
        [fcrSolved, 1],
        [firstResolutionReopened, 1],
      ],
    })
    await floor.commit()
    return api
  }

  test('has a row for each, the first one first, with the KPIs that moved, and why', async () => {
    const { json } = await three()
    const { rows } = await json<PeriodsResponse>(
      `${base}?period=day&from=2026-03-01&to=2026-03-03&kpis=contacts_opened,fcr_gross&revision=all`,
    )
    expect(rows).toMatchObject([
      { revision: 1, cause: 'closed', kpis: { contacts_opened: { value: 3 } } },
      {
        ...{ revision: 2, cause: 'late', closedAt: '2026-03-02T00:04:00.000Z' },
        why: ['late-events'],
        changes: [{ kpi: 'contacts_opened', before: 3, after: 4 }],
      },
      {
        ...{ revision: 3, cause: 'late', why: ['reopening'] },
        changes: [{ kpi: 'fcr_gross', before: 1, after: 0.5 }],
        kpis: { contacts_opened: { value: 4 }, fcr_gross: { value: 0.5 } },
      },
      { label: '2026-03-02', closed: false },
    ])
    expect(rows[0]).not.toHaveProperty('changes')
  })

  test('is all of them in CSV', async () => {
    const { get } = await three()
    const { body } = await get(`${ofSunday}&revision=all&format=csv&layout=wide`)
    const lines = body.split('\r\n').slice(1, -1)
    expect(lines.map((line) => line.split(',').slice(4, 7))).toEqual([
      ['true', '1', '3'],
      ['true', '2', '4'],
      ['true', '3', '4'],
    ])
  })
})

describe('what was issued', () => {
  const issueAt = (n: number): Issue => ({
    ...{ closedAtMs: (monday + n * 60_000) as EpochMs, kind: 'day', startMs: sunday.startMs },
    ...{ slice: 0, revision: n + 1 },
  })
  const url = '/v1/tenants/acme/kpis/closed'

  /** Two pages, and some. */
  const issued = async () => {
    const api = await openApi()
    const total = 2 * issuesPerPage + 3
    const all = Array.from({ length: total }, (_, n) => issueAt(n))
    const { floor } = api
    floor.count(contactOpened, ['all'], 1)
    for (const page of [0, 1])
      floor.put(
        issuedPageKey('acme', page),
        encodeIssues(all.slice(page * issuesPerPage, (page + 1) * issuesPerPage)),
      )
    floor.put(issuedKey('acme'), encodeIssuedHead({ total, filling: all.slice(-3) }))
    await floor.commit()
    return { ...api, total }
  }

  test('is listed in order, page by page, each once; the last cursor brings what comes after', async () => {
    const { json, total, floor } = await issued()
    const seen: number[] = []
    let since = ''
    for (let more = true; more;) {
      const answer = await json<ClosedResponse>(`${url}?limit=400${since}`)
      expect(closedSchema.parse(answer)).toEqual(answer)
      seen.push(...answer.rows.map(({ revision }) => revision))
      since = `&since=${answer.cursor}`
      more = answer.more
    }
    expect(seen).toEqual(Array.from({ length: total }, (_, n) => n + 1))
    expect((await json<ClosedResponse>(`${url}?limit=400${since}`)).rows).toEqual([])
    const filling = [total - 3, total - 2, total - 1, total].map(issueAt)
    floor.put(issuedKey('acme'), encodeIssuedHead({ total: total + 1, filling }))
    await floor.commit()
    expect((await json<ClosedResponse>(`${url}?limit=400${since}`)).rows).toMatchObject([
      {
        ...{ kind: 'day', start: '2026-03-01T00:00:00.000Z', end: '2026-03-02T00:00:00.000Z' },
        ...{ label: '2026-03-01', slice: 'all', revision: total + 1 },
      },
    ])
  })

  test.each([0, 1, issuesPerPage - 1, issuesPerPage, 2 * issuesPerPage, 2 * issuesPerPage + 2])(
    'since an instant begins with the first that was issued then or later (%i)',
    async (n) => {
      const { json } = await issued()
      for (const [ms, first] of [
        [0, n],
        [1, n + 1],
      ] as const) {
        const since = new Date(issueAt(n).closedAtMs + ms).toISOString()
        const { rows } = await json<ClosedResponse>(`${url}?since=${since}&limit=1`)
        expect(rows[0]?.revision ?? 'none').toBe(
          n + ms > 2 * issuesPerPage + 2 ? 'none' : first + 1,
        )
      }
    },
  )

  test('is nothing where nothing was, and what is no cursor is refused', async () => {
    const { floor, json, get } = await openApi()
    await floor.commit()
    const answer = await json<ClosedResponse>(url)
    expect(answer).toMatchObject({ rows: [], more: false })
    expect((await json<ClosedResponse>(`${url}?since=${answer.cursor}`)).rows).toEqual([])
    const refused = await get(`${url}?since=yesterday`)
    expect(refused.statusCode).toBe(400)
    expect(refused.json()).toMatchObject({ errors: [{ path: 'since', got: 'yesterday' }] })
    expect((await get('/v1/tenants/nobody/kpis/closed')).statusCode).toBe(404)
  })
})
