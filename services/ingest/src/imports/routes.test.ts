import { readFileSync } from 'node:fs'
import type { ImportedResponse, ImportsResponse, Problem } from '@deskpulse/contract'
import { importKinds } from '@deskpulse/imports'
import { DeskpulseError } from '@deskpulse/stream'
import { afterEach, describe, expect, test } from 'vitest'
import { type Rig, rig, type RigOptions } from '../testing/rig.ts'

const rigs: Rig[] = []
async function world(options: RigOptions = {}): Promise<Rig> {
  const made = await rig({ nowMs: () => Date.parse('2026-03-06T00:00:00Z'), ...options })
  rigs.push(made)
  return made
}
afterEach(async () => {
  for (const made of rigs.splice(0)) await made.close()
})

const changedAt = '2026-03-05T12:00:00.000Z'
const attendance = '坐席;日期;是否排班;是否出勤\nlin;2026/3/2;是;是\nwu;2026/3/2;是;否\n'
const wrong = 'agent,date,scheduled,attended\nlin,2026-03-02,yes,yes\nwu,soon,yes,maybe\n'

type Query = Readonly<Record<string, string>>
const at = (kind: string, query: Query = {}): string =>
  `/v1/tenants/acme/imports/${kind}?${new URLSearchParams({ changedAt, ...query }).toString()}`

async function posted(made: Rig, kind: string, payload: string | Buffer, query: Query = {}) {
  const response = await made.http.inject({
    ...{ method: 'POST', url: at(kind, query), payload },
    headers: { 'content-type': 'text/csv' },
  })
  return { status: response.statusCode, body: response.json<ImportedResponse>() }
}

type Refused = {
  readonly rule: string
  readonly payload?: string
  readonly type?: string
  readonly origin?: string
  readonly tenant?: string
  readonly status: number
  readonly code: string
}

describe('a file', () => {
  test('whose rows are all right is in the log when the answer comes', async () => {
    const made = await world()
    const counts = { rows: 2, accepted: 2, refused: 0, errorCount: 0, errors: [] }
    expect(await posted(made, 'attendance', attendance)).toEqual({
      status: 202,
      body: { kind: 'attendance', dryRun: false, ...counts },
    })
    expect(await made.events()).toMatchObject([
      {
        ...{ type: 'agent.attendance', source: '/import/attendance', tenant: 'acme' },
        sequence: String(Date.parse(changedAt)),
        data: { agentId: 'lin', date: '2026-03-02', scheduled: true, attended: true },
      },
      { data: { agentId: 'wu', attended: false } },
    ])
  })

  test('is taken down in the audit when it was sent, and not when it was only checked or refused', async () => {
    const made = await world()
    await posted(made, 'attendance', attendance, { dryRun: 'true' })
    await posted(made, 'attendance', wrong)
    expect(made.audited).toEqual([])
    await posted(made, 'attendance', attendance)
    expect(made.audited).toMatchObject([
      {
        ...{ action: 'import.send', object: 'attendance', tenant: 'acme', before: null },
        after: { source: '/import/attendance', changedAt, rows: 2, accepted: 2, refused: 0 },
      },
    ])
  })

  test('that is sent again makes the same events', async () => {
    const made = await world()
    await posted(made, 'attendance', attendance)
    await posted(made, 'attendance', attendance)
    const [first, second, ...again] = await made.events()
    expect(again).toEqual([first, second])
  })

  test('that is checked sends nothing', async () => {
    const made = await world()
    expect(await posted(made, 'attendance', attendance, { dryRun: 'true' })).toMatchObject({
      status: 200,
      body: { dryRun: true, rows: 2, accepted: 0, refused: 0, errorCount: 0 },
    })
    expect(await made.events()).toEqual([])
  })

  test.each([
    { dryRun: 'false', status: 422 },
    { dryRun: 'true', status: 200 },
  ])(
    'with a wrong row sends nothing, and says every error (dry run: $dryRun)',
    async ({ dryRun, status }) => {
      const made = await world()
      expect(await posted(made, 'attendance', wrong, { dryRun })).toMatchObject({
        status,
        body: {
          ...{ rows: 2, accepted: 0, refused: 1, errorCount: 2 },
          errors: [
            {
              ...{ line: 3, column: 'date', got: 'soon' },
              expected: 'a date such as 2026-03-02 or 2026/3/2',
            },
            { line: 3, column: 'attended', expected: 'yes or no (是, 否)', got: 'maybe' },
          ],
        },
      })
      expect(await made.events()).toEqual([])
      expect(await made.deadLetters()).toEqual([])
    },
  )

  test('has its errors in the language that is asked for', async () => {
    const { body } = await posted(await world(), 'attendance', wrong, { lang: 'zh' })
    expect(body.errors.map(({ expected }) => expected)).toEqual([
      '日期，如 2026-03-02 或 2026/3/2',
      '是或否（yes, no）',
    ])
  })

  test.each([
    {
      what: 'another header',
      payload: 'agnt,date,scheduled,attended,Date\na,,,,\n',
      counts: { rows: 1, refused: 1, errorCount: 3 },
      errors: [
        { line: 1, column: 'agnt', expected: 'a known column: did you mean agent?', got: null },
        { line: 1, column: 'agent or 坐席', expected: 'this column', got: null },
        { line: 1, column: 'date or 日期', expected: 'this column once', got: null },
      ],
    },
    {
      what: 'bytes that are no UTF-8',
      payload: Buffer.from([0xd7, 0xf8, 0xcf, 0xaf]),
      counts: { rows: 0, refused: 0, errorCount: 1 },
      errors: [{ line: 1, column: null, got: null }],
    },
    {
      what: 'nothing in it',
      payload: '',
      counts: { rows: 0, errorCount: 1 },
      errors: [{ line: 1, expected: 'a header with the names of the columns' }],
    },
    {
      what: 'an open quote',
      payload: 'agent,date\na,"b\n',
      counts: { rows: 0, errorCount: 1 },
      errors: [{ line: 2, expected: 'quotes around whole cells, each of them closed' }],
    },
  ])('with $what is wrong as a whole', async ({ payload, counts, errors }) => {
    expect(await posted(await world(), 'attendance', payload)).toMatchObject({
      status: 422,
      body: { accepted: 0, ...counts, errors },
    })
  })

  test('without rows is right, and nothing is sent of it', async () => {
    const made = await world()
    expect(await posted(made, 'attendance', 'agent,date,scheduled,attended\n')).toMatchObject({
      status: 200,
      body: { rows: 0, accepted: 0, errorCount: 0 },
    })
  })

  test('of very many errors lists the first thousand, and counts all', async () => {
    const rows = Array.from({ length: 1_200 }, (_, n) => `a-${n},soon,yes,yes`)
    const text = `agent,date,scheduled,attended\n${rows.join('\n')}`
    const { body } = await posted(await world(), 'attendance', text, { dryRun: 'true' })
    expect([body.errorCount, body.refused, body.errors.length]).toEqual([1_200, 1_200, 1_000])
  })

  test('of more rows than an array may hold is sent as a whole', async () => {
    const made = await world()
    const rows = Array.from({ length: 2_003 }, (_, n) => `a-${n},2026-03-02,yes,yes`)
    const text = `agent,date,scheduled,attended\n${rows.join('\n')}`
    expect(await posted(made, 'attendance', text)).toMatchObject({ body: { accepted: 2_003 } })
    expect(await made.events()).toHaveLength(2_003)
  })

  test('has the time zone, the source and the time of change that are asked for', async () => {
    const made = await world()
    const query = {
      timeZone: 'Asia/Shanghai',
      source: '/sheets/hr',
      changedAt: '2026-03-05T00:00:00Z',
    }
    await posted(made, 'violations', 'agent,kind,time\nlin,rude,2026-03-02 09:00\n', query)
    expect(await made.events()).toMatchObject([
      {
        timeMs: Date.parse('2026-03-02T01:00:00Z'),
        source: '/sheets/hr',
        sequence: String(Date.parse('2026-03-05')),
      },
    ])
  })

  test('whose change nobody tells is of now', async () => {
    const made = await world()
    const headers = { 'content-type': 'text/csv' }
    const url = '/v1/tenants/acme/imports/attendance'
    await made.http.inject({ method: 'POST', url, payload: attendance, headers })
    const [event] = await made.events()
    expect(event!.sequence).toBe(String(Date.parse('2026-03-06T00:00:00Z')))
  })

  test('that the log does not take is a problem: it may be sent again', async () => {
    const made = await world({
      wrap: (log) => ({
        ...log,
        append: async () => {
          throw new DeskpulseError('LOG_UNAVAILABLE', 'it is away')
        },
      }),
    })
    expect(await posted(made, 'attendance', attendance)).toMatchObject({
      status: 503,
      body: { code: 'log-unavailable' },
    })
  })
})

test.each([
  { rule: 'a kind that is none', kind: 'scores', query: { lang: 'en' }, path: 'kind' },
  { rule: 'a zone that is none', kind: 'costs', query: { timeZone: 'Mars' }, path: 'timeZone' },
  {
    rule: 'a file of the future',
    kind: 'costs',
    query: { changedAt: '2026-03-06T00:06:00Z' },
    path: 'changedAt',
  },
  { rule: 'a time that is none', kind: 'costs', query: { changedAt: 'now' }, path: 'changedAt' },
  {
    rule: 'a time before 1970',
    kind: 'costs',
    query: { changedAt: '1969-12-31T00:00:00Z' },
    path: 'changedAt',
  },
  { rule: 'a parameter that is none', kind: 'costs', query: { dry: 'true' }, path: 'dry' },
] as readonly { rule: string; kind: string; query: Query; path: string }[])(
  '$rule is a bad request that names it',
  async ({ kind, query, path }) => {
    expect(await posted(await world(), kind, 'a', query)).toMatchObject({
      status: 400,
      body: { code: 'bad-request', errors: [{ path }] },
    })
  },
)

test.each([
  { rule: 'no body', status: 400, code: 'no-events' },
  {
    rule: 'another media type',
    ...{ payload: '{}', type: 'application/json' },
    ...{ status: 415, code: 'unsupported-media-type' },
  },
  {
    rule: 'a file over the limit',
    ...{ payload: 'x'.repeat(140_000), type: 'text/csv', status: 413, code: 'too-large' },
  },
  {
    rule: 'a page of another site',
    ...{ payload: attendance, type: 'text/csv', origin: 'https://evil.example' },
    ...{ status: 403, code: 'cross-site' },
  },
  {
    rule: 'a tenant that is not there',
    ...{ payload: attendance, type: 'text/csv', tenant: 'nobody' },
    ...{ status: 404, code: 'unknown-tenant' },
  },
] as readonly Refused[])('$rule is $status $code', async (of) => {
  const made = await world({ settings: { bodyBytesMax: 1_048_576, inFlightBytesMax: 1_048_576 } })
  const url = at('attendance').replace('acme', of.tenant ?? 'acme')
  const headers = {
    ...(of.type === undefined ? {} : { 'content-type': of.type }),
    ...(of.origin === undefined ? {} : { origin: of.origin }),
  }
  const { payload } = of
  const response = await made.http.inject({ method: 'POST', url, payload, headers })
  expect([response.statusCode, response.json<Problem>().code]).toEqual([of.status, of.code])
  expect(await made.events()).toEqual([])
})

test('the kinds are listed with their columns in both languages', async () => {
  const made = await world()
  const { kinds } = (await made.http.inject('/v1/tenants/acme/imports')).json<ImportsResponse>()
  expect(kinds.map(({ kind }) => kind)).toEqual(importKinds.map(({ name }) => name))
  expect(kinds[0]).toMatchObject({
    type: 'quality.reviewed',
    title: { en: 'Quality reviews', zh: '质检评分' },
  })
  expect(kinds[0]!.columns[1]).toEqual({
    name: { en: 'agent', zh: '坐席' },
    required: true,
    example: { en: 'lin.na', zh: 'lin.na' },
  })
  expect((await made.http.inject('/v1/tenants/nobody/imports')).statusCode).toBe(404)
})

test.each(importKinds)('the templates of $name are files of it', async ({ name }) => {
  const made = await world()
  for (const lang of ['en', 'zh']) {
    const template = await made.http.inject(
      `/v1/tenants/acme/imports/${name}/template?lang=${lang}`,
    )
    expect(template.headers['content-disposition']).toBe(`attachment; filename="${name}.csv"`)
    expect(await posted(made, name, template.rawPayload, { dryRun: 'true' })).toMatchObject({
      body: { rows: 2, errorCount: 0 },
    })
  }
  expect((await made.http.inject(`/v1/tenants/nobody/imports/${name}/template`)).statusCode).toBe(
    404,
  )
})

test('the page is served, with the tenants that it can send to', async () => {
  const made = await world({ tenants: { zeta: {}, acme: {} } })
  expect((await made.http.inject('/import')).headers['content-type']).toContain('text/html')
  expect((await made.http.inject('/import/places.json')).json()).toEqual({
    tenants: ['acme', 'zeta'],
    boardPage: null,
  })
})

type Document = {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post: {
          readonly requestBody: { readonly content: { readonly 'text/csv': { example: string } } }
        }
      }
    >
  >
  readonly components: { readonly schemas: { readonly Imported: { examples: unknown } } }
}

test('the example of docs/api.md, and of the OpenAPI document, is what is answered', async () => {
  const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8')
  const section = page.split('\n## ').find((part) => part.startsWith('Files in\n'))!
  const [csv = '', json = ''] = ['csv', 'json'].map(
    (language) => section.split(`\`\`\`${language}\n`)[1]!.split('```')[0]!,
  )
  const made = await world()
  const { status, body } = await posted(made, 'attendance', csv)
  expect([status, body]).toEqual([422, JSON.parse(json)])
  const document = (await made.http.inject('/openapi.json')).json<Document>()
  const { post } = document.paths['/v1/tenants/{tenant}/imports/{kind}']!
  expect(post.requestBody.content['text/csv'].example).toBe(csv)
  expect(document.components.schemas.Imported.examples).toEqual([body])
})
