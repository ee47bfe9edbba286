import { measures } from '@deskpulse/core/kpis'
import { addCount, emptyRecord, type Measure, partText } from '@deskpulse/core/measures'
import type { EpochMs } from '@deskpulse/core/time'
import { createMetrics } from '@deskpulse/runtime'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { labelLimits, replyCounters } from './reply-counters.ts'

const { tenantsMax, queuesPerTenantMax } = labelLimits

function bucketOf(
  tenant: string,
  text: string,
  day: number,
  changes: readonly (readonly [Measure, number])[],
) {
  const delta = emptyRecord()
  for (const [measure, change] of changes) addCount(delta, measure, change)
  const records = [{ slice: 0, delta }]
  return {
    tenant: { name: tenant, slices: { textOf: () => text } },
    starts: { day: day as EpochMs },
    records,
  }
}

function counted() {
  const metrics = createMetrics({ processMetrics: false })
  const count = replyCounters(metrics)
  return {
    /** A reply became due in a slice of the tenant: `all`, or of a queue. */
    due(
      tenant: string,
      text: string,
      changes: readonly (readonly [Measure, number])[] = [[measures.replyDue, 1]],
    ) {
      count([bucketOf(tenant, text, 0, changes)])
    },
    /** In one fold, in several buckets. */
    moved(...buckets: readonly ReturnType<typeof bucketOf>[]) {
      count(buckets)
    },
    async series(name: 'repliesDue' | 'repliesWithin' | 'repliesCorrections') {
      return new Map(
        (await metrics[name].get()).values.map(({ labels, value }) => [
          Object.values(labels).join(' '),
          value,
        ]),
      )
    },
  }
}

const queue = (name: string | number): string => partText('queue', String(name))

test('replies are counted by tenant and queue, and what is taken back apart', async () => {
  const at = counted()
  at.due('acme', queue('billing'), [
    [measures.replyDue, 3],
    [measures.replyDueWithin, 2],
  ])
  at.due('acme', 'all')
  at.due('acme', queue('billing'), [[measures.replyDueWithin, -1]])
  expect(await at.series('repliesDue')).toEqual(new Map([['acme billing', 3]]))
  expect(await at.series('repliesWithin')).toEqual(new Map([['acme billing', 2]]))
  expect(await at.series('repliesCorrections')).toEqual(new Map([['acme billing within', 1]]))
})

test('what moves to another minute of its day is no change; to another day, it is taken back there', async () => {
  const at = counted()
  const moving = [1, -1].map((n) => [[measures.replyDue, n]] as const)
  at.moved(
    bucketOf('acme', queue('billing'), 1, moving[0]!),
    bucketOf('acme', queue('billing'), 1, moving[1]!),
  )
  expect(await at.series('repliesDue')).toEqual(new Map())
  at.moved(
    bucketOf('acme', queue('billing'), 1, moving[0]!),
    bucketOf('acme', queue('billing'), 2, moving[1]!),
  )
  expect(await at.series('repliesDue')).toEqual(new Map([['acme billing', 1]]))
  expect(await at.series('repliesCorrections')).toEqual(new Map([['acme billing due', 1]]))
})

test('of a tenant so many queues have series of their own; the rest is other, and stays so', async () => {
  const at = counted()
  for (let n = 0; n < queuesPerTenantMax + 50; n += 1) at.due('acme', queue(n))
  at.due('acme', queue(0))
  at.due('acme', queue(queuesPerTenantMax))
  at.due('beta', queue('late'))
  const series = await at.series('repliesDue')
  expect(series.size).toBe(queuesPerTenantMax + 2)
  expect([series.get('acme 0'), series.get('acme other'), series.get('beta late')]).toEqual([
    2, 51, 1,
  ])
})

test('tenants that anyone can invent have a limit too', async () => {
  const at = counted()
  for (let n = 0; n < tenantsMax + 3; n += 1) at.due(`t-${n}`, queue('billing'))
  at.due(`t-${tenantsMax}`, queue('orders'))
  const series = await at.series('repliesDue')
  expect(series.size).toBe(tenantsMax + 1)
  expect(series.get('_other other')).toBe(4)
})

test('docs/metrics.md says these limits', () => {
  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')
  expect(page).toContain(
    `the first ${queuesPerTenantMax} queues of a tenant, and the first ${tenantsMax.toLocaleString('en')} tenants`,
  )
})
