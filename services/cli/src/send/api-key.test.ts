import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyText, letterGroupRecord, newKey } from '@deskpulse/contract'
import { boundedTopic, deadLettersFile } from '@deskpulse/stream'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { letter } from '../commands/dead-letters/letters.test-support.ts'
import { acceptAll, type Reply, type Request, startIngestServer } from '../testing/ingest-server.ts'
import { run } from '../testing/run.ts'

const parts = newKey('acme')
const key = keyText(parts)
const header = `Bearer ${key}`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-api-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

function fileOf(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const to = (url: string) => ['--tenant', 'acme', '--url', url]

/** Each command that asks a server, with the files that it needs. */
const commands: Readonly<Record<string, (url: string) => Promise<readonly string[]>>> = {
  replay: async (url) => ['replay', fileOf('events.ndjson', '{"id":"1"}'), ...to(url)],
  simulate: async (url) => ['simulate', ...to(url), '--for', '5m', '--speed', '1000'],
  import: async (url) => {
    const { out } = await run(['import', 'violations', '--template'])
    return ['import', 'violations', fileOf('rows.csv', out), ...to(url)]
  },
  refusals: async (url) => ['refusals', ...to(url)],
  'dead-letters replay': async (url) => {
    const topic = boundedTopic({ file: join(folder, deadLettersFile) })
    await topic.append([letterGroupRecord([letter('{"id":"1"}', { tenant: 'acme' })])])
    await topic.close()
    return ['dead-letters', 'replay', '--data-dir', folder, '--url', url]
  },
  'keys list': async (url) => ['keys', 'list', ...to(url)],
  'boards list': async (url) => ['boards', 'list', ...to(url)],
}
const names = Object.keys(commands)

/** To every question, an answer that may be the one that was asked for. */
function answer(request: Request): Reply {
  return request.lines.length > 0
    ? acceptAll(request)
    : { status: 200, body: { rows: [], count: 0, total: 0, keys: [], boards: [] } }
}

describe.each(names)('%s', (name) => {
  test('sends the key of the environment with every request', async () => {
    await using server = await startIngestServer(answer)
    const args = await commands[name]!(server.url)
    const { exitCode, out, err } = await run(args, { env: { DESKPULSE_API_KEY: key } })
    expect(exitCode, err).toBe(0)
    expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([header]),
    )
    expect(out + err).not.toContain(parts.secret)
  })

  test('sends none where there is none', async () => {
    await using server = await startIngestServer(answer)
    const args = await commands[name]!(server.url)
    await run(args, { env: { DESKPULSE_API_KEY: '', DESKPULSE_API_KEY_FILE: '' } })
    expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([undefined]),
    )
  })

  test.each([
    { status: 401, code: 'unauthorized' },
    { status: 403, code: 'forbidden' },
  ])('says of $status where a key must be, and with which scope', async ({ status, code }) => {
    const detail = (request: Request): string => `not you, ${request.headers.authorization}`
    await using server = await startIngestServer((request) => ({
      ...{ status, body: { code, detail: detail(request) } },
    }))
    const args = await commands[name]!(server.url)
    const { exitCode, out, err } = await run(args, { env: { DESKPULSE_API_KEY: key } })
    expect(exitCode).toBe(1)
    const scope = /^(keys|boards)/.test(name)
      ? 'admin, of acme or of the installation'
      : name === 'refusals'
        ? 'read'
        : 'ingest'
    expect(err).toContain(
      `HTTP ${status} ${code}: not you, Bearer dp_acme_${parts.id}_***; DESKPULSE_API_KEY (or DESKPULSE_API_KEY_FILE) must hold a key with the scope ${scope}\n`,
    )
    expect(out + err).not.toContain(parts.secret)
    expect(server.requests).toHaveLength(1)
  })
})

describe('the key', () => {
  const asked = async (env: Readonly<Record<string, string>>) => {
    const server = await startIngestServer(answer)
    onTestFinished(() => server[Symbol.asyncDispose]())
    const ran = await run(['refusals', ...to(server.url)], { env })
    return { ...ran, headers: server.requests.map(({ headers }) => headers.authorization) }
  }

  test.each(['', '\n', '\r\nof acme\n'])(
    'may be the first line of a file, %j after it',
    async (end) => {
      const { headers } = await asked({ DESKPULSE_API_KEY_FILE: fileOf('key', key + end) })
      expect(headers).toEqual([header])
    },
  )

  test('stands in one place', async () => {
    const { exitCode, err, headers } = await asked({
      ...{ DESKPULSE_API_KEY: key, DESKPULSE_API_KEY_FILE: fileOf('key', key) },
    })
    expect({ exitCode, err, headers }).toEqual({
      exitCode: 2,
      err: 'deskpulse: DESKPULSE_API_KEY and DESKPULSE_API_KEY_FILE exclude each other\n',
      headers: [],
    })
  })

  test.each(['secret of mine', `${key}\nx`, `${key.slice(0, -1)}ü`])(
    'must be one, and else is not repeated',
    async (text) => {
      const { exitCode, out, err, headers } = await asked({ DESKPULSE_API_KEY: text })
      expect({ exitCode, out, err, headers }).toEqual({
        exitCode: 2,
        out: '',
        err: 'deskpulse: DESKPULSE_API_KEY must be a key, dp_TENANT_ID_SECRET; it is none\n',
        headers: [],
      })
    },
  )

  test('of a file that cannot be read is a failure', async () => {
    const file = join(folder, 'none')
    const { exitCode, err, headers } = await asked({ DESKPULSE_API_KEY_FILE: file })
    expect(exitCode).toBe(1)
    expect(err).toContain(`DESKPULSE_API_KEY_FILE: ${file} cannot be read: ENOENT`)
    expect(headers).toEqual([])
  })
})
