import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from './catalogue.ts'
import type { EpochMs } from '../time/time.ts'
import type { Kpi, Reading, TargetRange } from './kpi.ts'
import { describeKpi } from './value.ts'

const page = readFileSync(new URL('../../../../docs/kpis.md', import.meta.url), 'utf8').replace(/ +/g, ' ') // Tables are padded.
const { kpis } = catalogueOf()

/** Sections of the page by KPI id. */
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')).trim(), text]),
)

function targetText({ targets }: Kpi): string {
  const unit = (range: TargetRange): string =>
    [range.min !== undefined && `≥ ${range.min}`, range.max !== undefined && `≤ ${range.max}`].filter(Boolean).join(' and ')
  const parts = Object.entries(targets).map(([where, range]) => unit(range) + (where === 'any' ? '' : ` (${where})`))
  return parts.join(', ') || 'none'
}

describe('docs/kpis.md', () => {
  test('has a section for every KPI, in the order of the catalogue, and for nothing else', () => {
    expect([...sections.keys()]).toEqual(kpis.map((kpi) => kpi.id))
  })

  test.each(kpis)('$id: names, unit, direction, target and version are those of the catalogue', (kpi) => {
    const section = sections.get(kpi.id) ?? ''
    expect(section).toContain(`**${kpi.name.en}** · ${kpi.name.zh}`)
    expect(section).toContain(`| Unit | ${kpi.unit} |`)
    expect(section).toContain(`| Direction | ${kpi.direction} |`)
    expect(section).toContain(`| Default target | ${targetText(kpi)} |`)
    expect(section).toContain(`| Definition | \`${kpi.id}@${kpi.version}\` |`)
    for (const row of ['Formula', 'Counted at', 'When empty']) expect(section).toMatch(new RegExp(`^\\| ${row} \\| \\S.* \\|$`, 'm'))
  })
})

/** Of a moment at which everything happened twice. */
const busy: Reading = {
  count: () => 2,
  duration: () => ({ count: 2, sum: 4, bins: { bins: [2], counts: [2], total: 2 } }),
  lastBefore: () => 0 as EpochMs,
  open: () => ({ count: 2, oldest: [{ member: 'm', sinceMs: 0 as EpochMs }] }),
  ...{ slice: [], config: defaultTenantConfig, asOfMs: 0 as EpochMs },
}

/** Of a moment up to which nothing happened. */
const silent: Reading = {
  ...busy,
  count: () => 0,
  duration: () => ({ count: 0, sum: 0, bins: { bins: [], counts: [], total: 0 } }),
  lastBefore: () => null,
  open: () => ({ count: 0, oldest: [] }),
}

describe('catalogue', () => {
  test.each(kpis)('$id in silence is none, with the reason, or 0, and beside it are counts alone', ({ find }) => {
    const { value, reason, breakdown = {}, ...beside } = find(silent)
    if (value === null) expect(reason).toBeTruthy()
    else expect([value, reason]).toEqual([0, undefined])
    for (const number of [...Object.values(beside), ...Object.values(breakdown)]) expect([0, undefined]).toContain(number)
  })

  test.each(kpis)('$id names all numbers that its value may have', ({ find, numbers }) => {
    const { breakdown = {}, ...found } = find(busy)
    const plain = Object.entries(found).flatMap(([name, one]) => (typeof one === 'number' ? [name] : []))
    expect(new Set(numbers)).toEqual(new Set([...plain, ...Object.keys(breakdown).map((part) => `breakdown.${part}`)]))
    expect(numbers[0]).toBe('value')
  })

  test('an id is used once', () => {
    expect(new Set(kpis.map((kpi) => kpi.id)).size).toBe(kpis.length)
  })

  test('every threshold of a tenant has a KPI, in order, each once; another tenant’s has none', () => {
    const tenant = catalogueOf({ ...defaultTenantConfig, thresholdsSeconds: [60, 20, 60] })
    const thresholds = tenant.kpis.map((kpi) => kpi.id).filter((id) => /^answered_within_\d+s_of_due$/.test(id))
    expect(thresholds).toEqual(['answered_within_20s_of_due', 'answered_within_60s_of_due'])
    expect(tenant.byId('answered_within_30s_of_due')).toBeUndefined()
  })

  test('a threshold of whole minutes is named in minutes in Chinese', () => {
    expect(catalogueOf().byId('answered_within_30s_of_due')?.name.zh).toBe('30 秒应答率')
    expect(catalogueOf().byId('answered_within_180s_of_due')?.name.zh).toBe('3 分钟应答率')
  })

  test('a description is in the language asked for', () => {
    expect(describeKpi(kpis[0] as Kpi, 'zh')).toMatchObject({ id: 'first_response_time', name: '首次响应时间', target: { max: 28_000 } })
    expect(describeKpi(kpis[0] as Kpi, 'en')).toMatchObject({ name: 'First response time', unit: 'ms', direction: 'lower', version: 1 })
  })

  test('one without a target says so', () => {
    const without = kpis.filter(({ targets }) => targets.any === undefined && targets.live === undefined)
    expect(without.length).toBeGreaterThan(0)
    for (const kpi of without) expect(describeKpi(kpi, 'en').target).toBeNull()
  })
})
