import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tenantsKey } from '@deskpulse/core/state'
import { DeskpulseError, type PartitionId } from '@deskpulse/stream'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { message, type Rig, rig, type RigOptions, topics } from '../testing/rig.ts'

let directories: string
beforeAll(async () => {
  directories = await mkdtemp(join(tmpdir(), 'deskpulse-open-tenants-'))
})
afterAll(() => rm(directories, { recursive: true }))

const running: Rig[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.close()
})

/** Ingest as it starts: it learns what there is before anything is sent. */
async function started(options: RigOptions = {}): Promise<Rig> {
  const at = await rig({ tenants: { named: {} }, openTenants: true, openTenantsMax: 2, ...options })
  running.push(at)
  await at.ingest.propose()
  return at
}

async function restarted(before: Rig, options: RigOptions): Promise<Rig> {
  await before.close()
  running.splice(running.indexOf(before), 1)
  return started(options)
}

async function post(at: Rig, tenant: string): Promise<readonly [status: number, code: unknown]> {
  const payload = message({ tenant, id: `of ${tenant}` })
  const response = await at.http.inject({
    method: 'POST',
    url: `/v1/tenants/${tenant}/events`,
    payload,
  })
  return [response.statusCode, response.json<{ code?: string }>().code]
}

const refused = [409, 'too-many-tenants']

describe('past the limit', () => {
  test('a new tenant is refused; those that are known, and those that the file names, are not', async () => {
    const at = await started()
    for (const tenant of ['a', 'named', 'b'])
      expect(await post(at, tenant)).toEqual([202, undefined])
    expect(await post(at, 'c')).toEqual(refused)
    for (const tenant of ['a', 'named', 'b'])
      expect(await post(at, tenant)).toEqual([202, undefined])
  })

  test('an event of the raw topic becomes a dead letter', async () => {
    const at = await started()
    const records = ['a', 'b', 'c'].map((tenant) => ({
      key: null,
      value: Buffer.from(JSON.stringify(message({ tenant, id: tenant }))),
    }))
    await at.log.append(topics.raw, 0 as PartitionId, records)
    await at.ingest.consume()
    await vi.waitFor(async () =>
      expect((await at.deadLetters()).map(({ code }) => code)).toEqual(['too-many-tenants']),
    )
    expect((await at.events()).map(({ tenant }) => tenant)).toEqual(['a', 'b'])
  })

  test('it is the same after a restart, whatever the folds have seen meanwhile', async () => {
    const directory = await mkdtemp(join(directories, 'restart-'))
    const before = await started({ directory })
    for (const tenant of ['a', 'b']) await post(before, tenant)
    const at = await restarted(before, { directory })
    expect(await post(at, 'c')).toEqual(refused)
    expect(await post(at, 'a')).toEqual([202, undefined])
  })

  test('tenants that are known stay when the limit is lowered', async () => {
    const directory = await mkdtemp(join(directories, 'lower-'))
    const before = await started({ directory })
    for (const tenant of ['a', 'b']) await post(before, tenant)
    const at = await restarted(before, { directory, openTenantsMax: 1 })
    for (const tenant of ['a', 'b']) expect(await post(at, tenant)).toEqual([202, undefined])
    expect(await post(at, 'c')).toEqual(refused)
  })
})

test('tenants that only the store knows are counted from the first start on', async () => {
  const stored = (key: string, partition: number) =>
    key === tenantsKey && partition === 0
      ? Buffer.from(JSON.stringify(['named', 'old', 'older']))
      : null
  const at = await started({ stored })
  expect(await post(at, 'new')).toEqual(refused)
  expect(await post(at, 'old')).toEqual([202, undefined])
})

test('what is refused for another reason makes no tenant', async () => {
  const at = await started()
  for (const tenant of ['a', 'b', 'c']) {
    const payload = message({ tenant, type: 'no.type' })
    await at.http.inject({ method: 'POST', url: `/v1/tenants/${tenant}/events`, payload })
  }
  for (const tenant of ['d', 'e']) expect(await post(at, tenant)).toEqual([202, undefined])
})

test('a tenant that the log did not take is tried again', async () => {
  let isAway = true
  const at = await started({
    wrap: (log) => ({
      ...log,
      async append(topic, ...rest) {
        if (isAway && topic === `${topics.log}.tenants`)
          throw new DeskpulseError('LOG_UNAVAILABLE', 'on purpose')
        return log.append(topic, ...rest)
      },
    }),
  })
  expect(await post(at, 'a')).toEqual([503, 'log-unavailable'])
  isAway = false
  for (const tenant of ['b', 'a']) expect(await post(at, tenant)).toEqual([202, undefined])
  expect(await post(at, 'c')).toEqual(refused)
})
