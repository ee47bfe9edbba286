import { defaultTenantConfig } from '@deskpulse/core/config'
import { expect, test } from 'vitest'
import { configProposals, isIn, logOf } from '../testing/alert-log.ts'
import { foldLog } from '../testing/fold-log.ts'

test('a configuration has a fold of its own, however the log is cut: what is decided at the end of one is decided by one configuration', async () => {
  const propose = configProposals()
  const log = logOf(
    [0, isIn(0, 'a-1', 'available')],
    [1, isIn(1, 'a-2', 'available')],
    [2, propose({ ...defaultTenantConfig, timeZone: 'Asia/Shanghai' })],
    [3, isIn(3, 'a-1', 'break')],
    [4, isIn(4, 'a-2', 'break')],
  )
  const taken: number[] = []
  await foldLog(log, { batchSizes: [5], folded: (fold) => void taken.push(fold.taken) })
  expect(taken).toEqual([2, 1, 2])
})
