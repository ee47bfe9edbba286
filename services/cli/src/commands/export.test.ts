import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  encodeAccessRecord,
  encodeEvent,
  entryKinds,
  flatRowSchemas,
  parseEvent,
  rowTableNames,
} from '@deskpulse/contract'
import {
  accessTopicSpecs,
  embeddedEventLog,
  encodeFrame,
  type NewRecord,
  type PartitionId,
  topicNames,
  topicSpecs,
} from '@deskpulse/stream'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { run } from '../testing/run.ts'

const partition = 0 as PartitionId
const topics = topicNames()
const startMs = Date.parse('2026-03-02T08:00:00Z')
const at = (second: number): string => new Date(startMs + second * 1_000).toISOString()

let events = 0
function frame(
  second: number,
  type: string,
  data: Readonly<Record<string, unknown>>,
  tenant = 'acme',
): NewRecord {
  events += 1
  const wire = {
    ...{ specversion: '1.0', id: `e-${events}`, source: '/test', tenant },
    ...{ type: `deskpulse.${type}.v1`, time: at(second), data },
  }
  const parsed = parseEvent(wire)
  if (!parsed.ok) throw new Error(`${parsed.code} ${parsed.path}`)
  const entries = [{ tenant, kind: entryKinds.event, bytes: encodeEvent(parsed.event) }]
  return { key: null, value: encodeFrame({ sender: 'ingest-1', backlogMs: 0, entries }) }
}

/** Opened, asked and answered after `waited` seconds. */
const contact = (second: number, contactId: string, waited: number, queue = 'billing') => [
  frame(second, 'contact.opened', { contactId, channel: 'chat', queue }),
  frame(second, 'message.sent', { contactId, from: 'customer' }),
  frame(second + waited, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' }),
]

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-export-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
  await log.append(topics.log, partition, [
    ...contact(0, 'c-1', 20),
    frame(10, 'contact.opened', { contactId: 'other', channel: 'chat' }, 'other'),
    ...contact(3_600, 'c-2', 45, 'tech, "urgent"'),
  ])
  await log.close()
})

const exported = (...args: readonly string[]) =>
  run(['export', '--tenant', 'acme', '--data-dir', folder, ...args])
const records = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('of an embedded product', () => {
  test('the rows of one grain are written to the standard output, one record a line, how far it is beside it', async () => {
    const { exitCode, out, err } = await exported('--grain', 'reply')
    expect(exitCode).toBe(0)
    const found = records(out)
    for (const record of found) flatRowSchemas.reply.parse(record)
    expect(found).toMatchObject([
      {
        ...{ subjectKind: 'contact', subjectId: 'c-1', since: at(0), isFirst: true },
        ...{ answeredAt: at(20), answeredQueue: 'billing', answeredAgent: 'a-1', waitMs: 20_000 },
        isDueWithin: true,
      },
      { subjectId: 'c-2', since: at(3_600), answeredAt: at(3_645), waitMs: 45_000 },
    ])
    expect(err).toMatch(/^2 rows of 6 events in /)
  })

  test('of a time, those that count in it', async () => {
    const first = await exported('--grain', 'contact', '--to', at(3_600))
    expect(records(first.out)).toMatchObject([{ subjectId: 'c-1' }])
    const second = await exported('--grain', 'contact', '--from', at(3_600), '--to', at(3_601))
    expect(records(second.out)).toMatchObject([{ subjectId: 'c-2' }])
    const after = await exported('--grain', 'contact', '--from', at(4_000))
    expect(after).toMatchObject({ exitCode: 0, out: '' })
  })

  test('customers who were erased have their word, each another one, in every format', async () => {
    const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
    const sales = ['u-1', 'u-2', 'u-3'].map((customerId) =>
      frame(5_020, 'order.paid', {
        ...{ orderId: `o-${customerId}`, customerId },
        money: { amountMinor: 100, currency: 'CNY' },
      }),
    )
    await log.append(topics.log, partition, sales)
    const all = async (): Promise<string> => {
      let text = ''
      for (const format of ['ndjson', 'csv'])
        text += (await exported('--grain', 'customer-period', '--format', format)).out
      return text
    }
    await log.close()
    const before = await all()
    const again = embeddedEventLog({ file: join(folder, 'log.sqlite') })
    await again.ensureTopics(accessTopicSpecs(topics))
    const record = (pseudonym: string) =>
      encodeAccessRecord({
        ...{ kind: 'erasure', tenant: 'acme', pseudonym, shownAs: `erased-${pseudonym.slice(2)}` },
        atMs: startMs,
      })
    const elsewhere = { kind: 'erasure', tenant: 'other', pseudonym: 'u-3', shownAs: 'x' } as const
    await again.append(topics.access, partition, [
      ...['u-1', 'u-2'].map(record),
      encodeAccessRecord({ ...elsewhere, atMs: startMs }),
    ])
    await again.close()
    const after = await all()
    const names = (text: string) => [...new Set(text.match(/(?<=[",])(u|erased)-\d/g))].toSorted()
    expect([names(before), names(after)]).toEqual([
      ['u-1', 'u-2', 'u-3'],
      ['erased-1', 'erased-2', 'u-3'],
    ])
    const masked = before.replaceAll(/(?<=[",])u-([12])(?=[",])/g, 'erased-$1')
    expect(after).toBe(masked)
  })

  test('as CSV, with a header and quoted where it must be', async () => {
    const { out } = await exported('--grain', 'contact', '--format', 'csv')
    const [header, ...lines] = out.trimEnd().split('\r\n')
    const place = header!.split(',').indexOf('openedQueue')
    expect(header).toMatch(/^grain,subjectKind,subjectId,key,openedAt,openedQueue,/)
    expect(lines[0]!.split(',')[place]).toBe('billing')
    expect(lines[1]).toContain('"tech, ""urgent"""')
    expect(lines[1]).not.toContain('null')
  })

  test('what replies say of thresholds is a table of its own', async () => {
    const { out } = await exported('--grain', 'reply-threshold')
    expect(
      records(out).map(({ replyKey, seconds, isWithin }) => [replyKey, seconds, isWithin]),
    ).toEqual([
      ['reply/0', 30, true],
      ['reply/0', 180, true],
      ['reply/0', 30, false],
      ['reply/0', 180, true],
    ])
  })

  test('all grains go into a folder, a file each, and nothing half beside them', async () => {
    const into = join(folder, 'march')
    const ended = await exported('--grain', 'all', '--output', into)
    expect(ended).toMatchObject({ exitCode: 0, out: '' })
    expect(readdirSync(into).toSorted()).toEqual(
      rowTableNames.map((name) => `${name}.ndjson`).toSorted(),
    )
    expect(records(readFileSync(join(into, 'contact.ndjson'), 'utf8'))).toHaveLength(2)
  })

  test('Parquet says the same, with times and numbers as such', async () => {
    const file = join(folder, 'reply.parquet')
    await exported('--grain', 'reply', '--format', 'parquet', '--output', file)
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(file) })
    const { out } = await exported('--grain', 'reply')
    const plain = read.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, cell]: [string, unknown]) => [
          name,
          cell instanceof Date
            ? cell.toISOString()
            : typeof cell === 'bigint'
              ? Number(cell)
              : cell,
        ]),
      ),
    )
    expect(plain).toEqual(records(out))
    expect(read[0]).toMatchObject({ since: new Date(startMs), waitMs: 20_000n, isFirst: true })
  })

  test('the folder is left as it was', async () => {
    const before = readFileSync(join(folder, 'log.sqlite'))
    await exported('--grain', 'reply')
    expect(readFileSync(join(folder, 'log.sqlite')).equals(before)).toBe(true)
    expect(existsSync(join(folder, 'store.sqlite'))).toBe(false)
  })
})

describe('it is refused', () => {
  test.each([
    { args: ['--grain', 'replly'], says: 'did you mean reply?' },
    { args: [], says: '--grain is missing: reply, reply-threshold, ' },
    { args: ['--grain', 'reply', '--format', 'xml'], says: '--format must be ndjson, csv or parq' },
    { args: ['--grain', 'all'], says: '--output FOLDER is missing' },
    { args: ['--grain', 'reply', '--format', 'parquet'], says: '--output FILE is missing' },
    { args: ['--grain', 'reply', '--from', at(1), '--to', at(1)], says: '--to must be after' },
    { args: ['--grain', 'reply', '--from', 'March'], says: '--from must be an instant such as' },
  ])('where the command line is wrong: $says', async ({ args, says }) => {
    const { exitCode, err } = await exported(...args)
    expect(exitCode).toBe(2)
    expect(err).toContain(says)
  })

  test('without a log', async () => {
    const { exitCode, err } = await run(['export', '--tenant', 'acme', '--grain', 'reply'])
    expect(exitCode).toBe(2)
    expect(err).toContain('which log? --data-dir .deskpulse or --config deskpulse.yaml')
  })

  test('where several grains are to go into a file that is there', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'mine')
    const { exitCode, err } = await exported('--grain', 'all', '--output', file)
    expect([exitCode, readFileSync(file, 'utf8')]).toEqual([2, 'mine'])
    expect(err).toContain('is no folder')
  })

  test('where the product runs', async () => {
    const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
    const { exitCode, err } = await exported('--grain', 'reply')
    await log.close()
    expect(exitCode).toBe(1)
    expect(err).toContain('is in use by another process: stop the product, then export')
  })

  test('of a tenant that the log does not know', async () => {
    const args = ['export', '--tenant', 'nobody', '--data-dir', folder, '--grain', 'reply']
    const { exitCode, err } = await run(args)
    expect(exitCode).toBe(1)
    expect(err).toContain('the log has nothing of the tenant nobody')
  })

  test('where it is interrupted: a file that was there stays', async () => {
    const file = join(folder, 'reply.ndjson')
    writeFileSync(file, 'of yesterday')
    const args = ['export', '--tenant', 'acme', '--data-dir', folder, '--grain', 'reply']
    const ended = await run([...args, '--output', file], { signal: AbortSignal.abort() })
    expect(ended.exitCode).toBe(130)
    expect(ended.err).toContain('interrupted: nothing was written')
    expect(readFileSync(file, 'utf8')).toBe('of yesterday')
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
