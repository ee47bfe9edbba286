import { createHash } from 'node:crypto'
import {
  beginningOfTimeMs,
  type ConfigVersion,
  defaultTenantConfig,
  configuredDimensions,
  type TenantConfig,
} from '@deskpulse/core/config'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import {
  configEntry,
  configIdOf,
  decodeConfigEntry,
  decodeConfigVersions,
  encodeConfigEntry,
  encodeConfigVersions,
  EntryUnreadable,
} from './index.ts'

const bytesOf = (value: unknown): Uint8Array => Buffer.from(canonicalJson(value))
const config = { ...defaultTenantConfig, timeZone: 'Europe/Rome' }

const ms = fc.nat(400 * 86_400_000)
const weight = fc.nat(100)
const text = fc.string()
const byClass = <Value>(of: fc.Arbitrary<Value>) => fc.record({ voice: of, live: of, deferred: of })
const byWrittenClass = <Value>(of: fc.Arbitrary<Value>) => fc.record({ live: of, deferred: of })
const date = fc.constantFrom('2026-01-01', '2026-10-07', '2027-02-28')
const dimension = fc.constantFrom(...configuredDimensions)
/** No channel of a configuration file can have the name `__proto__`. */
const channel = text.filter((name) => name !== '__proto__')
const optional = { requiredKeys: [] }

const weights = fc.record({ self: weight, supervisor: weight, peer: weight, customer: weight })
const cardText = fc.record({ en: text, zh: text })
const points = fc.integer({ min: 0, max: 100 })
const finite = { noNaN: true, noDefaultInfinity: true }

const configs: fc.Arbitrary<TenantConfig> = fc.record({
  timeZone: fc.constantFrom('UTC', 'Europe/Rome', 'Asia/Shanghai', 'America/St_Johns'),
  channelClasses: fc.dictionary(channel, fc.constantFrom('voice', 'live', 'deferred')),
  limits: byClass(fc.record({ firstResponseMs: ms, replyMs: ms, resolutionMs: fc.option(ms) })),
  limitOverrides: fc.array(
    fc.record(
      {
        ...{ queue: text, channel: text, priority: text },
        ...{ firstResponseMs: ms, replyMs: ms, resolutionMs: fc.option(ms) },
      },
      optional,
    ),
  ),
  thresholdsSeconds: fc.array(fc.integer({ min: 1, max: 86_400 }), { maxLength: 5 }),
  targets: fc.array(
    fc.record(
      { kpi: text, slice: text, min: fc.integer(), max: fc.integer() },
      { requiredKeys: ['kpi'] },
    ),
  ),
  responseCapSeconds: fc.integer({ min: 1, max: 86_400 }),
  sessionMeanSeconds: fc.integer({ min: 1, max: 86_400 }),
  responseWindow: fc.option(fc.record({ fromMinute: fc.nat(1_439), toMinute: fc.nat(1_440) })),
  slices: fc.record({
    dimensions: fc.array(dimension),
    pairs: fc.array(fc.tuple(dimension, dimension)),
    values: fc.dictionary(dimension, fc.array(text)),
  }),
  sliceValuesMax: fc.integer({ min: 1, max: 100_000 }),
  calendars: fc.dictionary(
    channel,
    fc.record({
      hours: fc.array(
        fc.record({
          days: fc.subarray([1, 2, 3, 4, 5, 6, 7]),
          fromMinute: fc.nat(1_439),
          toMinute: fc.nat(1_440),
        }),
      ),
      holidays: fc.array(
        fc.record({ from: date, to: date, name: text }, { requiredKeys: ['from', 'to'] }),
      ),
      workdays: fc.array(fc.record({ date, fromMinute: fc.nat(1_439), toMinute: fc.nat(1_440) })),
    }),
  ),
  calendar: fc.option(text),
  queueCalendars: fc.dictionary(channel, text),
  clock: byWrittenClass(fc.constantFrom('calendar', 'business')),
  outsideHours: byWrittenClass(fc.constantFrom('count', 'exclude', 'separate')),
  pendedPauses: byClass(fc.boolean()),
  fcrWindowMs: ms,
  threadSources: fc.array(text),
  returnGapMs: ms,
  idleGapMs: ms,
  waitMaxMs: byClass(ms),
  clockSkewMs: ms,
  resolvedBy: byClass(fc.constantFrom('event', 'release', 'close')),
  engagedIdleMs: ms,
  agentHeartbeatTimeoutMs: ms,
  agentSilenceMs: fc.option(ms),
  agentShiftMaxMs: ms,
  closing: fc.record({ graceMs: ms }),
  raters: weights,
  scoreCards: fc.array(
    fc.record({
      ...{ id: text, name: cardText, period: fc.constantFrom('week', 'month', 'quarter') },
      ...{ from: fc.option(date), teams: fc.option(fc.array(text)), roles: fc.constant(null) },
      items: fc.array(
        fc.record({
          ...{ kpi: text, statistic: fc.constantFrom('value', 'p90'), slice: fc.option(text) },
          ...{
            weight,
            points: fc.array(
              fc.tuple(
                fc.double(finite).map((value) => value + 0),
                points,
              ),
              { minLength: 1 },
            ),
          },
          few: fc.option(fc.record({ upTo: fc.nat(), minusEach: points })),
          whenEmpty: fc.option(points),
        }),
      ),
      bands: fc.array(fc.record({ id: text, name: cardText, from: points }), { minLength: 1 }),
      raters: fc.option(weights),
    }),
  ),
})

/** After the configuration that is in force from the beginning on. */
const later = fc.integer({ min: beginningOfTimeMs + 1, max: -beginningOfTimeMs })

test('every configuration comes back as it went, in an entry and in the record of versions', () => {
  fc.assert(
    fc.property(configs, fc.option(text), later, (one, predecessor, fromMs) => {
      const entry = configEntry(one, predecessor)
      expect(decodeConfigEntry(encodeConfigEntry(entry))).toEqual(entry)
      const versions: ConfigVersion[] = [
        {
          id: 'a',
          takenMs: beginningOfTimeMs,
          fromMs: beginningOfTimeMs,
          config: defaultTenantConfig,
        },
        { id: entry.id, takenMs: fromMs - 1, fromMs, config: one },
      ]
      expect(decodeConfigVersions(encodeConfigVersions(versions))).toEqual(versions)
    }),
  )
})

test('an id is the first 128 bits of the SHA-256 of the canonical JSON, for good: logs hold it', () => {
  const shuffled = Object.fromEntries(Object.entries(config).toReversed()) as typeof config
  const hash = createHash('sha256').update(canonicalJson(config)).digest()
  expect(configIdOf(shuffled)).toBe(hash.subarray(0, 16).toString('hex'))
})

/** As a version wrote it that knew less: its id is that of what it wrote. */
const written = (stored: unknown) => ({
  entry: bytesOf(configEntry(stored as TenantConfig, null)),
  record: bytesOf([{ id: 'a', takenMs: 0, fromMs: 0, config: stored }]),
})

const without = <From extends object>(from: From, key: keyof From): unknown => {
  const { [key]: _left, ...rest } = from
  return rest
}

describe('a key that an older version did not write has its default', () => {
  const keys = Object.keys(config) as (keyof TenantConfig)[]
  const within = (key: 'slices' | 'limits' | 'waitMaxMs' | 'resolvedBy' | 'closing') =>
    Object.keys(config[key]).map((member) => ({
      key: `${key}.${member}`,
      stored: { ...config, [key]: without(config[key], member as never) },
    }))

  test.each([
    ...keys
      .filter((key) => key !== 'timeZone')
      .map((key) => ({ key, stored: without(config, key) })),
    ...within('slices'),
    ...within('limits'),
    ...within('waitMaxMs'),
    ...within('resolvedBy'),
    ...within('closing'),
    {
      key: 'limits.live.replyMs',
      stored: {
        ...config,
        limits: { ...config.limits, live: without(config.limits.live, 'replyMs') },
      },
    },
  ])('$key', ({ stored }) => {
    const { entry, record } = written(stored)
    expect(decodeConfigEntry(entry)).toEqual({
      id: configIdOf(stored as TenantConfig),
      predecessor: null,
      config,
    })
    expect(decodeConfigVersions(record)).toEqual([{ id: 'a', takenMs: 0, fromMs: 0, config }])
  })

  test('all of them at once', () => {
    expect(decodeConfigEntry(written({ timeZone: 'Europe/Rome' }).entry).config).toEqual(config)
  })
})

describe('a configuration is unreadable', () => {
  const unknown = 'this version of Deskpulse does not know /config'
  const wrong = (path: string): string => `/config/${path} is not what it must be`

  test.each([
    { what: 'without a zone', stored: {}, says: wrong('timeZone') },
    {
      what: 'with a zone that is a number',
      stored: { ...config, timeZone: 7 },
      says: wrong('timeZone'),
    },
    {
      what: 'with an empty zone',
      stored: { ...config, timeZone: '' },
      says: wrong('timeZone'),
    },
    {
      what: 'with a duration that is text',
      stored: { ...config, fcrWindowMs: '72h' },
      says: wrong('fcrWindowMs'),
    },
    {
      what: 'with a negative duration',
      stored: { ...config, returnGapMs: -1 },
      says: wrong('returnGapMs'),
    },
    {
      what: 'with null for a duration',
      stored: { ...config, clockSkewMs: null },
      says: wrong('clockSkewMs'),
    },
    {
      what: 'with a class that nobody knows',
      stored: { ...config, channelClasses: { chat: 'fast' } },
      says: wrong('channelClasses/chat'),
    },
    {
      what: 'with a dimension that nobody knows',
      stored: { ...config, slices: { ...config.slices, dimensions: ['mood'] } },
      says: wrong('slices/dimensions/0'),
    },
    {
      what: 'with more thresholds than measures have room for',
      stored: { ...config, thresholdsSeconds: [1, 2, 3, 4, 5, 6] },
      says: wrong('thresholdsSeconds'),
    },
    {
      what: 'with a key of a later version',
      stored: { ...config, businessHours: [] },
      says: `${unknown}/businessHours`,
    },
    {
      what: 'with a key of a later version within another',
      stored: { ...config, slices: { ...config.slices, triples: [] } },
      says: `${unknown}/slices/triples`,
    },
    {
      what: 'with a class of a later version',
      stored: { ...config, waitMaxMs: { ...config.waitMaxMs, thread: 1 } },
      says: `${unknown}/waitMaxMs/thread`,
    },
    { what: 'that is null', stored: null, says: '/config is not what it must be' },
  ])('$what, and the error says where', ({ stored, says }) => {
    const { entry, record } = written(stored)
    const thrown = (act: () => unknown): EntryUnreadable => {
      try {
        act()
      } catch (error) {
        if (error instanceof EntryUnreadable) return error
        throw error
      }
      return expect.fail('it was read')
    }
    expect(thrown(() => decodeConfigEntry(entry)).message).toBe(`configuration entry: ${says}`)
    expect(thrown(() => decodeConfigVersions(record)).message).toBe(
      `configuration record: ${says.replace('/config', '/0/config')}`,
    )
  })
})

const entry = configEntry(config, null)
test.each([
  { what: 'an id that is not that of the content', value: { ...entry, id: 'other' } },
  { what: 'no configuration', value: { id: 'x', predecessor: null } },
  { what: 'a predecessor that is a number', value: { ...entry, predecessor: 4 } },
  { what: 'a member of a later version', value: { ...entry, author: 'ops' } },
  { what: 'nothing but null', value: null },
])('an entry with $what is unreadable', ({ value }) => {
  expect(() => decodeConfigEntry(bytesOf(value))).toThrow(EntryUnreadable)
})

test.each([
  { what: 'no list', value: {} },
  { what: 'nothing in the place of a version', value: [null] },
  { what: 'a version without an id', value: [{ takenMs: 0, fromMs: 0, config }] },
  { what: 'a version without a configuration', value: [{ id: 'a', takenMs: 0, fromMs: 0 }] },
  {
    what: 'a version without its beginning',
    value: [{ id: 'a', takenMs: 0, fromMs: null, config }],
  },
  {
    what: 'a version without the log time at which it was taken',
    value: [{ id: 'a', fromMs: 0, config }],
  },
])('a record of versions with $what is unreadable', ({ value }) => {
  expect(() => decodeConfigVersions(bytesOf(value))).toThrow(EntryUnreadable)
})
