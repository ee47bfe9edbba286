import type { Problem } from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import { expect, test } from 'vitest'
import { openApi } from '../testing/server.ts'

const live = '/v1/tenants/acme/kpis/live?kpis=contacts_opened'
const version = (of: number): Uint8Array => Buffer.from(JSON.stringify(of))

test('what another version of the folds has stored is 503, and answered once it was made anew', async () => {
  const { floor, get, json } = await openApi()
  floor.put(foldVersionKey, version(foldVersion))
  floor.count(measures.contactOpened, ['all'])
  await floor.commit()
  await json(live)

  floor.put(foldVersionKey, version(foldVersion - 1))
  await floor.commit()
  const refused = await get(live)
  expect([refused.statusCode, refused.json<Problem>().code]).toEqual([503, 'store-fold-version'])
  expect(refused.json<Problem>().detail).toContain('deskpulse rebuild')
  expect(refused.headers['retry-after']).toBe('2')

  floor.put(foldVersionKey, version(foldVersion))
  await floor.commit()
  expect((await json(live)).rows[0]?.kpis['contacts_opened']?.value).toBe(1)
})
