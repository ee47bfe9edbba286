import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKey, keyStore } from '@deskpulse/access'
import {
  type AuditAction,
  auditActions,
  type AuditEntry,
  type AuditResponse,
} from '@deskpulse/contract'
import { accessTopicSpecs, embeddedEventLog, realTimer, topicNames } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { workbench } from './testing/product.ts'

/** What has no entry: a dry run changes nothing, and events are in the log. */
const withoutEntry = ['postEvents', 'tryAlertRule']
/** What ingest itself proposes of the file. */
const ofFile: readonly AuditAction[] = ['configuration.propose', 'rules.propose']

const config = {
  auth: { mode: 'keys' },
  tenants: { acme: { timeZone: 'Asia/Shanghai' } },
  alerts: {
    allowPrivateAddresses: true,
    endpoints: [{ name: 'floor', kind: 'webhook', url: 'http://127.0.0.1:9/' }],
    rules: [{ name: 'customer-waiting', limit: '1s' }],
  },
}

/** An admin's key of the installation, in the log before the product runs. */
async function firstKey(dataDir: string): Promise<string> {
  const log = embeddedEventLog({ file: join(dataDir, 'log.sqlite') })
  const topics = topicNames()
  await log.ensureTopics(accessTopicSpecs(topics))
  const keys = keyStore({ log, topic: topics.access, timer: realTimer, onFailure: () => {} })
  const asked = { name: 'Li', tenant: null, scopes: ['admin' as const] }
  const { text } = await createKey(keys, asked, { by: 'test', atMs: Date.now() })
  await keys.stop()
  await log.close()
  return text
}

type Ask = (method: string, path: string, body?: unknown, headers?: object) => Promise<Response>

function asking(address: string, key: string): Ask {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(new URL(path, address), {
      ...{ method, redirect: 'manual' },
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    if (response.status >= 400)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
}

const tenant = '/v1/tenants/acme'

/** As soon as there is a first row. @returns its `member` */
async function firstOf(ask: Ask, path: string, member: string): Promise<string> {
  let found: string | undefined
  const look = async (): Promise<string | undefined> => {
    const { rows } = (await (await ask('GET', path)).json()) as { rows: Record<string, string>[] }
    return (found = rows[0]?.[member])
  }
  await expect.poll(look, { timeout: 20_000 }).toBeDefined()
  return found!
}

const made = async (answer: Promise<Response>): Promise<Record<string, string>> =>
  (await (await answer).json()) as Record<string, string>

/** A customer who goes on waiting. @returns the alert about it */
async function waiting(ask: Ask): Promise<string> {
  const event = (type: string, data: object) => ({
    ...{ specversion: '1.0', id: type, source: '/chat', type: `deskpulse.${type}.v1` },
    ...{ time: new Date().toISOString(), tenant: 'acme', data: { contactId: 'c-17', ...data } },
  })
  await ask('POST', `${tenant}/events`, [
    event('contact.opened', { channel: 'chat', queue: 'billing' }),
    event('message.sent', { from: 'customer' }),
  ])
  return firstOf(ask, `${tenant}/alerts?status=firing`, 'alertId')
}

type Step = (ask: Ask) => Promise<unknown>

/** By the id of an operation, what makes it change something. What it needs before is made by others, whose entries do not count. */
function stepsOf(): Readonly<Record<string, (ask: Ask) => Promise<Step>>> {
  const newKey = { name: 'Wang', scopes: ['read'] }
  const silence = { comment: 'moving', matchers: [], duration: '1h' }
  const filed = {
    ...{ agentId: 'a-1', contactIds: ['c-1'], reason: 'not mine' },
    period: { start: '2026-02-01', end: '2026-02-28' },
  }
  const decided = { decision: 'granted', decidedBy: 'lead-1', note: 'agreed' }
  const rule = { rule: { name: 'customer-waiting', limit: '2s' } }
  const ruleUrl = `${tenant}/alert-rules/customer-waiting`
  const floor = '/v1/alert-endpoints/floor'
  const at = (method: string, path: string, body?: unknown, headers?: object) => async () => {
    return (ask: Ask) => ask(method, path, body, headers)
  }
  /** Revokes or ends what it makes before. */
  const gone = (path: string, body: object) => async (ask: Ask) => {
    const { id } = await made(ask('POST', path, body))
    return (again: Ask) => again('DELETE', `${path}/${id}`)
  }
  return {
    createInstallationKey: at('POST', '/v1/keys', newKey),
    revokeInstallationKey: gone('/v1/keys', newKey),
    createTenantKey: at('POST', `${tenant}/keys`, newKey),
    revokeTenantKey: gone(`${tenant}/keys`, newKey),
    createBoard: at('POST', `${tenant}/boards`, { name: 'TV' }),
    revokeBoard: gone(`${tenant}/boards`, { name: 'TV' }),
    async openBoard(ask) {
      const { link } = await made(ask('POST', `${tenant}/boards`, { name: 'TV' }))
      return (again) => again('GET', link!)
    },
    beginSession: at('POST', '/v1/session'),
    async endSession(ask) {
      const begun = await ask('POST', '/v1/session')
      const [cookie = ''] = begun.headers.getSetCookie()
      return (again) => again('DELETE', '/v1/session', undefined, { cookie: cookie.split(';')[0] })
    },
    async acknowledgeAlert(ask) {
      const alertId = await waiting(ask)
      return (again) => again('POST', `${tenant}/alerts/${alertId}/acknowledge`, {})
    },
    createSilence: at('POST', `${tenant}/silences`, silence),
    endSilence: gone(`${tenant}/silences`, silence),
    putAlertRule: at('PUT', ruleUrl, rule),
    deleteAlertRule: at('DELETE', ruleUrl),
    enableAlertEndpoint: at('POST', `${floor}/enable`, {}),
    testAlertEndpoint: at('POST', `${floor}/test`, {}),
    async resendDelivery(ask) {
      const id = await firstOf(ask, `${floor}/deliveries`, 'id')
      return (again) => again('POST', `${floor}/deliveries/${id}/resend`, {})
    },
    importFile: at(
      ...(['POST', `${tenant}/imports/attendance`] as const),
      'agent,date,scheduled,attended\nlin,2026-03-02,yes,yes\n',
      { 'content-type': 'text/csv' },
    ),
    fileAppeal: at('POST', `${tenant}/appeals`, { appealId: 'ap', ...filed }),
    decideAppeal: at('POST', `${tenant}/appeals/ap/decision`, decided),
    eraseCustomer: at('POST', `${tenant}/erasures`, { customerId: 'u-1' }),
  }
}

type Operation = { readonly operationId: string; readonly 'x-audit-action'?: AuditAction }
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

test('whatever the product lets change has one entry in the audit, which says who', async () => {
  await using bench = workbench()
  const file = join(bench.dataDir, 'deskpulse.json')
  writeFileSync(file, JSON.stringify(config))
  const key = await firstKey(bench.dataDir)
  const address = await bench.start('--no-simulator', '--config', file).ready()
  const ask = asking(address, key)
  const document = (await (await ask('GET', '/openapi.json')).json()) as Document
  const changing = Object.values(document.paths).flatMap((methods) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      (method === 'get' && operation['x-audit-action'] === undefined) ||
      withoutEntry.includes(operation.operationId)
        ? []
        : [operation],
    ),
  )
  const steps = stepsOf()
  expect(new Set(changing.map(({ operationId }) => operationId))).toEqual(
    new Set(Object.keys(steps)),
  )

  const audited = async (): Promise<readonly AuditEntry[]> =>
    ((await (await ask('GET', '/v1/audit?limit=200')).json()) as AuditResponse).rows
  const actionOf = new Map(changing.map((one) => [one.operationId, one['x-audit-action']]))
  for (const [id, prepare] of Object.entries(steps)) {
    const step = await prepare(ask)
    const before = (await audited()).length
    await step(ask)
    const entries = await audited()
    expect.soft(entries.length - before, id).toBe(1)
    expect.soft(entries[0], id).toMatchObject({ action: actionOf.get(id) })
    const isOfBoard = id === 'openBoard'
    expect.soft(entries[0]?.who.name, id).toBe(isOfBoard ? 'TV' : 'Li')
    expect.soft(entries[0]?.from, id).toMatchObject({ address: '127.0.0.1', userAgent: 'node' })
  }

  const all = await audited()
  const revoked = all.find(({ action, tenant }) => action === 'key.revoke' && tenant === null)
  await ask('DELETE', `/v1/keys/${revoked?.object}`)
  await ask('DELETE', '/v1/session')
  expect((await audited()).length, 'nothing is changed again').toBe(all.length)
  expect(new Set(all.map(({ action }) => action))).toEqual(new Set(auditActions))
  expect(new Set(all.filter(({ who }) => who.id === 'file').map(({ action }) => action))).toEqual(
    new Set(ofFile),
  )
  expect(JSON.stringify(all)).not.toMatch(/_[0-9a-f]{64}|scrypt|salt/)
}, 90_000)
