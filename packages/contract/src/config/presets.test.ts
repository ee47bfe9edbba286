import { readFileSync } from 'node:fs'
import { catalogueOf } from '@deskpulse/core/kpis'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { describe, expect, test } from 'vitest'
import { parseConfig } from './parse.ts'
import { presets } from './presets.ts'

/** What the file makes of one tenant. */
function parsed(tenant: object) {
  const found = parseConfig({ tenants: { acme: tenant } })
  if (!found.ok) throw new Error(JSON.stringify(found.errors))
  return found.config.tenants['acme']!
}
function errorsOf(tenant: object) {
  const found = parseConfig({ tenants: { acme: tenant } })
  return found.ok ? [] : found.errors
}

const versions = presets.flatMap(({ name, title, versions: all }) =>
  all.map((version) => ({ name, title, ...version })),
)

describe.each(versions)('the preset $name of $date', ({ name, date, ...version }) => {
  const { settings, sources, kpis } = version

  test('says of each of its values where it was published and when it was read', () => {
    const told = ['unit', 'kpis', 'trailingDays', ...Object.keys(settings)]
    expect(new Set(Object.keys(sources))).toEqual(new Set(told))
    for (const { url, published, read, note } of Object.values(sources)) {
      if (url === null) expect(note).toMatch(/no publication was found|no rule of the platform/)
      if (published !== null) expect(published <= read).toBe(true)
    }
  })

  test('is a configuration that has the KPIs that it names', () => {
    const { config, preset } = parsed({ preset: { name, date } })
    expect(preset).toMatchObject({ name, date })
    const ids = catalogueOf(config).kpis.map(({ id }) => id)
    for (const id of kpis) expect(ids).toContain(id)
    for (const key of Object.keys(settings)) expect(Object.keys(parsedKeys(config))).toContain(key)
  })

  test('has its target in targets that its own file could set', () => {
    const { targets = [] } = settings as { targets?: readonly object[] }
    expect(errorsOf({ ...(settings as object), targets })).toEqual([])
  })
})

/** Keys of a configuration, as the file calls them. */
const parsedKeys = (config: object): object =>
  Object.fromEntries(
    Object.keys(config).map((key) => [
      key === 'thresholdsSeconds' ? 'thresholds' : key.replace(/Ms$/, ''),
      true,
    ]),
  )

test('a name alone is the latest version', () => {
  expect(parsed({ preset: 'taobao' }).preset?.date).toBe('2025-06-02')
  expect(parsed({ preset: 'taobao' }).config.responseWindow).toEqual({
    ...{ fromMinute: 480, toMinute: 1_380 },
  })
  const before = parsed({ preset: { name: 'taobao', date: '2023-04-02' } })
  expect(before.config.responseWindow).toEqual({ fromMinute: 480, toMinute: 1_440 })
})

test('keys that the tenant sets itself win, of limits and of what is by class each member by itself', () => {
  const { config } = parsed({
    preset: 'jd',
    responseWindow: 'always',
    limits: { live: { reply: '45s' } },
    returnGap: '5m',
    outsideHours: { deferred: 'separate' },
    targets: [{ kpi: 'occupancy', min: 0.7 }],
  })
  expect(config).toMatchObject({
    responseWindow: null,
    returnGapMs: 300_000,
    limits: { live: { firstResponseMs: 30_000, replyMs: 45_000 } },
    outsideHours: { live: 'exclude', deferred: 'separate' },
    targets: [{ kpi: 'occupancy', min: 0.7 }],
  })
})

test('without a preset nothing changes', () => {
  expect(parsed({})).toMatchObject({ config: defaultTenantConfig, preset: null })
})

test.each([
  {
    what: 'a preset that nobody made',
    preset: 'taobo',
    path: 'preset',
    says: { expected: 'a preset', hint: 'did you mean taobao?' },
  },
  {
    what: 'one that is near none',
    preset: 'amazon',
    path: 'preset',
    says: { expected: 'a preset: one of taobao, jd, pdd, douyin, gov12345' },
  },
  {
    what: 'one of a date, by its name',
    preset: { name: 'jdd', date: '2026-11-27' },
    path: 'preset.name',
    says: {},
  },
  {
    what: 'a date of which there is no version',
    preset: { name: 'taobao', date: '2024-01-01' },
    path: 'preset.date',
    says: { expected: 'the date of a version of taobao, in quotes: 2023-04-02, 2025-06-02' },
  },
])('$what is an error that says so', ({ preset, path, says }) => {
  expect(errorsOf({ preset })).toEqual([
    expect.objectContaining({ path: `tenants.acme.${path}`, ...says }),
  ])
})

test('a target of a threshold that the preset brings is one of a KPI that there is', () => {
  const targets = [{ kpi: 'service_level_15s_of_offered', min: 0.9 }]
  expect(errorsOf({ preset: 'gov12345', targets })).toEqual([])
  expect(errorsOf({ targets })).toHaveLength(1)
})

test('docs/configuration.md has a row of each version, with its values', () => {
  const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8')
  const rows = page.split('\n').map((line) => line.replaceAll(/ +/g, ' '))
  for (const { name, title, date, unit, kpis, trailingDays, settings } of versions) {
    const days = trailingDays === null ? 'the day' : `${trailingDays} days`
    const ids = kpis.map((id) => `\`${id}\``).join(', ')
    const values = Object.entries(settings)
      .map(([key, value]) => `${key}: ${JSON.stringify(value).replaceAll('"', '')}`)
      .join('; ')
    expect(rows).toContain(
      `| ${title.en}: \`${name}\` | ${date} | ${unit} | ${days} | ${ids} | ${values} |`,
    )
  }
})
