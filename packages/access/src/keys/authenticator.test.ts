import { parseKey } from '@deskpulse/contract'
import { everybody, type Principal } from '@deskpulse/runtime'
import { topicNames } from '@deskpulse/stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sessionsOf } from '../session/sessions.ts'
import { signingWith } from '../session/signing.ts'
import { accessLog } from '../testing/access-log.ts'
import { keyAuthenticator } from './authenticator.ts'
import { keyStore } from './key-store.ts'
import { createKey, type NewKey, revokeKey } from './keys.ts'

const asked: NewKey = { name: 'reporting', tenant: 'acme', scopes: ['read'] }
const hourMs = 3_600_000
const ownKey = 'of-the-process-itself'

type Brought = {
  readonly authorization?: string
  readonly cookie?: string
  readonly method?: string
}

const requestOf = ({ authorization, cookie, method = 'GET' }: Brought): FastifyRequest =>
  ({
    ...{ method, protocol: 'http', principal: everybody },
    headers: { ...(authorization && { authorization }) },
    cookies: { ...(cookie && { deskpulse: cookie }) },
  }) as unknown as FastifyRequest

async function world() {
  const log = await accessLog()
  const timer = { after: () => () => {} }
  const keys = keyStore({ log, topic: topicNames().access, timer, onFailure: () => {} })
  await keys.open()
  onTestFinished(() => keys.stop())
  const now = { ms: 1_000_000 }
  const nowMs = (): number => now.ms
  const secret = 'a secret that signs sessions in this test'
  const signing = signingWith(secret, nowMs)
  const sessions = sessionsOf({ signing, lastsMs: hourMs, nowMs, isSecure: false })
  const authenticator = keyAuthenticator({ keys, sessions, bearers: null, nowMs, ownKey })
  const ask = async (brought: Brought) => {
    const request = requestOf(brought)
    return authenticator.recognise(request) ?? authenticator.verify(request)
  }
  const make = async (more: Partial<NewKey> = {}) =>
    createKey(keys, { ...asked, ...more }, { by: 'Li', atMs: now.ms })
  /** The cookie of a session that begins now. */
  const signIn = async (keyId: string, protocol = 'http') => {
    let token = ''
    const reply = { setCookie: (_name: string, value: string) => void (token = value) }
    const request = { ...requestOf({}), protocol } as FastifyRequest
    await sessions.begin(request, reply as unknown as FastifyReply, { kind: 'key', keyId })
    return token
  }
  return { keys, now, ask, make, signIn, authenticator }
}

const principal: Partial<Principal> = {
  name: 'reporting',
  tenants: new Set(['acme']),
  scopes: new Set(['read'] as const),
}

describe('a key', () => {
  test('is known as bearer, and as password of what reads', async () => {
    const { ask, make } = await world()
    const { text } = await make()
    const password = `Basic ${Buffer.from(`prometheus:${text}`).toString('base64')}`
    expect(await ask({ authorization: `Bearer ${text}` })).toMatchObject(principal)
    expect(await ask({ authorization: `bearer ${text}` })).toMatchObject(principal)
    expect(await ask({ authorization: password })).toMatchObject(principal)
    expect(await ask({ authorization: password, method: 'POST' })).toContain(
      'Authorization: Bearer',
    )
  })

  test('is slow to look at only once', async () => {
    const { ask, make, authenticator } = await world()
    const { text, record } = await make()
    const request = requestOf({ authorization: `Bearer ${text}` })
    expect(authenticator.recognise(request)).toBeUndefined()
    await ask({ authorization: `Bearer ${text}` })
    expect(authenticator.recognise(request)).toMatchObject({ id: record.id })
  })

  test.each([
    { rule: 'another secret', of: (text: string) => text.replace(/.{64}$/, 'f'.repeat(64)) },
    { rule: 'another tenant', of: (text: string) => text.replace('dp_acme_', 'dp_globex_') },
    { rule: 'no tenant', of: (text: string) => text.replace('dp_acme_', 'dp__') },
    { rule: 'another id', of: (text: string) => text.replace(/_.{12}_/, '_000000000000_') },
    { rule: 'one digit less', of: (text: string) => text.slice(0, -1) },
    { rule: 'nothing', of: () => '' },
  ])('with $rule is none, also after the right one was seen', async ({ of }) => {
    const { ask, make } = await world()
    const { text } = await make()
    await ask({ authorization: `Bearer ${text}` })
    expect(await ask({ authorization: `Bearer ${of(text)}` })).toBe('there is no such key')
  })

  test('that is revoked or has expired says so, to who has it', async () => {
    const { ask, make, keys, now } = await world()
    const short = await make({ expiresIn: 60_000 })
    const long = await make()
    const of = ({ text }: { readonly text: string }) => ask({ authorization: `Bearer ${text}` })
    expect(await of(short)).toMatchObject(principal)
    now.ms += 60_000
    expect(await of(short)).toBe('the key has expired')
    expect(await of(long)).toMatchObject(principal)
    await revokeKey(keys, long.record, { by: 'Li', atMs: now.ms })
    expect(await of(long)).toBe('the key was revoked')
  })

  test('is kept without its secret', async () => {
    const { make, keys } = await world()
    const { text, record } = await make()
    expect(parseKey(text)).toMatchObject({ tenant: 'acme', id: record.id })
    expect(JSON.stringify(keys.list())).not.toContain(parseKey(text)!.secret)
  })

  test('of the process itself may send events of every tenant, and nothing else', async () => {
    const { ask } = await world()
    expect(await ask({ authorization: `Bearer ${ownKey}` })).toMatchObject({
      tenants: 'all',
      scopes: new Set(['ingest']),
    })
  })
})

describe('a session', () => {
  test('is as good as its key, until it is over or the key is', async () => {
    const { ask, make, signIn, keys, now } = await world()
    const { record } = await make()
    const cookie = await signIn(record.id)
    expect(await ask({ cookie })).toMatchObject(principal)
    now.ms += hourMs
    expect(await ask({ cookie })).toBe('the session is over: sign in again')
    const next = await signIn(record.id)
    expect(await ask({ cookie: next })).toMatchObject(principal)
    await revokeKey(keys, record, { by: 'Li', atMs: now.ms })
    expect(await ask({ cookie: next })).toBe('the key was revoked')
  })

  test('of another secret, or of one that nobody signed, is none', async () => {
    const { ask, make, signIn } = await world()
    const { record } = await make()
    const [head, payload] = (await signIn(record.id)).split('.')
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const cookie of [`${head}.${payload}.AAAA`, `${unsigned}.${payload}.`, 'x'])
      expect(await ask({ cookie })).toBe('the session is over: sign in again')
  })

  test('that began over HTTPS is not known over HTTP', async () => {
    const { make, signIn, authenticator } = await world()
    const { record } = await make()
    const token = await signIn(record.id, 'https')
    const plain = { ...requestOf({ cookie: token }), protocol: 'https' } as FastifyRequest
    expect(authenticator.recognise(plain)).toBeNull()
    const secure = { ...plain, cookies: { '__Host-deskpulse': token } } as unknown as FastifyRequest
    expect(await authenticator.verify(secure)).toMatchObject(principal)
  })
})

test('a request without key or session brings nothing', async () => {
  const { ask } = await world()
  expect(await ask({})).toBeNull()
  expect(await ask({ authorization: 'Digest x' })).toContain('must be Bearer')
})
