import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { letterGroupRecord } from '@deskpulse/contract'
import { type Offset } from '@deskpulse/stream'
import { afterAll, describe, expect, test } from 'vitest'
import { startIngestServer } from '../../testing/ingest-server.ts'
import { run } from '../../testing/run.ts'
import { canonical, event, foldLetter, letter, some, world } from './letters.test-support.ts'

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
      ...{
        id: '3/0',
        code: 'expired',
        path: '',
        reason: 'gone',
        tenant: 'acme',
        source: '/chat',
        times: 1,
        replays: 0,
      },
      ...{ firstAt: '2026-03-02T03:00:00.000Z', lastAt: '2026-03-02T03:00:00.000Z' },
      ...{
        refusedBy: 'folds',
        place: { partition: 3, offset: 12, index: 0 },
        bytes: canonical.bytes.length,
      },
    })
    expect((await at1.json()).map(({ times, newest }) => [times, newest])).toEqual([
      [1, '3/0'],
      [2, '2/0'],
      [700_000, '1/1'],
      [1, '2/1'],
    ])
  })

  test('goes on past records that it cannot read, and says how many', async () => {
    const { letters } = await world([
      { key: null, value: Buffer.from('x'), headers: { format: 'letters/1' } },
      ...some,
    ])
    const { out, err } = await letters('list')
    expect(out).toContain('700004 refused inputs')
    expect(err).toBe('1 record of the topic cannot be read by this version\n')
  })

  test('lets no letter act on the terminal', async () => {
    const { letters } = await world([
      letterGroupRecord([letter('x', { reason: '\u001b[2J\u202e', source: '\u0007' })]),
    ])
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
    expect((await letters('show 1/1')).out).toContain(
      'at       2026-03-02T01:00:00.000Z to 2026-03-02T01:00:09.000Z, 700000 times\n',
    )
    expect((await letters('show 3/0')).out).toContain('by       the folds, at 3/12/0 of the log\n')
  })

  test('gives bytes that are no text, or would act on the terminal, harmlessly; exactly with --json', async () => {
    const hostile = [Buffer.from([0xff, 0xfe]), Buffer.from('a\u001b[2Jb\nc')]
    const { letters } = await world([letterGroupRecord(hostile.map((bytes) => letter(bytes)))])
    expect((await letters('show 1/0')).out).toContain('(no text; in base64) //4=\n')
    expect((await letters('show 1/1')).out).toContain('\na\\u{1b}[2Jb\nc\n')
    const { original } = JSON.parse((await letters('show 1/1 --json')).out) as {
      readonly original: string
    }
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

describe('erase', () => {
  test('takes out what matches and leaves the rest, also of the same group; the bytes are gone', async () => {
    const secret = event('secret', { data: { name: 'Mario Rossi' } })
    const at1 = await world([...some, foldLetter(Buffer.from(secret), { tenant: 'gone' })])
    expect((await at1.letters('erase', '--tenant', 'gone', '--dry-run')).out).toBe(
      'would erase 1 letter of 1 refused input\n',
    )
    expect(await at1.json('--each')).toHaveLength(6)
    expect((await at1.letters('erase', '--tenant', 'gone')).out).toBe(
      'erased 1 letter of 1 refused input\n',
    )
    for (const end of ['', '-wal'])
      expect(readFileSync(at1.file + end).includes('Mario Rossi')).toBe(false)

    expect((await at1.letters('erase', '--code', 'not-an-event')).out).toBe(
      'erased 1 letter of 700000 refused inputs\n',
    )
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
    const at1 = await world([
      ...some,
      { key: null, value: Buffer.from('x'), headers: { format: 'letters/1' } },
    ])
    const { exitCode, err } = await at1.letters('erase')
    expect(exitCode).toBe(2)
    expect(err).toContain('which letters? --code, --source, --tenant, --since, --until; or --all')
    expect((await at1.letters('erase', '--all', '--tenant', 'acme')).exitCode).toBe(2)
    expect((await at1.letters('erase', '--all')).out).toBe(
      'erased 5 letters of 700004 refused inputs\n',
    )
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
    {
      rule: 'no place',
      args: ['list'],
      says: 'whose dead letters? --data-dir .deskpulse or --brokers',
      code: 2,
    },
    {
      rule: 'two places',
      args: ['list', '--data-dir', 'd', '--brokers', 'b:1'],
      says: 'exclude each other',
      code: 2,
    },
    {
      rule: 'no such directory',
      args: ['list', '--data-dir', '/nowhere'],
      says: '/nowhere/dead-letters.sqlite does not exist: is /nowhere',
      code: 1,
    },
    {
      rule: 'no data directory',
      args: ['list', '--data-dir', folder],
      says: 'does not exist: is',
      code: 1,
    },
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
    {
      rule: 'no destination',
      args: ['replay', '--data-dir', 'd'],
      says: 'where to? --url http://127.0.0.1:8080',
      code: 2,
    },
    {
      rule: 'a command that is near',
      args: ['lst'],
      says: 'did you mean dead-letters list?',
      code: 2,
    },
  ])('$rule', async ({ args, says, code }) => {
    const { exitCode, err } = await run(['dead-letters', ...args])
    expect({ exitCode, err }).toEqual({
      exitCode: code,
      err: expect.stringContaining(says) as string,
    })
  })
})
