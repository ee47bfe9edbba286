import { minuteMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { readAlerts } from './reading.ts'
import { pipelineRule, slowRule, waitingRule } from './testing/rules.ts'
import { endpoint, idOf, type Kill, openWorld, tenant, type World } from './testing/world.ts'

const rules = [
  { ...waitingRule, repeatMs: 2 * minuteMs },
  { ...slowRule, window: '1m' },
  pipelineRule,
]

/** Some minutes of a floor: alerts of folds and of windows begin and end, are silenced and acknowledged; once the pipeline stands still. */
async function floor(kill?: Kill): Promise<World> {
  const world = await openWorld({
    rules,
    endpoints: [endpoint('floor'), endpoint('night')],
    recordsMax: 1,
    ...(kill && { kill }),
  })
  const { clock, values } = world
  const live = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      await values.commit(clock.nowMs())
      await world.run(5_000)
    }
  }
  const first = world.begin({ subject: 'contact/c-1', contactId: 'c-1' })
  values.reply(['queue=billing'], 90_000, clock.nowMs())
  await live(10_000)
  const second = world.begin({ subject: 'contact/c-2', contactId: 'c-2' })
  await live(10_000)
  world.end(first)
  await live(10_000)
  const matchers = [{ on: 'contact', value: 'c-3' }] as const
  const [startsMs, endsMs] = [clock.nowMs(), (clock.nowMs() + minuteMs) as typeof clock.atMs]
  world.command({
    kind: 'silence',
    tenant,
    silence: { id: 's-1', tenant, matchers, author: 'ann', comment: '', startsMs, endsMs },
  })
  const third = world.begin({ subject: 'contact/c-3', contactId: 'c-3' })
  await live(80_000)
  await world.run(minuteMs) // The pipeline stands still, while the second alert is due again.
  await live(20_000)
  world.command({ kind: 'acknowledge', tenant, alertId: idOf(second), comment: '' })
  await live(2 * minuteMs)
  world.end(second)
  world.end(third)
  await live(20_000)
  return world
}

async function statesOf({ alertStore, partition }: World) {
  const lists = await Promise.all(
    (['firing', 'resolved'] as const).map((status) =>
      readAlerts(alertStore, partition, tenant, { status, limit: 100, cursor: null }),
    ),
  )
  return lists
    .flatMap((page) => page!.alerts)
    .map(({ transition, why, isFinal }) => ({
      subject: transition.subject,
      status: transition.status,
      why,
      isFinal,
    }))
    .sort((a, b) => (a.subject < b.subject ? -1 : 1))
}

test('killed at any commit, before it or after it, the next process tells what the undisturbed one tells', async () => {
  const calm = await floor()
  const expected = {
    told: calm.summary().toSorted(),
    states: await statesOf(calm),
    counts: calm.counts(),
  }
  const told = [
    ...['firing 0 customer-waiting/contact/c-1', 'resolved 0 customer-waiting/contact/c-1'],
    ...[
      'firing 0 customer-waiting/contact/c-2',
      'firing 1 customer-waiting/contact/c-2',
      'resolved 0 customer-waiting/contact/c-2',
    ],
    ...[
      'firing 0 customer-waiting/contact/c-3',
      'firing 1 customer-waiting/contact/c-3',
      'resolved 0 customer-waiting/contact/c-3',
    ],
    ...['firing 0 pipeline-stalled/pipeline', 'resolved 0 pipeline-stalled/pipeline'],
    ...[
      'firing 0 response-time/slice/queue=billing',
      'resolved 0 response-time/slice/queue=billing',
    ],
  ]
  expect(expected.told).toEqual(
    told.flatMap((what) => [`floor ${what}`, `night ${what}`]).toSorted(),
  )
  expect(calm.commits()).toBeGreaterThan(40)
  expect(expected.counts).toEqual({ info: 0, warning: 0, critical: 0 })

  for (let commit = 1; commit <= calm.commits(); commit += 1) {
    for (const moment of ['before', 'after'] as const) {
      const world = await floor({ commit, moment })
      expect(world.wasKilled()).toBe(true)
      const found = {
        told: world.summary().toSorted(),
        states: await statesOf(world),
        counts: world.counts(),
      }
      expect(found, `killed ${moment} commit ${commit}`).toEqual(expected)
    }
  }
})
