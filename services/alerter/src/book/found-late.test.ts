import { contactRetentionMs } from '@deskpulse/core/subjects'
import { type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { settleMaxMs, settleMs } from './limits.ts'
import { readAlert } from './reading.ts'
import { contact, live } from './testing/floor.ts'
import { pipelineRule, waitingRule } from './testing/rules.ts'
import { idOf, openWorld, tenant, waiting, type World } from './testing/world.ts'

const rules = [waitingRule, pipelineRule]
const foundLate = (world: World, id: string) => ({
  ...contact(id),
  late: true,
  startedMs: (world.clock.nowMs() - hourMs) as EpochMs,
})

test('what was found late and is over when no more of it comes is stored, and told to nobody', async () => {
  const world = await openWorld({ rules })
  const begun = world.begin(foundLate(world, 'c-1'))
  await live(world, settleMs / 2)
  expect(world.counts().warning).toBe(1)
  world.end(begun)
  await live(world, minuteMs)
  expect(await readAlert(world.alertStore, world.partition, tenant, idOf(begun))).toMatchObject({
    why: 'late',
    isFinal: true,
  })
  expect(world.summary()).toEqual([])
})

test('what was found late and still fires when no more of it comes is told, marked so that it is summarised, and goes its ordinary way from then on', async () => {
  const world = await openWorld({ rules })
  const first = world.begin(foundLate(world, 'c-1'))
  world.begin(foundLate(world, 'c-2'))
  await live(world, settleMs / 2)
  expect(world.summary()).toEqual([])
  world.begin(foundLate(world, 'c-3'))
  await live(world, settleMs)
  const told = ['c-1', 'c-2', 'c-3'].map((id) => `floor firing 0 customer-waiting/contact/${id}`)
  expect(world.summary().toSorted()).toEqual(told)
  expect(world.notices().map(({ notice }) => notice.late)).toEqual([true, true, true])
  expect(await readAlert(world.alertStore, world.partition, tenant, idOf(first))).toMatchObject({
    why: 'told',
    told: { endpoints: ['floor'] },
  })
  await live(world, 10 * minuteMs + settleMs)
  world.end(first)
  await live(world, 1_000)
  expect(
    world
      .notices()
      .slice(3)
      .map(({ notice: { status, repeat, late } }) => `${status} ${repeat} ${late}`),
  ).toEqual(['firing 1 false', 'firing 1 false', 'firing 1 false', 'resolved 0 false'])
})

test('what was found in time, but heard of late because the alerter was away, is summarised too; what is not a deadline of the folds is not', async () => {
  const world = await openWorld({ rules })
  const old = (world.clock.nowMs() - hourMs) as EpochMs
  world.group.append({ kind: 'transition', transition: waiting(old, contact('c-1')) })
  world.group.append({
    kind: 'transition',
    transition: waiting(old, {
      kind: 'windowed',
      rule: 'other',
      subject: 'slice/all',
      slice: 'all',
    }),
  })
  world.values.rules({ ...waitingRule, name: 'other' })
  await live(world, settleMs / 2 - 1_000)
  expect(world.summary()).toEqual([])
  await live(world, 2 * settleMs)
  expect(
    world
      .notices()
      .filter(({ notice }) => notice.late)
      .map(({ notice }) => notice.subject),
  ).toEqual(['contact/c-1'])
})

test('what is neither of a contact, an agent or a source is told by itself, and at once, however late it was found', async () => {
  const world = await openWorld({ rules })
  const { contactId: _, ...late } = foundLate(world, 'c-1')
  world.begin({ ...late, subject: 'dimension/queue', slice: 'all' })
  await live(world, 1_000)
  expect(
    world.notices().map(({ notice: { subject, late: isSummarised } }) => [subject, isSummarised]),
  ).toEqual([['dimension/queue', false]])
})

test('a contact that left the backlog long ago is told to nobody: history was filled in', async () => {
  const world = await openWorld({ rules })
  const sinceMs = (world.clock.nowMs() - contactRetentionMs) as EpochMs
  const begun = world.begin({ ...foundLate(world, 'c-1'), sinceMs })
  await live(world, minuteMs)
  expect(world.summary()).toEqual([])
  expect(await readAlert(world.alertStore, world.partition, tenant, idOf(begun))).toMatchObject({
    why: 'late',
  })
})

test('where what is found late never ends, what still fires is told in a few rounds, not one by one', async () => {
  const world = await openWorld({ rules })
  const times = new Set<number>()
  for (let passed = 0; passed < 4 * settleMaxMs; passed += settleMs / 2) {
    world.begin(foundLate(world, `c-${passed}`))
    const before = world.notices().length
    await live(world, settleMs / 2)
    if (world.notices().length > before) times.add(world.clock.nowMs())
  }
  expect(times.size).toBeGreaterThan(1)
  expect(times.size).toBeLessThanOrEqual(4)
})
