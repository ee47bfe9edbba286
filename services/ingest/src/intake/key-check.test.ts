import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '@deskpulse/contract'
import { embeddedEventLog, type Offset, type PartitionId, topicNames } from '@deskpulse/stream'
import { expect, onTestFinished, test } from 'vitest'
import { checkKeys } from './key-check.ts'

const nowMs = Date.parse('2026-03-02T01:00:00Z')
const topics = topicNames()
const topic = topics.customerKeys
const [one, two, three] = [
  'key-one-of-the-tenant',
  'key-two-of-the-tenant',
  'key-three-of-a-tenant',
]
const soon = '2026-03-02T01:05:01Z'
const soonMs = Date.parse(soon)

/** Starts of ingest with such keys, one after the other, over one log. */
async function starts() {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-keys-'))
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  onTestFinished(async () => {
    await log.close()
    await rm(folder, { recursive: true })
  })
  const tenantsOf = (raw: Readonly<Record<string, unknown>>) => {
    const tenants = Object.fromEntries(
      Object.entries(raw).map(([name, pseudonymise]) => [name, { pseudonymise }]),
    )
    const parsed = parseConfig({ tenants })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
    return parsed.config.tenants
  }
  return {
    log,
    /** @returns what is wrong; empty: it has started. */
    start: (raw: Readonly<Record<string, unknown>>, atMs = nowMs) =>
      checkKeys({ log, topics, tenants: tenantsOf(raw), nowMs: () => atMs }).then(
        () => '',
        (error: Error) => error.message,
      ),
    records: async () =>
      (await log.read(topic, 0 as PartitionId, 0 as Offset, 100)).map(({ key, value }) => [
        Buffer.from(key!).toString(),
        Buffer.from(value!).toString(),
      ]),
  }
}

test('a key that stays is remembered once, and nothing of it', async () => {
  const { start, records } = await starts()
  for (let n = 0; n < 3; n += 1) expect(await start({ acme: { key: one } })).toBe('')
  const all = await records()
  expect(all.map(([tenant]) => tenant)).toEqual(['acme'])
  expect(JSON.stringify(all)).not.toContain(one)
})

test('another key without a word of the one before is refused, at its place, for that tenant alone', async () => {
  const { start } = await starts()
  await start({ acme: { key: one }, zeta: { key: two } })
  const refused = await start({ acme: { key: three }, zeta: { key: two } })
  expect(refused).toContain('tenants.acme.pseudonymise.key: expected the key under which')
  expect(refused).not.toContain('zeta')
  expect([one, two, three].filter((key) => refused.includes(key))).toEqual([])
  expect(await start({ acme: { key: one }, zeta: { key: two } })).toBe('')
})

test('a key changes at an instant that is more than 5 minutes ahead, in every process, unless that is taken back', async () => {
  const { start } = await starts()
  await start({ acme: { key: one } })
  const changed = (until: string) => ({ acme: { key: two, previous: [{ key: one, until }] } })
  expect(await start(changed('2026-03-02T01:05:00Z'))).toContain(
    'tenants.acme.pseudonymise.previous.0.until: expected an instant that is more than 5 minutes ahead',
  )
  expect(await start(changed(soon))).toBe('')
  const announced = `tenants.acme.pseudonymise.previous: expected an entry with until: 2026-03-02T01:05:01.000Z`
  expect(await start({ acme: { key: one } })).toContain(announced)
  const back = { acme: { key: one, previous: [{ key: one, until: soon }] } }
  expect(await start(back)).toBe('')
  expect(await start(back, soonMs)).toBe('')
  expect(await start(changed(soon))).toBe('')
  expect(await start(changed(soon), soonMs)).toBe('')
  expect(await start(back, soonMs)).toContain('tenants.acme.pseudonymise.key: expected the key')
  expect(await start({ acme: { key: one } }, soonMs)).toContain(
    `tenants.acme.pseudonymise.previous: expected an entry with until: 2026-03-02T01:05:01.000Z`,
  )
  expect(await start({ acme: { key: two } }, soonMs)).toContain('pseudonymise.previous: expected')
})

test('a previous key may be removed, and is the same when it comes back', async () => {
  const { start } = await starts()
  const until = soon
  await start({ acme: { key: two, previous: [{ key: one, until }] } })
  expect(await start({ acme: { key: two, previous: [{ until }] } }, soonMs)).toBe('')
  expect(await start({ acme: { key: two, previous: [{ key: one, until }] } }, soonMs)).toBe('')
  expect(await start({ acme: { key: two, previous: [{ key: three, until }] } }, soonMs)).toContain(
    'tenants.acme.pseudonymise.previous.0.key: expected the key under which',
  )
})

test('a key that is in force is not removed, whatever is known', async () => {
  const { start } = await starts()
  const removed = { acme: { key: two, previous: [{ until: soon }] } }
  const refused = 'tenants.acme.pseudonymise.previous.0.key: expected the key: customers are hidden'
  expect(await start(removed)).toContain(refused)
  await start({ acme: { key: two, previous: [{ key: one, until: soon }] } })
  expect(await start(removed)).toContain(refused)
  expect(await start(removed, soonMs)).toBe('')
})

test('a record that is not shown is not overwritten', async () => {
  const { start, log } = await starts()
  await start({ acme: { key: one } })
  log.read = () => Promise.resolve([])
  expect(await start({ acme: { key: two } })).toContain('could not be read to its end')
})

test('of the time before nothing else is said later than it was', async () => {
  const { start } = await starts()
  await start({ acme: { key: one } })
  for (const key of [two, undefined])
    expect(
      await start({ acme: { key: one, previous: [{ key, until: '2026-03-01T00:00:00Z' }] } }),
    ).toContain('tenants.acme.pseudonymise.previous.0.until: expected an instant')
  const previous = [{ key: one, until: soon }]
  expect(await start({ acme: { key: two, previous } })).toBe('')
  const earlier = { key: three, until: '2026-03-01T00:00:00Z' }
  expect(await start({ acme: { key: two, previous: [earlier, ...previous] } }, soonMs)).toContain(
    'previous.0.until',
  )
})

test('a key that is lost is given up by an entry without one', async () => {
  const { start } = await starts()
  await start({ acme: { key: one } })
  const until = '2026-03-02T00:30:00Z'
  expect(await start({ acme: { key: two, previous: [{ until }] } })).toBe('')
  expect(await start({ acme: { key: two, previous: [{ key: three, until }] } })).toContain(
    'previous.0.key',
  )
  expect(await start({ acme: { key: two, previous: [{ key: one, until }] } })).toBe('')
})

test('keys change again and again', async () => {
  const { start } = await starts()
  await start({ acme: { key: one } })
  const later = { key: one, until: soon }
  expect(await start({ acme: { key: two, previous: [later] } })).toBe('')
  const [next, atMs] = ['2026-03-03T00:00:00Z', soonMs + 3_600_000]
  const previous = [later, { key: two, until: next }]
  expect(await start({ acme: { key: three, previous } }, atMs)).toBe('')
  expect(await start({ acme: { key: three, previous } }, Date.parse(next))).toBe('')
})

test('who has no key of the configuration makes no topic', async () => {
  const { records } = await starts()
  await expect(records()).rejects.toThrow(topic)
})
