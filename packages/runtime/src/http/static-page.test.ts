import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import { testServer } from '../testing/index.ts'
import { servePage } from './static-page.ts'

const files = {
  'index.html': '<title>A page</title>',
  'a.js': `// ${'long '.repeat(500)}`,
  'b.css': '',
  'tsconfig.json': '{}',
}

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-page-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

async function pageOf(metrics?: Metrics): Promise<FastifyInstance> {
  const folder = await folderOf(files)
  const library = await folderOf({ 'chart.js': '// A chart', 'a.js': '// Not the page’s own' })
  const app = await testServer(metrics)
  onTestFinished(() => app.close())
  await servePage(app, {
    folder: pathToFileURL(`${folder}/`),
    page: '/',
    files: '/files/',
    libraries: [pathToFileURL(`${library}/`)],
    framedBy: 'none',
  })
  return app
}

test.each([
  { url: '/', type: 'text/html; charset=utf-8', body: files['index.html'] },
  { url: '/files/a.js', type: 'application/javascript; charset=utf-8', body: files['a.js'] },
  { url: '/files/b.css', type: 'text/css; charset=utf-8', body: '' },
])(
  '$url is served so that nothing but the page’s own files runs in it',
  async ({ url, type, body }) => {
    const response = await (await pageOf()).inject(url)
    expect([response.statusCode, response.headers['content-type'], response.body]).toEqual([
      200,
      type,
      body,
    ])
    expect(response.headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'",
    )
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    })
  },
)

test.each([
  { name: 'base.css', type: 'text/css; charset=utf-8' },
  { name: 'dom.js', type: 'application/javascript; charset=utf-8' },
  { name: 'figures.js', type: 'application/javascript; charset=utf-8' },
  { name: 'language.js', type: 'application/javascript; charset=utf-8' },
  { name: 'icon.svg', type: 'image/svg+xml' },
])('what all pages share is among the files of each: $name', async ({ name, type }) => {
  const response = await (await pageOf()).inject(`/files/${name}`)
  const file = new URL(`../../page/${name}`, import.meta.url)
  expect([response.headers['content-type'], response.body]).toEqual([
    type,
    await readFile(file, 'utf8'),
  ])
})

test('a library that runs in it is served beside its own files, which come first', async () => {
  const app = await pageOf()
  expect((await app.inject('/files/chart.js')).body).toBe('// A chart')
  expect((await app.inject('/files/a.js')).body).toBe(files['a.js'])
})

test('a file that has not changed is not sent again', async () => {
  const app = await pageOf()
  const { headers } = await app.inject('/files/a.js')
  const again = await app.inject({
    url: '/files/a.js',
    headers: { 'if-none-match': String(headers['etag']) },
  })
  expect([again.statusCode, again.body]).toEqual([304, ''])
})

test.each([
  '/files/nothing.js',
  '/files/tsconfig.json',
  '/files/',
  '/files/../a.js',
  '/files/%2e%2e/a.js',
])('%s is a 404 problem', async (url) => {
  const response = await (await pageOf()).inject(url)
  expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, 'not-found'])
})

test('a file is compressed for who accepts that', async () => {
  const { headers } = await (
    await pageOf()
  ).inject({ url: '/files/a.js', headers: { 'accept-encoding': 'gzip, br' } })
  expect(headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' })
})

test('all files are one route of the request metrics', async () => {
  const metrics = createMetrics({ processMetrics: false })
  const app = await pageOf(metrics)
  for (const url of ['/files/a.js', '/files/b.css']) await app.inject(url)
  const { values } = await metrics.requestsAnswered.get()
  const counts = values.filter(({ metricName }) => metricName?.endsWith('_count'))
  expect(counts.map(({ labels, value }) => [labels.route, value])).toEqual([['/files/*', 2]])
})
