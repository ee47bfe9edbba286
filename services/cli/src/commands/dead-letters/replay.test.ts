import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { letterGroupRecord } from '@deskpulse/contract'
import {
  embeddedEventLog,
  type Offset,
  type PartitionId,
  topicNames,
  topicSpecs,
} from '@deskpulse/stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { acceptAll, startIngestServer } from '../../testing/ingest-server.ts'
import { run } from '../../testing/run.ts'
import { at, canonical, event, foldLetter, letter, some, world } from './letters.test-support.ts'

describe('replay', () => {
  test('sends each letter once, to its tenant, and keeps in mind that it did', async () => {
    await using server = await startIngestServer()
    const pretty = '{\n "id": "4",\r\n "tenant": "acme"\n}'
    const repeated = letterGroupRecord([letter(event('1')), letter(pretty)])
    const at1 = await world([...some, repeated])
    const first = await at1.letters('replay', '--url', server.url, '--code', 'unknown-type')
    expect(
      server.requests.map(({ path, lines }) => [
        path,
        lines.map((line) => (JSON.parse(line) as { id: string }).id),
      ]),
    ).toEqual([
      ['/v1/tenants/acme/events', ['1', '2', '4']],
      ['/v1/tenants/other/events', ['3']],
    ])
    expect(first).toEqual({ exitCode: 0, err: '', out: 'accepted  4\nrefused   0\n' })
    expect(
      (await at1.json('--each', '--code', 'unknown-type')).map(({ replays }) => replays),
    ).toEqual([1, 1, 1, 1, 1])

    const second = await at1.letters('replay', '--url', server.url, '--code', 'unknown-type')
    expect(second.out).toBe(
      'accepted  0\nrefused   0\nnot sent  4 letters: replayed before; --again sends them\n',
    )
    expect(server.requests).toHaveLength(2)

    await at1.letters(
      'replay',
      '--url',
      server.url,
      '--code',
      'unknown-type',
      '--tenant',
      'other',
      '--again',
    )
    expect(server.requests).toHaveLength(3)
    expect((await at1.json('--each', '--tenant', 'other')).map(({ replays }) => replays)).toEqual([
      2,
    ])
  })

  test('does not send a letter that came back, unless it is told to', async () => {
    await using server = await startIngestServer(({ lines }) => {
      const refusals = lines.map((_, index) => ({
        index,
        code: 'unknown-type',
        path: '/type',
        expected: '',
        got: '',
      }))
      return { status: 422, body: { accepted: 0, refused: lines.length, refusals } }
    })
    const { letters, topic } = await world([letterGroupRecord([letter(event('1'))])])
    const { exitCode, out } = await letters('replay', '--url', server.url)
    expect(exitCode).toBe(1)
    expect(out).toBe('accepted  0\nrefused   1 (unknown-type 1): they are letters again\n')
    await topic.append([
      letterGroupRecord([letter(event('1'), { firstMs: at('09:00:01'), lastMs: at('09:00:01') })]),
    ]) // As ingest does.
    expect((await letters('replay', '--url', server.url)).out).toContain(
      'not sent  1 letter: replayed before',
    )
    expect(server.requests).toHaveLength(1)
  })

  test('knows a letter that came back with the bytes that were sent, which its own line breaks are not in', async () => {
    await using server = await startIngestServer()
    const pretty = '{\n "id": "4",\r\n "tenant": "acme"\n}'
    const at1 = await world([letterGroupRecord([letter(pretty)]), foldLetter(canonical.bytes)])
    await at1.letters('replay', '--url', server.url)
    const sent = server.requests.flatMap(({ lines }) => lines)
    await at1.topic.append([letterGroupRecord(sent.map((line) => letter(line)))]) // As ingest does.
    const { out } = await at1.letters('replay', '--url', server.url)
    expect(out).toBe(
      'accepted  0\nrefused   0\nnot sent  4 letters: replayed before; --again sends them\n',
    )
    expect((await at1.json('--each')).map(({ replays }) => replays)).toEqual([1, 1, 1, 1])
  })

  test('a letter that equals what is sent of another one was replayed once', async () => {
    await using server = await startIngestServer()
    const at1 = await world([letterGroupRecord([letter('{"id":\n"4"}'), letter('{"id": "4"}')])])
    await at1.letters('replay', '--url', server.url)
    expect((await at1.json('--each')).map(({ replays }) => replays)).toEqual([1, 1])
  })

  test('sends an event of the folds as it was, and says that its customer is a pseudonym', async () => {
    await using server = await startIngestServer()
    const { letters } = await world(some)
    await letters('replay', '--url', server.url, '--code', 'expired')
    expect(server.requests).toMatchObject([
      { path: '/v1/tenants/acme/events', headers: { 'deskpulse-customers': 'pseudonyms' } },
    ])
    expect(JSON.parse(server.requests[0]!.lines[0]!)).toEqual(canonical.wire)
    await letters('replay', '--url', server.url, '--code', 'unknown-type')
    expect(server.requests[1]!.headers).not.toHaveProperty('deskpulse-customers')
  })

  test('leaves what can never be an event, and says why', async () => {
    await using server = await startIngestServer()
    const { letters } = await world([
      letterGroupRecord([
        letter('{"cut'),
        letter(Buffer.alloc(300_000, 'x')),
        letter(event('1'), { tenant: null }),
      ]),
      foldLetter(Buffer.from('no entry'), { code: 'entry-unreadable' }),
    ])
    const { exitCode, out } = await letters('replay', '--url', server.url)
    expect(out.split('\n')).toEqual([
      'accepted  0',
      'refused   0',
      'not sent  1 letter: no JSON',
      'not sent  1 letter: cut: only their beginning is kept',
      'not sent  1 letter: of no tenant; --url needs one',
      'not sent  1 letter: no events',
      '',
    ])
    expect({ exitCode, requests: server.requests }).toEqual({ exitCode: 0, requests: [] })
  })

  test('with --dry-run only says what it would send', async () => {
    await using server = await startIngestServer()
    const at1 = await world(some)
    const { out } = await at1.letters('replay', '--url', server.url, '--dry-run')
    expect(out).toBe(
      'would send 5 letters\n  2 unknown-type of acme\n  1 not-an-event of acme\n  1 unknown-type of other\n  1 expired of acme\n',
    )
    expect(server.requests).toEqual([])
    expect((await at1.json('--each')).every(({ replays }) => replays === 0)).toBe(true)
  })

  test('what was not taken is not kept in mind as sent', async () => {
    await using server = await startIngestServer(() => ({ status: 500, body: {} }))
    const at1 = await world(some)
    const { exitCode, err } = await at1.letters('replay', '--url', server.url)
    expect(exitCode).toBe(1)
    expect(err).toContain('refused the batch: HTTP 500')
    expect((await at1.json('--each')).every(({ replays }) => replays === 0)).toBe(true)
  })

  test.each([
    { status: 404, code: 'unknown-tenant' },
    { status: 409, code: 'too-many-tenants' },
  ])(
    'a tenant that the server refuses as $code does not keep the others from being sent',
    async ({ status, code }) => {
      await using server = await startIngestServer((request) =>
        request.path.includes('/acme/')
          ? { status, body: { code, detail: 'no' } }
          : acceptAll(request),
      )
      const at1 = await world(some)
      const { exitCode, out, err } = await at1.letters(
        'replay',
        '--url',
        server.url,
        '--code',
        'unknown-type',
      )
      expect(out).toBe(
        `accepted  1\nrefused   0\nnot sent  2 letters: their tenant is refused: ${code}\n`,
      )
      expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' })
      const rows = await at1.json('--each', '--code', 'unknown-type')
      expect(rows.map(({ tenant, replays }) => [tenant, replays])).toEqual([
        ['other', 1],
        ['acme', 0],
        ['acme', 0],
      ])
    },
  )

  test('a 404 of something else than ingest ends it', async () => {
    await using server = await startIngestServer(() => ({ status: 404, body: {} }))
    const { letters } = await world(some)
    const { exitCode, err } = await letters('replay', '--url', server.url)
    expect(exitCode).toBe(1)
    expect(err).toContain('refused the batch: HTTP 404')
    expect(server.requests).toHaveLength(1)
  })

  test('what was sent before a failure is said before it', async () => {
    await using server = await startIngestServer((request, before) =>
      before === 0 ? acceptAll(request) : { status: 500, body: {} },
    )
    const { letters } = await world(some)
    const { exitCode, out, err } = await letters(
      'replay',
      '--url',
      server.url,
      '--code',
      'unknown-type',
    )
    expect(out).toBe('accepted  2\nrefused   0\n')
    expect(exitCode).toBe(1)
    expect(err).toContain('refused the batch: HTTP 500')
  })

  test('to Kafka it goes to the raw topic, with the tenant that it was sent to', async () => {
    const { topic } = await world(some)
    const folder = mkdtempSync(join(tmpdir(), 'deskpulse-raw-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const names = topicNames('other')
    const open = () => embeddedEventLog({ file: join(folder, 'log.sqlite') })
    const raw = open()
    await raw.ensureTopics(topicSpecs(names, { logPartitions: 1, rawPartitions: 1 }))
    const asked: string[] = []
    const { out } = await run(
      [
        'dead-letters',
        'replay',
        '--brokers',
        'one:9092',
        '--topic-prefix',
        'other',
        '--code',
        'expired',
      ],
      {
        connectKafka: async () => raw,
        openKafkaTopic: async (_brokers, name) => {
          asked.push(name)
          return { ...topic, close: async () => {} }
        },
      },
    )
    expect(asked).toEqual(['other.dead-letter'])
    expect(out).toBe('sent      1; what is refused again comes back as a letter\n')
    const after = open()
    const [record] = await after.read(names.raw, 0 as PartitionId, 0 as Offset, 10)
    expect(record!.headers).toEqual({
      'deskpulse-customers': 'pseudonyms',
      'deskpulse-tenant': 'acme',
    })
    expect(JSON.parse(Buffer.from(record!.value!).toString())).toEqual(canonical.wire)
    await after.close()
  })
})
