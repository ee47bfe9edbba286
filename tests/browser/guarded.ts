import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { deskpulse } from '../support/deskpulse.ts'
import { type Embedded, startEmbedded } from '../support/embedded.ts'

export type MadeKey = { readonly id: string; readonly key: string }
export type MadeBoard = { readonly id: string; readonly link: string }

/** The product, of the tenants `acme` and `other`, which asks who comes. */
export type Guarded = Embedded & {
  readonly url: string
  /** As the administrator of the installation. @throws Error: it was refused */
  admin<Body>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<Body>
  /** `tenant`: left out, it is one of the installation. */
  key(
    name: string,
    scopes: readonly string[],
    options?: { tenant?: string; expiresIn?: string },
  ): Promise<MadeKey>
  board(tenant: string, body?: object): Promise<MadeBoard>
  restart(): Promise<void>
}

const tenants = {
  acme: { timeZone: 'Asia/Shanghai', closing: { grace: '36500d' } },
  other: {},
}

/** Its first key is made while it is stopped, as one makes it at home. */
export async function startGuarded(): Promise<Guarded> {
  const open = { openTenants: false, tenants, http: { requestsPerMinute: { address: 100_000 } } }
  await using started = new AsyncDisposableStack()
  const product = started.use(await startEmbedded(open))
  const { service } = product
  await service.end('SIGTERM')
  const first = await firstKey(product.dataDir)
  await product.configure({ ...open, auth: { mode: 'keys' } })
  await service.start()
  started.move()

  async function admin<Body>(method: string, path: string, body?: object): Promise<Body> {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        authorization: `Bearer ${first.key}`,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? {} : JSON.parse(text)) as Body
  }
  const key: Guarded['key'] = (name, scopes, { tenant, ...rest } = {}) =>
    admin('POST', tenant === undefined ? '/v1/keys' : `/v1/tenants/${tenant}/keys`, {
      ...{ name, scopes, ...rest },
    })
  async function restart(): Promise<void> {
    await service.end('SIGTERM')
    await service.start()
  }

  return {
    ...{ ...product, url: service.url, admin, key, restart },
    board: (tenant, body = {}) =>
      admin('POST', `/v1/tenants/${tenant}/boards`, { name: 'Hall', ...body }),
    [Symbol.asyncDispose]: () => product[Symbol.asyncDispose](),
  }
}

async function firstKey(dataDir: string): Promise<MadeKey> {
  const made = ['--installation', '--name', 'First', '--scopes', 'admin', '--json']
  const printed = await deskpulse('keys', 'create', ...made, '--data-dir', dataDir)
  return JSON.parse(printed) as MadeKey
}

/** What axe finds, each by its rule and elements. */
export async function faultsOf(page: Page): Promise<string[][]> {
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
}

/** As a person who has the key. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.locator('#key').fill(key)
  await page.locator('#sign-in').click()
}
