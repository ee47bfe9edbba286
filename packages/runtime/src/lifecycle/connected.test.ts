import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { parseConfig } from '@deskpulse/contract'
import { expect, test } from 'vitest'
import { createLogger } from '../logging/logger.ts'
import { connected } from './connected.ts'
import { serviceContext, type ServiceContext } from './run-service.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function contextAt(port: number): Promise<ServiceContext> {
  const parsed = parseConfig({ http: { port } })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return serviceContext(parsed.config, createLogger({ name: 'test', level: 'silent' }))
}

class Away extends Error {
  readonly code = 'LOG_UNAVAILABLE'
}

/** `fetch`, once somebody listens. */
async function answerOf(url: string, options: RequestInit): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url, options)
    } catch {
      await new Promise((next) => setImmediate(next))
    }
  }
}

test('what is asked of a service that waits for its start is answered 503, whatever it sends: nobody takes it for a refusal', async () => {
  const port = await freePort()
  let isThere = false
  const waiting = connected(await contextAt(port), () =>
    isThere ? Promise.resolve('here') : Promise.reject(new Away('away')),
  )
  const address = `http://127.0.0.1:${port}/v1/tenants/acme/events`
  const sent: readonly (readonly [type: string, body: string])[] = [
    ['application/x-ndjson', '{}\n{}'],
    ['application/json', 'not JSON'],
    ['text/plain', 'x'.repeat(3_000_000)],
    ['nonsense', ''],
  ]
  for (const [type, body] of sent) {
    const answer = await answerOf(address, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect([type, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      type,
      503,
      'starting',
    ])
  }
  const question = await answerOf(`http://127.0.0.1:${port}/v1/tenants/acme/waiting`, {})
  expect([question.status, question.headers.get('retry-after')]).toEqual([503, '2'])
  isThere = true
  expect(await waiting).toBe('here')
})

test('an error that does not pass by itself ends the start', async () => {
  const context = await contextAt(await freePort())
  await expect(connected(context, () => Promise.reject(new Error('a bug')))).rejects.toThrow(
    'a bug',
  )
})
