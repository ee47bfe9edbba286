import { type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { contact, live, silence } from './testing/floor.ts'
import { pipelineRule, waitingRule } from './testing/rules.ts'
import { openWorld } from './testing/world.ts'

const rules = [waitingRule, pipelineRule]

test('a topic is read to its end before anybody is told: what is over by then is told as one state', async () => {
  const world = await openWorld({ rules, recordsMax: 1 })
  world.kill()
  const over = world.begin()
  world.begin(contact('c-open'))
  world.end(over)
  await world.restart()
  await live(world, 1_000)
  expect(world.summary().toSorted()).toEqual([
    'floor firing 0 customer-waiting/contact/c-open',
    'floor resolved 0 customer-waiting/contact/c-1',
  ])
})

describe('an alert book whose store was lost', () => {
  test('tells nothing again that is over, by the topic’s own record, and what fires once more, as the same notice', async () => {
    const world = await openWorld({ rules })
    const over = world.begin()
    const open = world.begin(contact('c-open'))
    await live(world, minuteMs)
    world.end(over)
    await live(world, 11 * minuteMs)
    const before = world.summary()
    expect(before).toHaveLength(4)
    await world.loseStore()
    await live(world, minuteMs)
    expect(world.summary()).toEqual(before)
    expect(world.published().slice(-1)).toEqual(['floor firing 1 customer-waiting/contact/c-open'])
    expect(world.published()).toHaveLength(5)
    await world.loseStore()
    await live(world, minuteMs)
    expect(world.published()).toHaveLength(6)
    world.end(open)
    await live(world, minuteMs)
    expect(world.published().slice(6)).toEqual(['floor resolved 0 customer-waiting/contact/c-open'])
  })

  test('tells once more in a summary what was told in one, and by itself what was told by itself', async () => {
    const world = await openWorld({ rules })
    const startedMs = (world.clock.nowMs() - hourMs) as EpochMs
    world.begin(contact('c-now'))
    world.begin({ ...contact('c-late'), late: true, startedMs })
    world.begin({ ...contact('c-unheard'), startedMs, detectedMs: startedMs }) // The alerter was away.
    await live(world, 6 * minuteMs)
    const summarised = { 'contact/c-now': false, 'contact/c-late': true, 'contact/c-unheard': true }
    const lateOnes = () =>
      Object.fromEntries(world.notices().map(({ notice: { subject, late } }) => [subject, late]))
    expect(lateOnes()).toEqual(summarised)
    for (const published of [6, 9]) {
      await world.loseStore()
      await live(world, minuteMs)
      expect(world.published()).toHaveLength(published)
      expect(lateOnes()).toEqual(summarised)
    }
    await live(world, 10 * minuteMs)
    const repeats = world.notices().filter(({ notice }) => notice.repeat > 0)
    expect(repeats.map(({ notice }) => notice.late)).toEqual([false, false, false])
    await world.loseStore()
    await live(world, minuteMs)
    expect(world.published()).toHaveLength(15)
    expect(
      world
        .published()
        .slice(12)
        .every((what) => what.startsWith('floor firing 1')),
    ).toBe(true)
    expect(world.notices().filter(({ notice }) => notice.repeat > 0 && notice.late)).toEqual([])
  })

  test('tells what it had not told: an end that a silence held back', async () => {
    const world = await openWorld({ rules })
    const begun = world.begin()
    await live(world, 1_000)
    silence(world, { ms: 5 * minuteMs })
    await live(world, 1_000)
    world.end(begun)
    await live(world, 1_000)
    await world.loseStore()
    await live(world, 2 * minuteMs)
    expect(world.published()).toHaveLength(1)
    await live(world, 5 * minuteMs)
    expect(world.published().slice(1)).toEqual(['floor resolved 0 customer-waiting/contact/c-1'])
  })

  test('waits with what fires until the aggregator, whose store may be lost as well, says what is over by now', async () => {
    const world = await openWorld({ rules })
    world.begin()
    await live(world, 1_000)
    await world.values.commit(world.clock.nowMs() - hourMs)
    await world.loseStore()
    await world.run(10_000)
    const ofContact = (): number =>
      world.published().filter((what) => what.includes('contact')).length
    expect(ofContact()).toBe(1)
    await live(world, 20_000)
    expect(ofContact()).toBe(2)
  })
})
