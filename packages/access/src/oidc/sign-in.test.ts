import type { AddressInfo } from 'node:net'
import type { OidcConfig } from '@deskpulse/contract'
import { localSite, testServer } from '@deskpulse/runtime/testing'
import { realTimer, topicNames } from '@deskpulse/stream'
import type { FastifyInstance } from 'fastify'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openAccess } from '../access.ts'
import { keyRoutes } from '../keys/routes.ts'
import { sessionRoutes } from '../session/routes.ts'
import { accessLog } from '../testing/access-log.ts'
import { type Account, client, openIdProvider } from '../testing/openid-provider.ts'

const roles = { viewer: ['desk-viewers'], supervisor: ['desk-leads'], admin: ['desk-admins'] }
const claims = { name: 'name', roles: 'roles', tenants: 'tenants' }
const lead: Account = { name: 'Li Na', roles: ['staff', 'desk-leads'], tenants: ['acme'] }

/** A server whose people sign in at `issuer`. */
async function serverOf(more: Partial<OidcConfig> & Pick<OidcConfig, 'issuer'>) {
  const oidc: OidcConfig = {
    ...{ clientId: client.id, clientSecret: client.secret },
    ...{ scopes: ['openid', 'profile'], claims, roles, ...more },
  }
  const access = await openAccess({
    auth: { mode: 'keys', sessionSecret: 'x'.repeat(32), sessionLasts: 3_600_000, oidc },
    http: { requestsPerMinute: { key: 100_000, address: 100_000 } },
    ...{ site: localSite, log: await accessLog(), topics: topicNames() },
    ...{ timer: realTimer, nowMs: Date.now, onFailure: () => {} },
  })
  const app = await testServer(undefined, undefined, undefined, access.guard)
  await app.register((routes) => sessionRoutes(routes, access))
  await app.register((routes) =>
    keyRoutes(routes, { ...access, nowMs: Date.now, knows: () => true }),
  )
  onTestFinished(async () => {
    await app.close()
    await access.stop()
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, address: addressOf(app) }
}

const addressOf = ({ server }: FastifyInstance): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

async function world(account: Account = lead, tellsInIdToken = true) {
  const provider = await openIdProvider()
  const { app, address } = await serverOf({ issuer: provider.issuer })
  const begin = (): void => provider.begin(`${address}/sign-in/callback`, account, tellsInIdToken)
  return { app, address, begin }
}

/** One whose provider answers. */
async function running(account?: Account, tellsInIdToken?: boolean): Promise<string> {
  const { address, begin } = await world(account, tellsInIdToken)
  begin()
  return address
}

/** A browser's cookies, by host and port, as far as the tests need them. */
function browser() {
  const jars = new Map<string, Map<string, string>>()
  const open = async (url: string, method = 'GET'): Promise<Response> => {
    const { host } = new URL(url)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { method, redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  /** Follows redirects up to the one that matches. @returns where that leads */
  const followTo = async (url: string, wanted: RegExp): Promise<string> => {
    let at = url
    for (let n = 0; n < 12; n += 1) {
      const response = await open(at)
      const next = response.headers.get('location')
      if (next === null) throw new Error(`${at}: ${response.status} ${await response.text()}`)
      at = new URL(next, at).href
      if (wanted.test(at)) return at
    }
    throw new Error(`never came to ${wanted}`)
  }
  return { open, followTo }
}

describe('who signs in at the provider', () => {
  test('comes back to where they were, with a session of their name, tenants and scopes', async () => {
    const address = await running()
    const { open, followTo } = browser()
    const begin = `${address}/sign-in/provider?to=${encodeURIComponent('/alerts?tenant=acme')}`
    expect(await followTo(begin, /\/alerts/)).toBe(`${address}/alerts?tenant=acme`)
    expect(await (await open(`${address}/v1/session`)).json()).toEqual({
      ...{ mode: 'keys', name: 'Li Na', tenants: ['acme'], scopes: ['read', 'ingest', 'alerts'] },
    })
    expect((await open(`${address}/v1/tenants/acme/keys`)).status).toBe(403)
    expect((await open(`${address}/v1/tenants/globex/keys`)).status).toBe(404)
    await open(`${address}/v1/session`, 'DELETE')
    expect((await open(`${address}/v1/session`)).status).toBe(401)
  })

  test('is an admin, too, whom the provider says so of, also where it says so apart from the token', async () => {
    const account = { preferred_username: 'wang', roles: 'desk-admins', tenants: '*' }
    const address = await running(account, false)
    const { open, followTo } = browser()
    expect(await followTo(`${address}/sign-in/provider`, /:\d+\/$/)).toBe(`${address}/`)
    expect(await (await open(`${address}/v1/session`)).json()).toMatchObject({
      ...{ name: 'wang', tenants: null, scopes: ['admin'] },
    })
    expect((await open(`${address}/v1/keys`)).status).toBe(200)
  })

  test.each([
    { rule: 'without a role', account: { name: 'Li', roles: ['staff'], tenants: ['acme'] } },
    { rule: 'without a tenant', account: { name: 'Li', roles: ['desk-leads'] } },
  ])('$rule gets no session', async ({ account }) => {
    const address = await running(account)
    const { open, followTo } = browser()
    expect(await followTo(`${address}/sign-in/provider`, /\/sign-in\?/)).toMatch(/failed=role$/)
    expect((await open(`${address}/v1/session`)).status).toBe(401)
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'is not led to %s',
    async (to) => {
      const address = await running()
      const begin = `${address}/sign-in/provider?to=${encodeURIComponent(to)}`
      expect(await browser().followTo(begin, /:\d+\/$/)).toBe(`${address}/`)
    },
  )
})

describe('no session has', () => {
  test('who comes back without having begun here: a link with the code of somebody else', async () => {
    const address = await running()
    const attacker = browser()
    const link = await attacker.followTo(`${address}/sign-in/provider`, /\/sign-in\/callback/)
    const victim = browser()
    expect(await victim.followTo(link, /\/sign-in\?/)).toMatch(/failed=again$/)
    await victim.followTo(`${address}/sign-in/provider`, /\/sign-in\/callback/)
    expect(await victim.followTo(link, /\/sign-in\?/)).toMatch(/failed=provider$/)
    expect((await victim.open(`${address}/v1/session`)).status).toBe(401)
  })

  test('who uses a code twice', async () => {
    const address = await running()
    const { open, followTo } = browser()
    const link = await followTo(`${address}/sign-in/provider`, /\/sign-in\/callback/)
    expect((await open(link)).headers.get('location')).toBe('/')
    expect((await open(link)).headers.get('location')).toBe('/sign-in?failed=again')
  })

  test('anybody while the provider is out of order; then it is asked again', async () => {
    const { app, begin } = await world()
    const ask = async () => (await app.inject('/sign-in/provider')).headers.location
    expect(await ask()).toBe('/sign-in?failed=provider')
    begin()
    await expect.poll(ask, { timeout: 10_000 }).toMatch(/\/auth\?/)
  })
})

describe('a program with a token of the provider', () => {
  async function issuing() {
    const [ours, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
    const keys = await testServer()
    const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'k-1', alg: 'ES256' }
    keys.get('/jwks', () => ({ keys: [jwk] }))
    await keys.listen({ host: '127.0.0.1', port: 0 })
    onTestFinished(() => keys.close())
    const issuer = 'https://id.example'
    const { app } = await serverOf({
      ...{ issuer, audience: 'deskpulse-api', jwksUri: `${addressOf(keys)}/jwks` },
    })
    type Said = {
      readonly aud?: string
      readonly iss?: string
      readonly exp?: string
      readonly by?: CryptoKey
      readonly sub?: string
    }
    const token = ({
      aud = 'deskpulse-api',
      iss = issuer,
      exp = '1h',
      by = ours.privateKey,
      sub = 'batch',
    }: Said = {}) =>
      new SignJWT({ roles: ['desk-viewers'], tenants: ['acme'] })
        .setProtectedHeader({ alg: 'ES256', kid: 'k-1' })
        .setSubject(sub)
        .setIssuer(iss)
        .setAudience(aud)
        .setExpirationTime(exp)
        .sign(by)
    const ask = (bearer: string, url = '/v1/session') =>
      app.inject({ url, headers: { authorization: `Bearer ${bearer}` } })
    return { token, ask, theirs: others.privateKey }
  }

  test('may do what its claims say', async () => {
    const { token, ask } = await issuing()
    const good = await token()
    for (let n = 0; n < 2; n += 1)
      expect((await ask(good)).json()).toMatchObject({
        name: 'batch',
        tenants: ['acme'],
        scopes: ['read'],
      })
    expect((await ask(good, '/v1/tenants/acme/keys')).statusCode).toBe(403)
  })

  test('is not known by one for somebody else, of another issuer or key, or that is over', async () => {
    const { token, ask, theirs } = await issuing()
    const [head, payload] = (await token()).split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const bad = [
      await token({ aud: 'another' }),
      await token({ iss: 'https://other.example' }),
      await token({ exp: '-1s' }),
      await token({ by: theirs }),
      `${none}.${payload}.x`,
      `${head}.${payload}.AAAA`,
    ]
    for (const one of bad) expect((await ask(one)).statusCode).toBe(401)
  })
})
