import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { done } from '../support/deskpulse.ts'
import { startEmbedded } from '../support/embedded.ts'
import { differences } from '../support/figures.ts'
import { simulatedShift } from './shift/shift.ts'

test("the embedded product's store is removed: the next start folds the log again, to the same values", async () => {
  await using shift = await simulatedShift()
  await using product = await startEmbedded({ tenants: { acme: { timeZone: 'Asia/Kathmandu' } } })
  await done(shift.replay('acme', product.service.url))
  await product.desk.caughtUp('acme')
  const before = await shift.figures(product.desk, 'acme')
  expect(before.values().reduce((sum, { count = 0 }) => sum + count, 0)).toBeGreaterThan(1_000)

  await product.service.end('SIGTERM')
  const files = (await readdir(product.dataDir)).filter((file) => file.startsWith('store.sqlite'))
  expect(files).toContain('store.sqlite')
  await Promise.all(files.map((file) => rm(join(product.dataDir, file))))
  await product.service.start()
  await product.desk.caughtUp('acme')
  expect(differences(await shift.figures(product.desk, 'acme'), before)).toEqual([])
})
