import { parseConfig, refusalLimits } from '@deskpulse/contract'
import { retentionMs } from '@deskpulse/core/measures'
import { contactRetentionMs, reorderHorizonMs } from '@deskpulse/core/subjects'
import { dayMs, hourMs } from '@deskpulse/core/time'
import { accessTopicSpecs, customerKeysSpec, topicNames, topicsOf } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { identityLimits } from '../../packages/engine/src/partition/identities.ts'
import { bookLimits } from '../../services/alerter/src/book/limits.ts'
import { deliveryLimits, storedLimits } from '../../services/alerter/src/delivery/limits.ts'
import { filesOf, readText } from './files.ts'

const page = readText('docs/retention.md')

type Row = {
  readonly names: readonly string[]
  readonly kept: string
  /** Empty where the table does not say it. */
  readonly customers: string
}

/** Rows of a section's table: what stands in its first column, how long that is kept, and what of a customer is in it. */
function rowsOf(heading: string): readonly Row[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\| (`.+?) \|.+?\|(.+?)\|(?:(.+?)\|)?/gm)].map(
    ([, first = '', kept = '', customers = '']) => ({
      names: [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
      ...{ kept: kept.trim(), customers: customers.trim() },
    }),
  )
}

const namesOf = (heading: string): readonly string[] =>
  rowsOf(heading)
    .flatMap(({ names }) => names)
    .toSorted()

/** @throws Error when the table has no such row. */
function keptOf(heading: string, name: string): string {
  const row = rowsOf(heading).find(({ names }) => names.includes(name))
  if (row === undefined) throw new Error(`docs/retention.md has no row for ${name}`)
  return row.kept
}

const inDays = (ms: number): string => `${ms / dayMs} d`
const count = (number: number): string => number.toLocaleString('en')

/** Of whole words and figures: 7 d is not in 27 d. */
const whole = (words: string): RegExp => new RegExp(`(?<![\\w.,])${RegExp.escape(words)}(?!\\w)`)

/** Every text of a pattern's first group in the sources. */
const written = (files: readonly string[], pattern: RegExp): readonly string[] => [
  ...new Set(
    files.flatMap((file) => [...readText(file).matchAll(pattern)].map(([, name = '']) => name)),
  ),
]

describe('topics', () => {
  const config = parseConfig({})
  if (!config.ok) throw new Error('the empty configuration is one')
  const { specs } = topicsOf(config.config)
  const names = topicNames()
  const all = [...specs, ...accessTopicSpecs(names), customerKeysSpec(names)]
  const keptIn = (topic: string): string =>
    keptOf('Topics', topic.slice(config.config.kafka.topicPrefix.length))

  test('every topic that a service or the embedded product makes is on the page', () => {
    const embedded = written(
      ['services/standalone/src/customer-secrets.ts'],
      /'deskpulse(\.[a-z-]+)'/g,
    )
    const beside = written(filesOf('services/*/src/*.ts'), /topics\.log\}(\.[a-z-]+)`/g)
    const made = [
      ...all.map(({ name }) => name.slice('deskpulse'.length)),
      ...embedded,
      ...beside.map((name) => `.log${name}`),
    ]
    expect(namesOf('Topics')).toEqual(made.toSorted())
  })

  test.each(all)('$name is kept as the page says', ({ name, settings, tuned }) => {
    const kept = keptIn(name)
    const retention = { ...settings, ...tuned }['retention.ms']
    if (settings['cleanup.policy'] === 'compact' || retention === '-1')
      expect(kept).toBe('for good')
    else expect(kept).toMatch(whole(inDays(Number(retention))))
  })
})

describe('the stores', () => {
  test('every key of the folds is on the page', () => {
    const file = ['packages/core/src/state/keys.ts']
    const plain = written(file, /Key = '([a-z-]+)'/g)
    const composed = written(file, /=>\s+`([a-z-]+):/g)
    const subjects = written(file, /Subject =>\s+`([a-z])\//g).map((letter) => `${letter}/`)
    expect(subjects).toHaveLength(7)
    const prefixes = [...plain, ...composed.filter((prefix) => !['s', 'j', 'm'].includes(prefix))]
    const redis = written(['packages/redis/src/keys.ts'], /\$\{prefix\}([a-z]+)`/g)
    const named = [
      ...new Set(namesOf('The store').map((name) => name.replace(/^j:/, 's:'))),
    ].toSorted()
    const mark = written(['packages/stream/src/processor/same-log.ts'], /Key = '([a-z:]+)'/g)
    const made = [...prefixes, ...mark, 'm:', ...subjects.map((letter) => `s:${letter}`), ...redis]
    expect(named).toEqual([...new Set(made)].toSorted())
  })

  test('every key of the alerter is on the page', () => {
    const files = filesOf('services/alerter/src/{book,delivery}/*.ts').filter(
      (file) => !file.endsWith('.test.ts'),
    )
    const made = [
      ...written(files, /['`](?:o:)?((?:desk|post):[a-z]+)/g),
      ...written(['services/alerter/src/partition/state-origin.ts'], /Key = '([a-z:]+)'/g),
      ...written(['packages/stream/src/processor/same-log.ts'], /Key = '([a-z:]+)'/g),
    ]
    expect(namesOf('The alerter’s store')).toEqual(made.toSorted())
  })

  test('the figures are those of the folds', () => {
    const [contact, horizon] = [inDays(contactRetentionMs), inDays(reorderHorizonMs)]
    const longer = inDays(contactRetentionMs + reorderHorizonMs)
    expect(keptOf('The store', 's:c/')).toMatch(whole(`${contact} after the last entry`))
    expect(keptOf('The store', 's:c/')).toMatch(whole(`the FCR window and ${horizon}`))
    expect(keptOf('The store', 's:u/')).toMatch(whole(`${longer} more`))
    expect(keptOf('The store', 's:a/')).toMatch(whole(`${longer} after the last entry`))
    expect(keptOf('The store', 's:o/')).toMatch(whole(`${contact} after the last entry`))
    expect(keptOf('The store', 'open')).toMatch(whole(`leaves after ${contact}`))
    expect(keptOf('The store', 'days')).toBe(inDays(contactRetentionMs + dayMs))
    expect(keptOf('The store', 'm:')).toBe(
      `of minutes ${retentionMs.minute / hourMs} h, of quarter-hours ${inDays(retentionMs.slot)}, of days for good`,
    )
    expect(page).toMatch(whole(`the last ${count(refusalLimits.listedMax)} refusals of a tenant`))
    const events = identityLimits.chunks * identityLimits.eventsPerChunk
    expect(page).toMatch(whole(`the last ${count(events)} accepted events of a tenant`))
  })

  test('the figures are those of the alerter', () => {
    const alert = keptOf('The alerter’s store', 'desk:alert')
    expect(alert).toMatch(whole(inDays(bookLimits.historyKeptMs)))
    expect(alert).toMatch(whole(`at most ${count(bookLimits.historyMax)} of a tenant`))
    expect(keptOf('The alerter’s store', 'desk:tenant')).toMatch(
      whole(`at most ${count(bookLimits.silencesMax)} of a tenant`),
    )
    expect(keptOf('The alerter’s store', 'post:delivery')).toBe(
      `the last ${count(deliveryLimits.listedMax)}`,
    )
    expect(keptOf('The alerter’s store', 'post:told')).toBe(inDays(storedLimits.notifiedForMs))
  })
})

test.each(['Topics', 'The store', 'The alerter’s store'])(
  '%s: each row says what of a customer is in it',
  (heading) => {
    const rows = rowsOf(heading)
    expect(rows.length).toBeGreaterThan(0)
    for (const { names, customers } of rows)
      expect(['nothing', 'pseudonym', 'id, anything'], names.join()).toContain(customers)
  },
)

test('every file of the data directory is on the page', () => {
  const files = filesOf('services/standalone/src/*.ts').filter((file) => !file.endsWith('.test.ts'))
  const made = written(files, /'([a-z-]+\.(?:sqlite|key|json))'/g)
  const elsewhere = written(
    ['packages/stream/src/topics.ts', 'services/cli/src/rebuild/embedded.ts'],
    /'([a-z-]+\.sqlite)'/g,
  )
  expect(namesOf('Files of the data directory')).toEqual(
    [...new Set([...made, ...elsewhere])].toSorted(),
  )
})
