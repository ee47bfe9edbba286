import { configEntry, encodeConfigEntry, entryKinds } from '@deskpulse/contract'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { Entry, LogRecord } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { closedMessages } from '../testing/closed.ts'
import { eventEntry, foldLog, recordOfEntries } from '../testing/fold-log.ts'

/** A Monday. */
const eightMs = Date.UTC(2026, 2, 2, 8)
const at = (minutes: number): EpochMs => (eightMs + minutes * minuteMs) as EpochMs
const day = 24 * 60

const opened = (minutes: number): Entry => {
  const contactId = `c-${minutes}`
  const event: CanonicalEvent = {
    ...{ type: 'contact.opened', id: `e-${minutes}`, source: '/test', sequence: '0' },
    ...{ tenant: 'acme', timeMs: at(minutes), data: { contactId, channel: 'chat' } },
  }
  return eventEntry(event)
}

/** Each over the one before; the first one over `predecessor`. */
function configured(configs: readonly TenantConfig[], predecessor: string | null = null): Entry[] {
  let over = predecessor
  return configs.map((config) => {
    const entry = configEntry(config, over)
    over = entry.id
    return { tenant: 'acme', kind: entryKinds.config, bytes: encodeConfigEntry(entry) }
  })
}

type Step = readonly [minutes: number, ...entries: readonly Entry[]]
const logOf = (steps: readonly Step[]): LogRecord[] =>
  steps.map(([minutes, ...entries], offset) => recordOfEntries(offset, at(minutes), entries))

/** What is issued of days and weeks, with how many contacts. */
async function issuedOf(steps: readonly Step[], restarts: readonly number[] = []) {
  const store = await foldLog(logOf(steps), { batchSizes: [1], restartAt: new Set(restarts) })
  return closedMessages(store)
    .filter(({ slice, kind }) => slice === 'all' && (kind === 'day' || kind === 'week'))
    .map(({ label, revision, closedAt, measures }) => {
      const minutes = (Date.parse(closedAt) - eightMs) / minuteMs
      return `${label} ${revision} at ${minutes}: ${Number(measures['contactOpened'])}`
    })
}

const until = (...minutes: readonly number[]): Step[] => minutes.map((minute): Step => [minute])
const ends = until(day, day + 1, 8 * day, 8 * day + 1)

test('a configuration that counts like the default cuts nothing, whoever folds it', async () => {
  const predecessor = 'default'
  const [alike] = configured([{ ...defaultTenantConfig, targets: [] }], predecessor)
  const steps: Step[] = [[1, opened(1)], [2, alike!], [30, opened(30)], ...ends]
  const once = await issuedOf(steps)
  expect(once).toEqual(['2026-03-02 1 at 1441: 2', '2026-W10 1 at 11521: 2'])
  for (let restart = 0; restart < steps.length; restart += 1)
    expect(await issuedOf(steps, [restart])).toEqual(once)
})

test('a change that is undone before it is in force is as if nobody had made it', async () => {
  const first = { ...defaultTenantConfig, timeZone: 'Asia/Kathmandu' }
  const [before, change, back] = configured([first, { ...first, returnGapMs: 1_000 }, first])
  const then: Step[] = [[30, opened(30)], [40, opened(40)], ...until(41, 50), ...ends]
  const begin: Step[] = [
    [0, before!],
    [1, opened(1)],
  ]
  const never = await issuedOf([...begin, ...then])
  expect(never).toEqual(['2026-03-02 1 at 1441: 3', '2026-W10 1 at 11521: 3'])
  expect(await issuedOf([...begin, [2, change!], [3, back!], ...then])).toEqual(never)
  expect(await issuedOf([...begin, [2, change!], [3, back!], ...then], [3, 4])).toEqual(never)
  expect(await issuedOf([...begin, [2, change!, back!], ...then])).toEqual(never)
})

test('a change in force ends what runs, whoever folds it', async () => {
  const [before, change] = configured([
    defaultTenantConfig,
    { ...defaultTenantConfig, returnGapMs: 1_000 },
  ])
  const steps: Step[] = [[0, before!], [1, opened(1)], [2, change!], [30, opened(30)], ...ends]
  const once = await issuedOf(steps)
  expect(once).toEqual([
    '2026-03-02/2026-03-02T08:15 1 at 1440: 1',
    '2026-W10/2026-03-02T08:15 1 at 1440: 1',
    '2026-03-02T08:15/2026-03-02 1 at 1441: 1',
    '2026-03-02T08:15/2026-W10 1 at 11521: 1',
  ])
  for (let restart = 0; restart < steps.length; restart += 1)
    expect(await issuedOf(steps, [restart])).toEqual(once)
})
