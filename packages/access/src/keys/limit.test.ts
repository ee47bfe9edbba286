import { openGuard } from '@deskpulse/runtime'
import { testServer } from '@deskpulse/runtime/testing'
import { topicNames } from '@deskpulse/stream'
import { expect, onTestFinished, test } from 'vitest'
import { accessLog } from '../testing/access-log.ts'
import { keyStore } from './key-store.ts'
import { keyRoutes } from './routes.ts'

const keysMax = 1_000

async function withKeys(tenant: string, count: number) {
  const keys = keyStore({
    ...{ log: await accessLog(), topic: topicNames().access, onFailure: () => {} },
    timer: { after: () => () => {} },
  })
  await keys.open()
  const secret = {
    ...{ algorithm: 'scrypt' as const, cost: 2, blockSize: 8, parallelization: 1 },
    ...{ salt: '00', hash: '00' },
  }
  const records = Array.from({ length: count }, (_, at) => ({
    ...({ kind: 'key', name: `n-${at}`, tenant, scopes: ['read'], secret, board: null } as const),
    ...{ id: at.toString(16).padStart(12, '0'), createdAtMs: 0, createdBy: 'Li' },
    ...{ expiresAtMs: null, revokedAtMs: null, revokedBy: null },
  }))
  for (const record of records) await keys.put({ ...record, scopes: [...record.scopes] })
  const app = await testServer(undefined, undefined, undefined, openGuard)
  onTestFinished(async () => {
    await keys.stop()
    await app.close()
  })
  await app.register((routes) =>
    keyRoutes(routes, {
      ...{ mode: 'keys', keys, sessions: null, knows: () => true, nowMs: () => 1_000 },
      ofKey: () => Promise.resolve('unknown'),
    }),
  )
  return app
}

test('keys that are made at once are no more than there may be', async () => {
  const app = await withKeys('acme', keysMax - 2)
  const asked = (tenant: string) =>
    app.inject({
      ...{ method: 'POST', url: `/v1/tenants/${tenant}/keys` },
      payload: { name: 'source', scopes: ['ingest'] },
    })
  const answers = await Promise.all(Array.from({ length: 5 }, () => asked('acme')))
  expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([
    201, 201, 409, 409, 409,
  ])
  expect((await asked('acme')).statusCode).toBe(409)
  expect((await asked('globex')).statusCode).toBe(201)
})
