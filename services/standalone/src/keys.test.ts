import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseKey } from '@deskpulse/contract'
import { expect, test } from 'vitest'
import { workbench } from './testing/product.ts'

const cli = resolve(import.meta.dirname, '../../cli/src/main.ts')

type Ran = { readonly code: number; readonly out: string; readonly err: string }

/** `deskpulse` as a process of its own, with this key in its environment. */
function deskpulse(command: string, key?: string): Promise<Ran> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = {
    ...{ PATH, NODE_COMPILE_CACHE },
    ...(key !== undefined && { DESKPULSE_API_KEY: key }),
  }
  return new Promise((done) => {
    execFile(process.execPath, [cli, ...command.split(' ')], { env }, (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })
}

const event = {
  ...{ specversion: '1.0', id: 'e-1', source: '/test', type: 'deskpulse.contact.opened.v1' },
  ...{ time: '2026-03-02T01:00:27.017Z', tenant: 'acme' },
  data: { contactId: 'c-1', customerId: 'u-1', channel: 'chat', queue: 'billing' },
}

/** Where keys are needed; what the commands are given, and all that they have said. */
async function installation() {
  const bench = workbench()
  const { dataDir } = bench
  const said: string[] = []
  const [config, file] = [join(dataDir, 'deskpulse.yaml'), join(dataDir, 'events.ndjson')]
  writeFileSync(config, 'auth: { mode: keys }')
  writeFileSync(file, `${JSON.stringify(event)}\n`)
  const ran = async (command: string, key?: string): Promise<Ran> => {
    const result = await deskpulse(command, key)
    // Only what makes a key or a link shows it.
    if (!/ create /.test(command)) said.push(result.out)
    said.push(result.err)
    return result
  }
  const made = async (command: string, key?: string): Promise<string> => {
    const { code, out, err } = await ran(command, key)
    expect(code, err).toBe(0)
    return out.trimEnd()
  }
  const root = await made(
    `keys create --name root --scopes admin --installation --data-dir ${dataDir}`,
  )
  const product = bench.start('--no-simulator', '--config', config)
  const url = (await product.ready()).replace(/\/$/, '')
  return {
    ...{ dataDir, file, product, url, root, ran, made, said },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  }
}

test('the first key of a folder makes the others, and who has one may do what it says until it is revoked', async () => {
  await using at = await installation()
  const { file, url, root, ran, made } = at
  const replay = (key?: string) => ran(`replay ${file} --tenant acme --url ${url}`, key)

  const hint = 'DESKPULSE_API_KEY (or DESKPULSE_API_KEY_FILE) must hold a key with the scope'
  const nobody = await replay()
  expect(nobody.code).toBe(1)
  expect(nobody.err).toContain('HTTP 401 unauthorized')
  expect(nobody.err).toContain(`; ${hint} ingest\n`)

  const key = await made(
    `keys create --name connector --scopes ingest --tenant acme --expires 90d --url ${url}`,
    root,
  )
  const { id, secret } = parseKey(key)!
  expect((await replay(key)).out).toContain('accepted  1\nrefused   0\n')
  const refusals = await ran(`refusals --tenant acme --url ${url}`, key)
  expect(refusals.err).toContain('HTTP 403 forbidden')
  expect(refusals.err).toContain(`; ${hint} read\n`)
  const others = await ran(`keys list --installation --url ${url}`, key)
  expect(others.err).toContain(`; ${hint} admin, of the installation\n`)

  const { code, err } = await ran(`keys list --installation --data-dir ${at.dataDir}`)
  expect({ code, err }).toEqual({
    code: 1,
    err: `deskpulse: ${at.dataDir} is in use by another process: stop the product, then do this; or ask it with --url\n`,
  })

  const list = async () =>
    JSON.parse(await made(`keys list --tenant acme --url ${url} --json`, root)) as object
  expect(await list()).toMatchObject({
    ...{ id, name: 'connector', tenant: 'acme', scopes: ['ingest'], status: 'valid' },
    ...{ createdBy: 'root', lastUsedAt: expect.any(String) as string },
  })

  expect((await ran(`keys revoke ${id} --tenant acme --url ${url}`, root)).out).toBe(
    `key ${id} is revoked\n`,
  )
  const post = () =>
    fetch(`${url}/v1/tenants/acme/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(event),
    }).then(({ status }) => status)
  await expect.poll(post, { timeout: 2_000 }).toBe(401)
  const revoked = await replay(key)
  expect(revoked.code).toBe(1)
  expect(revoked.err).toContain('the key was revoked')
  expect(await list()).toMatchObject({ status: 'revoked', revokedBy: 'root' })
  expect(await ran(`keys revoke ffffffffffff --tenant acme --url ${url}`, root)).toMatchObject({
    ...{ code: 1, err: expect.stringContaining('HTTP 404 unknown-key') as string },
  })

  const stopped = await at.product.kill('SIGTERM')
  const all = at.said.join('') + stopped.out + stopped.err
  for (const hidden of [secret, parseKey(root)!.secret]) expect(all).not.toContain(hidden)
})

test('a board is a link that a screen opens, until it is revoked', async () => {
  await using at = await installation()
  const { url, root, made } = at
  const board = `--tenant acme --url ${url}`
  const link = await made(`boards create --name lobby --lang zh ${board}`, root)
  expect(link.startsWith(`${url}/boards/dp_acme_`)).toBe(true)
  const open = () => fetch(link, { redirect: 'manual' })
  const opened = await open()
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/?tenant=acme&lang=zh'])

  const listed = JSON.parse(await made(`boards list ${board} --json`, root)) as {
    readonly id: string
  }
  expect(listed).toMatchObject({ name: 'lobby', page: '/?tenant=acme&lang=zh', status: 'valid' })
  expect(await made(`boards revoke ${listed.id} ${board}`, root)).toBe(
    `board ${listed.id} is revoked`,
  )
  await expect.poll(async () => (await open()).status, { timeout: 2_000 }).toBe(404)
})

test('what the command line does beside the log is in the audit as what is done over HTTP', async () => {
  await using at = await installation()
  const { url, root, made } = at
  const over = await made(`boards create --name hall --tenant acme --url ${url}`, root)
  const authorization = `Bearer ${root}`
  const changes = async (): Promise<object[]> => {
    const response = await fetch(`${url}/v1/audit`, { headers: { authorization } })
    return ((await response.json()) as { readonly rows: object[] }).rows
  }
  expect(over).toContain('/boards/')
  expect(await changes()).toMatchObject([
    {
      ...{ action: 'board.create', tenant: 'acme', before: null, who: { name: 'root' } },
      after: { name: 'hall', scopes: ['board'], page: '/?tenant=acme' },
    },
    {
      ...{ action: 'key.create', tenant: null, before: null, object: parseKey(root)!.id },
      ...{ who: { id: 'command-line' }, from: { address: null, userAgent: null } },
      after: { name: 'root', scopes: ['admin'], status: 'valid' },
    },
  ])
})

test('a stream that is open when its key is revoked takes nothing more in', async () => {
  await using at = await installation()
  const { url, root, made } = at
  const key = await made(
    `keys create --name source --scopes ingest --tenant acme --url ${url}`,
    root,
  )
  const chunks = new TransformStream<string, string>()
  const writer = chunks.writable.getWriter()
  const answer = fetch(`${url}/v1/tenants/acme/events`, {
    ...{ method: 'POST', body: chunks.readable.pipeThrough(new TextEncoderStream()) },
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    duplex: 'half',
  })
  const received = async (): Promise<number> => {
    const asked = { headers: { authorization: `Bearer ${root}` } }
    const text = await (await fetch(`${url}/metrics`, asked)).text()
    return Number(/^deskpulse_entries_folded_total(?:\{.*\})? (.+)$/m.exec(text)?.[1] ?? 0)
  }
  await writer.write(`${JSON.stringify(event)}\n`)
  await expect.poll(received, { timeout: 20_000 }).toBeGreaterThanOrEqual(1)
  await made(`keys revoke ${parseKey(key)!.id} --tenant acme --url ${url}`, root)
  await writer.write(`${JSON.stringify({ ...event, id: 'e-2' })}\n`)
  expect(await (await answer).json()).toMatchObject({ status: 401, code: 'unauthorized' })
  writer.close().catch(() => {}) // The server reads no more of it.
})
