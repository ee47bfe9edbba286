import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportedResponse } from '@deskpulse/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deskpulse } from '../support/deskpulse.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'

const tenant = 'acme'
/** Nothing is closed: what comes later is to be seen at once. */
const config = {
  tenants: { [tenant]: { timeZone: 'Asia/Shanghai', closing: { grace: '36500d' } } },
}

const attendance = `坐席;日期;是否排班;是否出勤;违规次数
lin;2026/3/2;是;是;
wu;2026/3/2;是;否;2
`
const forecasts = `queue,start,end,offered,averageHandleSeconds
billing,2026-03-02 09:00,2026-03-02 09:30,40,180
`

type Import = {
  readonly kind: string
  readonly text: string
  /** When the file was changed. */
  readonly changed: string
  readonly url: string
  readonly folder: string
}

async function byCommand({ kind, text, changed, url, folder }: Import): Promise<number> {
  const path = join(folder, `${kind}.csv`)
  await writeFile(path, text)
  await utimes(path, new Date(changed), new Date(changed))
  const to = ['--tenant', tenant, '--url', url]
  const out = await deskpulse('import', kind, path, ...to, '--time-zone', 'Asia/Shanghai')
  return Number(/accepted +(\d+)/.exec(out)?.[1])
}

async function overHttp({ kind, text, changed: changedAt, url }: Import): Promise<number> {
  const query = new URLSearchParams({ changedAt, timeZone: 'Asia/Shanghai' }).toString()
  const response = await fetch(`${url}/v1/tenants/${tenant}/imports/${kind}?${query}`, {
    ...{ method: 'POST', headers: { 'content-type': 'text/csv' }, body: text },
  })
  const { accepted } = (await response.json()) as ImportedResponse
  if (response.status !== 202) throw new Error(`${response.status}: nothing was sent`)
  return accepted
}

describe.each([
  { how: 'by the command line', send: byCommand },
  { how: 'over HTTP', send: overHttp },
])('files that are imported into the embedded product $how', ({ send }) => {
  let product: Embedded
  let folder = ''
  beforeAll(async () => {
    product = await startEmbedded(config)
    folder = await mkdtemp(join(tmpdir(), 'deskpulse-import-'))
  })
  afterAll(async () => {
    await product[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const imported = (kind: string, text: string, changed: string): Promise<number> =>
    send({ kind, text, changed, url: product.service.url, folder })

  /** What is counted on the date, once all that was sent is. */
  async function valueOf(kpi: string, slice: string) {
    await product.client.caughtUp(tenant)
    const day = { period: 'day', from: '2026-03-02', to: '2026-03-03' }
    const [row] = await product.client.periods(tenant, { ...day, slice, kpis: kpi })
    return row?.kpis[kpi]
  }

  test('count as they say', async () => {
    expect(await imported('attendance', attendance, '2026-03-04T08:00:00Z')).toBe(2)
    await imported('forecasts', forecasts, '2026-03-04T08:00:00Z')
    expect(await valueOf('attendance_rate', 'all')).toMatchObject({ numerator: 1, denominator: 2 })
    expect(await valueOf('attendance_violations', 'agent=wu')).toMatchObject({ value: 2 })
    expect(await valueOf('workload_variance', 'queue=billing')).toMatchObject({
      denominator: 40_000_000,
    })
  })

  test('change nothing when they are sent again', async () => {
    const before = await valueOf('attendance_violations', 'all')
    await imported('attendance', attendance, '2026-03-04T08:00:00Z')
    await imported('forecasts', forecasts, '2026-03-04T08:00:00Z')
    expect(await valueOf('attendance_rate', 'all')).toMatchObject({ numerator: 1, denominator: 2 })
    expect((await valueOf('attendance_violations', 'all'))?.value).toBe(before?.value)
    expect((await product.client.refusals(tenant)).rows).toEqual([])
  })

  test('replace what was sent before when they were corrected, whichever comes last', async () => {
    const corrected = attendance.replace('否;2', '是;1')
    await imported('attendance', corrected, '2026-03-04T09:00:00Z')
    await imported('forecasts', forecasts.replace(',40,', ',50,'), '2026-03-04T09:00:00Z')
    await imported('attendance', attendance, '2026-03-04T08:00:00Z') // The older file, once more.
    expect(await valueOf('attendance_rate', 'all')).toMatchObject({ numerator: 2, denominator: 2 })
    expect(await valueOf('attendance_violations', 'agent=wu')).toMatchObject({ value: 1 })
    expect(await valueOf('workload_variance', 'queue=billing')).toMatchObject({
      denominator: 50_000_000,
    })
  })

  test('send nothing at all where one row is wrong', async () => {
    const wrong = attendance.replace('否;2', '否;many').replace('是;是', '是;否')
    await expect(imported('attendance', wrong, '2026-03-04T10:00:00Z')).rejects.toThrow(
      'nothing was sent',
    )
    expect(await valueOf('attendance_rate', 'all')).toMatchObject({ numerator: 2, denominator: 2 })
  })
})
