import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseConfig } from './index.ts'

const good = {
  openTenants: false,
  http: { port: 8_080 },
  ingest: { bodyBytesMax: 1_000_000, inFlightBytesMax: 2_000_000 },
  tenants: {
    acme: {
      timeZone: 'Europe/Rome',
      channelClasses: { fax: 'deferred' },
      limits: { live: { reply: '30s' } },
      limitOverrides: [
        { queue: 'vip', reply: '10s' },
        { channel: 'chat', firstResponse: 5_000 },
      ],
      thresholds: ['30s', '60s'],
      targets: [
        { kpi: 'response_time', max: '30s' },
        { kpi: 'answered_within_60s_of_due', slice: 'topic=refund', min: 0.8 },
      ],
      slices: {
        dimensions: ['queue', 'topic'],
        pairs: [['queue', 'channel']],
        values: { topic: ['refund'] },
        valuesMax: 9,
      },
      pseudonymise: { key: 'a secret of the tests' },
      sources: { '/crm': { contacts: 'request' } },
    },
    other: { customersArePseudonyms: true },
  },
  alerts: {
    hours: [{ days: ['mon'], from: '09:00', to: '18:00' }],
    endpoints: [
      { name: 'floor', kind: 'webhook', url: 'https://floor.example', tenants: ['acme'] },
      {
        name: 'ding',
        kind: 'dingtalk',
        url: 'https://ding.example',
        secret: 'SEC',
        severity: 'critical',
      },
    ],
    rules: [
      { name: 'customer-waiting', limit: '45s', endpoints: ['floor'], labels: { team: 'night' } },
      {
        name: 'slow',
        kind: 'windowed',
        kpi: 'response_time',
        statistic: 'p90',
        slice: 'queue=*',
        window: '15m',
        comparison: 'above',
        threshold: '60s',
      },
      {
        name: 'pause',
        kind: 'deadline',
        subject: 'agent',
        states: ['break'],
        limit: '45m',
        repeat: null,
        text: { en: '{value}' },
      },
      {
        name: 'sixty',
        kind: 'windowed',
        statistic: 'answered_within_60s_of_due',
        window: 'today',
        comparison: 'below',
        threshold: 0.5,
        hours: null,
      },
    ],
  },
}

type Path = readonly (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const parts = Array.isArray(value)
    ? value.map((part, at) => [at, part] as const)
    : Object.entries(value)
  return [path, ...parts.flatMap(([key, part]) => pathsOf(part, [...path, key]))]
}

/** A copy with other content at the path. */
function changed(value: unknown, [key, ...rest]: Path, junk: unknown): unknown {
  if (key === undefined) return junk
  if (Array.isArray(value))
    return value.map((part, at) => (at === key ? changed(part, rest, junk) : part))
  return {
    ...(value as object),
    [key]: changed((value as Record<string, unknown>)[key], rest, junk),
  }
}

const places = pathsOf(good)
const junk = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    'x',
    -1,
    0.5,
    70,
    [],
    {},
    [null],
    [{}],
    { x: 1 },
    '30s',
    'acme',
    'floor',
    'queue',
  ),
  fc.jsonValue(),
)

test('whatever stands in a file is taken or refused with its place, and nothing breaks', () => {
  expect(parseConfig(good, {}, { keysRequired: true })).toMatchObject({ ok: true })
  const change = fc.tuple(fc.constantFrom(...places), junk)
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const raw = changes.reduce<unknown>(
        (file, [path, value]) =>
          places.includes(path) && path.length > 0 ? safely(file, path, value) : file,
        good,
      )
      const parsed = parseConfig(raw, {}, { keysRequired: true })
      if (parsed.ok) return
      expect(parsed.errors.length).toBeGreaterThan(0)
      expect(new Set(parsed.errors.map(({ path }) => path)).size).toBe(parsed.errors.length)
    }),
    { numRuns: 500 },
  )
})

test('one wrong value is told once, and nothing that follows from it', () => {
  for (const path of places.filter((one) => one.length > 0)) {
    const parsed = parseConfig(
      changed(good, path, () => {}),
      {},
      { keysRequired: true },
    )
    const told = parsed.ok ? [] : parsed.errors.map((error) => error.path)
    expect(told, path.join('.')).toEqual([path.join('.')])
  }
})

/** The place may be gone by an earlier change. */
function safely(file: unknown, path: Path, value: unknown): unknown {
  try {
    return changed(file, path, value)
  } catch {
    return file
  }
}
