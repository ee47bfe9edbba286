import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeadLetter, encodeEvent, letterGroupRecord, originalOf, parseEvent } from '@deskpulse/contract'
import { boundedTopic, embeddedEventLog, type NewRecord, type Offset, type PartitionId, topicNames, topicSpecs } from '@deskpulse/stream'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { manualClock } from '../../testing/manual-clock.ts'
import { acceptAll, startIngestServer } from '../../testing/ingest-server.ts'
import { run } from '../../testing/run.ts'

const at = (text: string): number => Date.parse(`2026-03-02T${text}Z`)
const event = (id: string, more: object = {}) =>
  JSON.stringify({ id, source: '/chat', type: 'deskpulse.contact.opend.v1', tenant: 'acme', ...more })

function letter(text: string | Uint8Array, change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    original: originalOf(typeof text === 'string' ? Buffer.from(text) : text),
    ...{ code: 'unknown-type', path: '/type', reason: 'expected a type of docs/events.md, got deskpulse.contact.opend.v1' },
    ...{ tenant: 'acme', source: '/chat', firstMs: at('01:00:00'), lastMs: at('01:00:00'), times: 1, place: null },
    ...change,
  }
}

const canonical = (() => {
  const wire = {
    ...{
      specversion: '1.0',
      id: 'm-9',
      source: '/chat',
      type: 'deskpulse.message.sent.v1',
      time: '2026-03-02T00:59:00.000Z',
      tenant: 'acme',
    },
    data: { contactId: 'c-1', customerId: 'AAAAAAAAAAAAAAAAAAAA-_', from: 'customer' },
  }
  const parsed = parseEvent(wire)
  if (!parsed.ok) throw new Error(parsed.code)
  return { wire, bytes: encodeEvent(parsed.event) }
})()

/** As the folds write it. */
function foldLetter(value: Uint8Array, headers: Readonly<Record<string, string>> = {}): NewRecord {
  const own = { code: 'expired', reason: 'gone', tenant: 'acme', stage: 'fold', partition: '3', offset: '12', index: '0' }
  return { key: 'acme', value, headers: { ...own, receivedAt: '2026-03-02T03:00:00.000Z', ...headers } }
}

/** A data directory with these records of dead letters, and the command on it. */
async function world(records: readonly NewRecord[]) {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-letters-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'dead-letters.sqlite')
  const topic = boundedTopic({ file }) // Stays open, as a running product has it.
  onTestFinished(() => topic.close())
  for (const record of records) await topic.append([record])
  return {
    file,
    topic,
    async letters(name: string, ...args: readonly string[]) {
      const words = name.split(' ')
      return run(['dead-letters', ...words, '--data-dir', folder, ...args], { clock: manualClock(at('09:00:00')) })
    },
    async json(...args: readonly string[]) {
      const { out } = await this.letters('list', '--json', ...args)
      const lines = out
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '')
      return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    },
  }
}

const some: readonly NewRecord[] = [
  letterGroupRecord([letter(event('1')), letter('{}', { code: 'not-an-event', source: null, times: 700_000, lastMs: at('01:00:09') })]),
  letterGroupRecord([
    letter(event('2'), { firstMs: at('02:00:00'), lastMs: at('02:00:00') }),
    letter(event('3', { tenant: 'other' }), { tenant: 'other' }),
  ]),
  foldLetter(canonical.bytes),
]

describe('list', () => {
  test('counts refused inputs by code, tenant and source, the newest first', async () => {
    const { letters } = await world(some)
    const { exitCode, out, err } = await letters('list')
    expect(out.split('\n')).toEqual([
      'inputs  letters  code          tenant  first                     last                      newest  source',
      '1       1        expired       acme    2026-03-02T03:00:00.000Z  2026-03-02T03:00:00.000Z  3/0     /chat',
      '2       2        unknown-type  acme    2026-03-02T01:00:00.000Z  2026-03-02T02:00:00.000Z  2/0     /chat',
      '700000  1        not-an-event  acme    2026-03-02T01:00:00.000Z  2026-03-02T01:00:09.000Z  1/1     -',
      '1       1        unknown-type  other   2026-03-02T01:00:00.000Z  2026-03-02T01:00:00.000Z  2/1     /chat',
      '4 of 4 groups listed: 700004 refused inputs in 5 letters',
      '',
    ])
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  })

  test.each([
    { args: ['--code', 'unknown-type'], ids: ['2/1', '2/0', '1/0'] },
    { args: ['--tenant', 'other'], ids: ['2/1'] },
    { args: ['--source', '/chat', '--code', 'expired'], ids: ['3/0'] },
    { args: ['--since', '2026-03-02T01:00:09Z'], ids: ['3/0', '2/0', '1/1'] },
    { args: ['--until', '2026-03-02T01:00:09Z'], ids: ['2/1', '1/0'] },
    { args: ['--limit', '2'], ids: ['3/0', '2/1'] },
    { args: ['--tenant', 'nobody'], ids: [] },
  ])('$args of each letter are $ids', async ({ args, ids }) => {
    const at1 = await world(some)
    expect((await at1.json('--each', ...args)).map(({ id }) => id)).toEqual(ids)
  })

  test('says in JSON all but the bytes', async () => {
    const at1 = await world(some)
    const rows = await at1.json('--each')
    expect(rows[0]).toEqual({
      ...{ id: '3/0', code: 'expired', path: '', reason: 'gone', tenant: 'acme', source: '/chat', times: 1, replays: 0 },
      ...{ firstAt: '2026-03-02T03:00:00.000Z', lastAt: '2026-03-02T03:00:00.000Z' },
      ...{ refusedBy: 'folds', place: { partition: 3, offset: 12, index: 0 }, bytes: canonical.bytes.length },
    })
    expect((await at1.json()).map(({ times, newest }) => [times, newest])).toEqual([
      [1, '3/0'],
      [2, '2/0'],
      [700_000, '1/1'],
      [1, '2/1'],
    ])
  })

  test('goes on past records that it cannot read, and says how many', async () => {
    const { letters } = await world([{ key: null, value: Buffer.from('x'), headers: { format: 'letters/1' } }, ...some])
    const { out, err } = await letters('list')
    expect(out).toContain('700004 refused inputs')
    expect(err).toBe('1 record of the topic cannot be read by this version\n')
  })

  test('lets no letter act on the terminal', async () => {
    const { letters } = await world([letterGroupRecord([letter('x', { reason: '\u001b[2J\u202e', source: '\u0007' })])])
    const { out } = await letters('list --each')
    expect(out).toContain('\\u{7}')
    expect(out).toContain('\\u{1b}[2J\\u{202e}')
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
  })
})

describe('show', () => {
  test('has all that is known of a letter, and its bytes', async () => {
    const { letters } = await world(some)
    const { out } = await letters('show 2/0')
    expect(out.split('\n')).toEqual([
      'id       2/0',
      'code     unknown-type',
      'path     /type',
      'reason   expected a type of docs/events.md, got deskpulse.contact.opend.v1',
      'by       ingest',
      'tenant   acme',
      'source   /chat',
      'at       2026-03-02T02:00:00.000Z',
      'replays  0',
      `bytes    ${event('2').length}`,
      '',
      event('2'),
      '',
    ])
    expect((await letters('show 1/1')).out).toContain('at       2026-03-02T01:00:00.000Z to 2026-03-02T01:00:09.000Z, 700000 times\n')
    expect((await letters('show 3/0')).out).toContain('by       the folds, at 3/12/0 of the log\n')
  })

  test('gives bytes that are no text, or would act on the terminal, harmlessly; exactly with --json', async () => {
    const hostile = [Buffer.from([0xff, 0xfe]), Buffer.from('a\u001b[2Jb\nc')]
    const { letters } = await world([letterGroupRecord(hostile.map((bytes) => letter(bytes)))])
    expect((await letters('show 1/0')).out).toContain('(no text; in base64) //4=\n')
    expect((await letters('show 1/1')).out).toContain('\na\\u{1b}[2Jb\nc\n')
    const { original } = JSON.parse((await letters('show 1/1 --json')).out) as { readonly original: string }
    expect(Buffer.from(original, 'base64').equals(hostile[1]!)).toBe(true)
  })

  test('says that only the beginning is kept', async () => {
    const { letters } = await world([letterGroupRecord([letter(Buffer.alloc(300_000, 'x'))])])
    const { out } = await letters('show 1/0')
    expect(out).toContain('bytes    300000\nonly the first 262144 bytes are kept; SHA-256 ')
  })

  test.each([
    { id: '9/0', says: 'there is no letter 9/0', code: 1 },
    { id: '1/9', says: 'there is no letter 1/9', code: 1 },
    { id: '0/0', says: 'there is no letter 0/0', code: 1 },
    { id: 'one', says: 'ID must be as', code: 2 },
  ])('$id: $says', async ({ id, says, code }) => {
    const { letters } = await world(some)
    const { exitCode, err } = await letters(`show ${id}`)
    expect(exitCode).toBe(code)
    expect(err).toContain(says)
  })
})

describe('replay', () => {
  test('sends each letter once, to its tenant, and keeps in mind that it did', async () => {
    await using server = await startIngestServer()
    const pretty = '{\n "id": "4",\r\n "tenant": "acme"\n}'
    const repeated = letterGroupRecord([letter(event('1')), letter(pretty)])
    const at1 = await world([...some, repeated])
    const first = await at1.letters('replay', '--url', server.url, '--code', 'unknown-type')
    expect(server.requests.map(({ path, lines }) => [path, lines.map((line) => (JSON.parse(line) as { id: string }).id)])).toEqual([
      ['/v1/tenants/acme/events', ['1', '2', '4']],
      ['/v1/tenants/other/events', ['3']],
    ])
    expect(first).toEqual({ exitCode: 0, err: '', out: 'accepted  4\nrefused   0\n' })
    expect((await at1.json('--each', '--code', 'unknown-type')).map(({ replays }) => replays)).toEqual([1, 1, 1, 1, 1])

    const second = await at1.letters('replay', '--url', server.url, '--code', 'unknown-type')
    expect(second.out).toBe('accepted  0\nrefused   0\nnot sent  4 letters: replayed before; --again sends them\n')
    expect(server.requests).toHaveLength(2)

    await at1.letters('replay', '--url', server.url, '--code', 'unknown-type', '--tenant', 'other', '--again')
    expect(server.requests).toHaveLength(3)
    expect((await at1.json('--each', '--tenant', 'other')).map(({ replays }) => replays)).toEqual([2])
  })

  test('does not send a letter that came back, unless it is told to', async () => {
    await using server = await startIngestServer(({ lines }) => {
      const refusals = lines.map((_, index) => ({ index, code: 'unknown-type', path: '/type', expected: '', got: '' }))
      return { status: 422, body: { accepted: 0, refused: lines.length, refusals } }
    })
    const { letters, topic } = await world([letterGroupRecord([letter(event('1'))])])
    const { exitCode, out } = await letters('replay', '--url', server.url)
    expect(exitCode).toBe(1)
    expect(out).toBe('accepted  0\nrefused   1 (unknown-type 1): they are letters again\n')
    await topic.append([letterGroupRecord([letter(event('1'), { firstMs: at('09:00:01'), lastMs: at('09:00:01') })])]) // As ingest does.
    expect((await letters('replay', '--url', server.url)).out).toContain('not sent  1 letter: replayed before')
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
    expect(out).toBe('accepted  0\nrefused   0\nnot sent  4 letters: replayed before; --again sends them\n')
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
    expect(server.requests).toMatchObject([{ path: '/v1/tenants/acme/events', headers: { 'deskpulse-customers': 'pseudonyms' } }])
    expect(JSON.parse(server.requests[0]!.lines[0]!)).toEqual(canonical.wire)
    await letters('replay', '--url', server.url, '--code', 'unknown-type')
    expect(server.requests[1]!.headers).not.toHaveProperty('deskpulse-customers')
  })

  test('leaves what can never be an event, and says why', async () => {
    await using server = await startIngestServer()
    const { letters } = await world([
      letterGroupRecord([letter('{"cut'), letter(Buffer.alloc(300_000, 'x')), letter(event('1'), { tenant: null })]),
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
  ])('a tenant that the server refuses as $code does not keep the others from being sent', async ({ status, code }) => {
    await using server = await startIngestServer((request) =>
      request.path.includes('/acme/') ? { status, body: { code, detail: 'no' } } : acceptAll(request),
    )
    const at1 = await world(some)
    const { exitCode, out, err } = await at1.letters('replay', '--url', server.url, '--code', 'unknown-type')
    expect(out).toBe(`accepted  1\nrefused   0\nnot sent  2 letters: their tenant is refused: ${code}\n`)
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' })
    const rows = await at1.json('--each', '--code', 'unknown-type')
    expect(rows.map(({ tenant, replays }) => [tenant, replays])).toEqual([
      ['other', 1],
      ['acme', 0],
      ['acme', 0],
    ])
  })

  test('a 404 of something else than ingest ends it', async () => {
    await using server = await startIngestServer(() => ({ status: 404, body: {} }))
    const { letters } = await world(some)
    const { exitCode, err } = await letters('replay', '--url', server.url)
    expect(exitCode).toBe(1)
    expect(err).toContain('refused the batch: HTTP 404')
    expect(server.requests).toHaveLength(1)
  })

  test('what was sent before a failure is said before it', async () => {
    await using server = await startIngestServer((request, before) => (before === 0 ? acceptAll(request) : { status: 500, body: {} }))
    const { letters } = await world(some)
    const { exitCode, out, err } = await letters('replay', '--url', server.url, '--code', 'unknown-type')
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
    const { out } = await run(['dead-letters', 'replay', '--brokers', 'one:9092', '--topic-prefix', 'other', '--code', 'expired'], {
      connectKafka: async () => raw,
      openKafkaTopic: async (_brokers, name) => {
        asked.push(name)
        return { ...topic, close: async () => {} }
      },
    })
    expect(asked).toEqual(['other.dead-letter'])
    expect(out).toBe('sent      1; what is refused again comes back as a letter\n')
    const after = open()
    const [record] = await after.read(names.raw, 0 as PartitionId, 0 as Offset, 10)
    expect(record!.headers).toEqual({ 'deskpulse-customers': 'pseudonyms', 'deskpulse-tenant': 'acme' })
    expect(JSON.parse(Buffer.from(record!.value!).toString())).toEqual(canonical.wire)
    await after.close()
  })
})

describe('erase', () => {
  test('takes out what matches and leaves the rest, also of the same group; the bytes are gone', async () => {
    const secret = event('secret', { data: { name: 'Mario Rossi' } })
    const at1 = await world([...some, foldLetter(Buffer.from(secret), { tenant: 'gone' })])
    expect((await at1.letters('erase', '--tenant', 'gone', '--dry-run')).out).toBe('would erase 1 letter of 1 refused input\n')
    expect(await at1.json('--each')).toHaveLength(6)
    expect((await at1.letters('erase', '--tenant', 'gone')).out).toBe('erased 1 letter of 1 refused input\n')
    for (const end of ['', '-wal']) expect(readFileSync(at1.file + end).includes('Mario Rossi')).toBe(false)

    expect((await at1.letters('erase', '--code', 'not-an-event')).out).toBe('erased 1 letter of 700000 refused inputs\n')
    expect((await at1.json('--each')).map(({ id, code }) => [id, code])).toEqual([
      ['3/0', 'expired'],
      ['2/1', 'unknown-type'],
      ['2/0', 'unknown-type'],
      ['1/0', 'unknown-type'],
    ])
  })

  test('keeps the time of a letter that says none', async () => {
    const { receivedAt: _, ...headers } = foldLetter(canonical.bytes).headers!
    const at1 = await world([{ key: 'acme', value: canonical.bytes, headers }, ...some])
    const [before] = await at1.json('--each')
    await at1.letters('erase', '--tenant', 'other')
    const { appendedAtMs, headers: after } = (await at1.topic.read(0 as Offset, 1))[0]!
    expect(Date.parse(after['receivedAt']!)).toBe(appendedAtMs)
    expect((await at1.json('--each'))[0]).toEqual(before)
  })

  test('of everything takes --all, and then also what cannot be read and what was kept in mind of replays', async () => {
    const at1 = await world([...some, { key: null, value: Buffer.from('x'), headers: { format: 'letters/1' } }])
    const { exitCode, err } = await at1.letters('erase')
    expect(exitCode).toBe(2)
    expect(err).toContain('which letters? --code, --source, --tenant, --since, --until; or --all')
    expect((await at1.letters('erase', '--all', '--tenant', 'acme')).exitCode).toBe(2)
    expect((await at1.letters('erase', '--all')).out).toBe('erased 5 letters of 700004 refused inputs\n')
    expect(await at1.topic.read(0 as Offset, 10)).toEqual([])
  })

  test('with --all takes receipts also where no letter is left', async () => {
    await using server = await startIngestServer()
    const at1 = await world(some)
    await at1.letters('replay', '--url', server.url)
    for (const tenant of ['acme', 'other']) await at1.letters('erase', '--tenant', tenant)
    expect(await at1.topic.read(0 as Offset, 10)).not.toEqual([])
    expect((await at1.letters('erase', '--all')).out).toBe('erased 0 letters of 0 refused inputs\n')
    expect(await at1.topic.read(0 as Offset, 10)).toEqual([])
  })
})

describe('what goes wrong is said in a line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-no-letters-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    { rule: 'no place', args: ['list'], says: 'whose dead letters? --data-dir .deskpulse or --brokers', code: 2 },
    { rule: 'two places', args: ['list', '--data-dir', 'd', '--brokers', 'b:1'], says: 'exclude each other', code: 2 },
    {
      rule: 'no such directory',
      args: ['list', '--data-dir', '/nowhere'],
      says: '/nowhere/dead-letters.sqlite does not exist: is /nowhere',
      code: 1,
    },
    { rule: 'no data directory', args: ['list', '--data-dir', folder], says: 'does not exist: is', code: 1 },
    {
      rule: 'a code that nobody gives',
      args: ['list', '--data-dir', 'd', '--code', 'bad-shema'],
      says: 'did you mean bad-schema?',
      code: 2,
    },
    {
      rule: 'a time without a zone',
      args: ['list', '--data-dir', 'd', '--since', '2026-03-02T01:00:00'],
      says: '--since must be an instant',
      code: 2,
    },
    { rule: 'no destination', args: ['replay', '--data-dir', 'd'], says: 'where to? --url http://127.0.0.1:8080', code: 2 },
    { rule: 'a command that is near', args: ['lst'], says: 'did you mean dead-letters list?', code: 2 },
  ])('$rule', async ({ args, says, code }) => {
    const { exitCode, err } = await run(['dead-letters', ...args])
    expect({ exitCode, err }).toEqual({ exitCode: code, err: expect.stringContaining(says) as string })
  })
})
