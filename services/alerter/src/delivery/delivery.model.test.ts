import type { Notice } from '@deskpulse/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRenewalId } from './notice-ref.ts'
import { readDeliveries, readEndpoint, readNotified } from './reading.ts'
import {
  AlertHistory,
  endpointNames,
  type EndpointName,
  replyOf,
  type Answering,
  type Step,
  steps,
} from './testing/model.ts'
import { channelWith, endpointOf, type Received } from './testing/receivers.ts'
import { noticeTo, partition, Rig, type RigOptions } from './testing/rig.ts'
import type { EndpointConfig, EndpointKind } from '@deskpulse/contract'
import type { Channel } from '../channels/channel.ts'

const wecom = channelWith({ noticesMax: 4, gapMs: 3_000, parallel: 1 })
const webhook = channelWith({ noticesMax: 1, gapMs: 0, parallel: 3 })
const alertmanager = channelWith({ noticesMax: 3, parallel: 1, renewMs: 240_000 })
const kinds = {
  grouped: 'wecom',
  single: 'webhook',
  renewed: 'alertmanager',
} as const satisfies Record<EndpointName, EndpointKind>
const channelsOf = {
  grouped: wecom,
  single: webhook,
  renewed: alertmanager,
} as const satisfies Record<EndpointName, Channel>
const channelOf = (endpoint: EndpointName): Channel => channelsOf[endpoint]
const channelOfKind = (kind: EndpointKind): Channel =>
  channelOf(endpointNames.find((name) => kinds[name] === kind)!)
const configs: readonly EndpointConfig[] = endpointNames.map((name) =>
  endpointOf(name, { kind: kinds[name] }),
)

/** From a failed attempt to the next, at most. */
const retryMaxMs = 300_000
/** Writes and answers that are slow, one after another. */
const slackMs = 60_000

const keyOf = ({
  alertId,
  status,
  repeat,
}: Pick<Notice, 'alertId' | 'status' | 'repeat'>): string => `${alertId}/${status}/${repeat}`

/** A world in which steps happen; told: what was asked to be told, by endpoint. */
class World {
  readonly rig: Rig
  readonly notified = new Map<EndpointName, Notice[]>(endpointNames.map((name) => [name, []]))
  /** Ids of messages that a person sent again. */
  readonly resent = new Set<string>()
  /** Since then processes live and the endpoint that is told again answers well. */
  calmSinceMs = Infinity
  /** By alert: when anything was asked to be told of it last. */
  readonly renewedMs = new Map<string, number>()
  private readonly histories = new Map<string, AlertHistory>()
  private readonly answers = new Map<string, Answering>(
    endpointNames.map((name) => [name, 'accepted']),
  )
  private deathAfter: { writes: number; readonly death: 'before-write' | 'after-write' } | null =
    null

  constructor(limits: RigOptions['limits'] = {}) {
    this.rig = new Rig({ endpoints: configs, channels: channelOfKind, commitMs: 1, limits })
    this.rig.receivers.replyOf = ({ endpoint }) =>
      replyOf(this.answers.get(endpoint)!, this.rig.receivers.got.length)
    this.rig.death = () => {
      const plan = this.deathAfter
      if (plan === null || plan.writes-- > 0) return null
      this.deathAfter = null
      return plan.death
    }
  }

  async take(step: Step): Promise<void> {
    await this.live(step)
    const answersWell = ['accepted', 'slow'].includes(this.answers.get('renewed')!)
    const isWell = this.rig.isAlive && this.deathAfter === null && answersWell && !this.isHanging()
    // An answer that was under way may have disabled it: from then on it is told nothing, until it is enabled.
    if (!isWell || (await this.stateOf('renewed')) === 'disabled') this.calmSinceMs = Infinity
    else if (this.calmSinceMs === Infinity) this.calmSinceMs = this.rig.clock.atMs
  }

  /** A request that is never answered is under way still. One that began in the very moment of a death counts as of who came after. */
  private isHanging(): boolean {
    const { clock, receivers, diedMs } = this.rig
    const endless = receivers
      .to('renewed')
      .filter(({ beganMs, endedMs }) => endedMs === null && beganMs < clock.atMs - slackMs)
    return endless.some(({ beganMs }) => !diedMs.some((ms) => ms > beganMs))
  }

  private async live(step: Step): Promise<void> {
    const { rig } = this
    switch (step.kind) {
      case 'alert':
        return this.alert(step.endpoint, step.alert, step.to)
      case 'again':
        return rig.repeatLast(step.count)
      case 'pass':
        return rig.clock.pass(step.ms)
      case 'answers':
        return void this.answers.set(step.endpoint, step.answer)
      case 'enable':
      case 'test':
        return rig.ask({ kind: `${step.kind}-endpoint`, endpoint: step.endpoint })
      case 'resend': {
        const ids = (await readDeliveries(rig.store(), partition, step.endpoint)).map(
          ({ id }) => id,
        )
        const deliveryId = ids[step.at % ids.length]
        if (deliveryId === undefined) return
        this.resent.add(deliveryId)
        return rig.ask({ kind: 'resend', endpoint: step.endpoint, deliveryId })
      }
      case 'writes':
        return void (rig.commitMs = step.ms)
      case 'kill':
        return rig.kill()
      case 'stop':
        return rig.isAlive ? rig.stop() : undefined
      case 'die':
        return void (this.deathAfter = { writes: step.writes, death: step.death })
    }
  }

  private async alert(
    endpoint: EndpointName,
    alert: number,
    to: 'next' | 'resolved' | 'retracted',
  ): Promise<void> {
    const name = `${endpoint}/${alert}`
    const history = this.histories.get(name) ?? new AlertHistory(endpoint, alert)
    this.histories.set(name, history)
    const changes = history.tell(to)
    if (changes === null) return
    const record = noticeTo(endpoint, changes)
    if (record.kind !== 'notice') return
    this.notified.get(endpoint)!.push(record.notice)
    this.renewedMs.set(record.notice.alertId, this.rig.clock.atMs)
    await this.rig.give(record)
  }

  /** What died is started again. */
  async revive(): Promise<void> {
    if (!this.rig.isAlive) await this.rig.start()
  }

  /** Everything is well, and long enough for all that waits. */
  async heal(): Promise<void> {
    this.deathAfter = null
    for (const name of endpointNames) this.answers.set(name, 'accepted')
    this.rig.commitMs = 1
    await this.rig.clock.pass(2_000)
    await this.revive()
    await this.rig.stop() // What never answers is broken off.
    await this.rig.start()
    for (const endpoint of endpointNames) await this.rig.ask({ kind: 'enable-endpoint', endpoint })
    this.calmSinceMs = this.rig.clock.atMs
    await this.rig.clock.pass(2 * 3_600_000)
    for (let moments = 0; moments < 5 && (await this.isSending('renewed')); moments++)
      await this.rig.clock.pass(20)
  }

  private async stateOf(endpoint: EndpointName): Promise<string | undefined> {
    return (await readEndpoint(this.rig.store(), partition, endpoint))?.state
  }

  private async isSending(endpoint: EndpointName): Promise<boolean> {
    return (await readEndpoint(this.rig.store(), partition, endpoint))!.open > 0
  }

  /** By alert, what was asked to be told last. */
  lastNotified(endpoint: EndpointName): ReadonlyMap<string, Notice> {
    return new Map(this.notified.get(endpoint)!.map((notice) => [notice.alertId, notice]))
  }
}

async function lived(
  history: readonly Step[],
  world = new World(),
  see: () => Promise<void> = async () => {},
): Promise<World> {
  await world.rig.start()
  for (const step of history) {
    await world.revive()
    await world.take(step)
    await see()
  }
  await world.heal()
  expect(world.rig.telemetry.filter((target) => target.startsWith('broken'))).toEqual([])
  return world
}

/** Properties of everything that receivers ever saw. */
const wholes: Readonly<Record<string, (got: readonly Received[], world: World) => void>> = {
  'one set of notices has one id, and one id one set': (got) => {
    const ids = new Map<string, string>()
    for (const { endpoint, id, keys } of got) {
      if (isRenewalId(id)) continue
      const set = `${endpoint}: ${keys.toSorted().join()}`
      expect(ids.get(set) ?? id).toBe(id)
      ids.set(set, id)
    }
    expect(new Set(ids.values()).size).toBe(ids.size)
  },
  'what a receiver took in, or may have, never comes under another id by itself': (
    got,
    { resent },
  ) => {
    const first = new Map<string, string>()
    for (const one of got) {
      const { endpoint, id, keys } = one
      if (resent.has(id) || isRenewalId(id) || endpoint === 'renewed') continue // Sent again, it may be another message: see renewing.test.ts.
      for (const key of keys) expect(first.get(`${endpoint} ${key}`) ?? id).toBe(id)
      if (mayHaveArrived(one)) for (const key of keys) first.set(`${endpoint} ${key}`, id)
    }
  },
  'requests begin a gap apart, whatever dies': (got) => {
    for (const endpoint of endpointNames) {
      const beganMs = got.filter((one) => one.endpoint === endpoint).map((one) => one.beganMs)
      for (const [at, ms] of beganMs.slice(1).entries())
        expect(ms - beganMs[at]!).toBeGreaterThanOrEqual(channelOf(endpoint).gapMs)
    }
  },
  'no message holds more than its channel takes, nor one alert twice': (got) => {
    for (const { endpoint, alertIds } of got) {
      expect(alertIds.length).toBeLessThanOrEqual(channelOf(endpoint as EndpointName).noticesMax)
      expect(new Set(alertIds).size).toBe(alertIds.length)
    }
  },
  'no more are under way than the channel wants, and no two about one alert': (got, { rig }) => {
    for (const one of got) {
      const atOnce = got.filter(
        (other) => other.endpoint === one.endpoint && isUnderWay(other, one.beganMs, rig.diedMs),
      )
      expect(atOnce.length).toBeLessThanOrEqual(channelOf(one.endpoint as EndpointName).parallel)
      const alertIds = atOnce.flatMap((other) => other.alertIds)
      expect(new Set(alertIds).size).toBe(alertIds.length)
    }
  },
}

/** At a moment: it began before or then, and has not ended; who died is no more under way. */
function isUnderWay(
  { beganMs, endedMs }: Received,
  atMs: number,
  diedMs: readonly number[],
): boolean {
  const overMs = endedMs ?? diedMs.find((ms) => ms >= beganMs) ?? Infinity
  return beganMs <= atMs && atMs < overMs
}

/** Who answers well hears of every alert that fires in time, and is not told of others. */
function expectTellingGoesOn(world: World): void {
  const { rig, calmSinceMs } = world
  const hearsMs = channelOf('renewed').renewMs! + slackMs
  const calmMs = Math.max(0, rig.clock.atMs - calmSinceMs)
  if (calmMs < hearsMs + retryMaxMs) return
  const fromMs = rig.clock.atMs - hearsMs
  const recent = rig.receivers
    .to('renewed')
    .filter((one) => isAccepted(one) && one.endedMs! >= fromMs)
  const heard = new Set(recent.flatMap(({ keys }) => keys))
  for (const notice of world.lastNotified('renewed').values()) {
    const isSettled = world.renewedMs.get(notice.alertId)! <= rig.clock.atMs - slackMs - retryMaxMs
    if (isSettled && notice.status === 'firing') expect(heard).toContain(keyOf(notice))
  }
}

/** Nothing is kept to be told again but what fires. */
function expectOnlyFiringIsKept(world: World): void {
  const last = [...world.lastNotified('renewed').values()]
    .filter(({ status }) => status === 'firing')
    .map(({ alertId }) => alertId)
  expect(
    [
      ...(world.rig.disk.lists.get('o:post:retold:renewed') ?? new Map<string, number>()).keys(),
    ].toSorted(),
  ).toEqual(last.toSorted())
  expect(
    [...world.rig.disk.records.keys()].filter((key) => key.startsWith('post:retold:')),
  ).toHaveLength(last.length)
}

describe('whatever happens to deliveries', () => {
  test('every notice ends accepted or superseded, and receivers see what they must', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const world = new World()
        await lived(history, world, async () => expectTellingGoesOn(world))
        expectTellingGoesOn(world)
        expectOnlyFiringIsKept(world)
        const { got } = world.rig.receivers
        for (const [rule, holds] of Object.entries(wholes)) {
          try {
            holds(got, world)
          } catch (error) {
            throw new Error(`${rule}\n${JSON.stringify(got, null, 1)}`, { cause: error })
          }
        }
        for (const endpoint of endpointNames) await expectAllEnded(world, endpoint)
      }),
      { numRuns: 150 },
    )
  })

  test('its memory stays within its limits, and it empties all the same', async () => {
    const limits = { waitingMax: 3, openMax: 2, listedMax: 6, renewalsListedMax: 3, renewedMax: 4 }
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const world = new World(limits)
        const { rig } = world
        await lived(history, world, async () => {
          for (const endpoint of endpointNames) {
            const { waiting = 0, open = 0 } =
              (await readEndpoint(rig.store(), partition, endpoint)) ?? {}
            expect(waiting).toBeLessThanOrEqual(limits.waitingMax)
            expect(open).toBeLessThanOrEqual(limits.openMax + channelOf(endpoint).parallel)
            const listed = await readDeliveries(rig.store(), partition, endpoint)
            expect(listed.length).toBeLessThanOrEqual(limits.listedMax)
            const kept = [...rig.disk.records.keys()].filter((key) =>
              new RegExp(`^post:(delivery|message|waiting):${endpoint}:`).test(key),
            )
            const textless = listed.filter(
              ({ id, status }) => isRenewalId(id) && isOver.has(status),
            )
            expect(kept).toHaveLength(waiting + 2 * listed.length - textless.length)
            expect(rig.disk.lists.get(`o:post:retold:${endpoint}`)?.size ?? 0).toBeLessThanOrEqual(
              limits.renewedMax,
            )
          }
        })
        for (const endpoint of endpointNames) {
          expect(await readEndpoint(rig.store(), partition, endpoint)).toMatchObject({
            waiting: 0,
            open: 0,
          })
        }
      }),
      { numRuns: 40 },
    )
  })

  test('the same history leads to the same requests', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const [one, other] = [await lived(history), await lived(history)]
        expect(other.rig.receivers.got).toEqual(one.rig.receivers.got)
        expect(other.rig.disk.records).toEqual(one.rig.disk.records)
      }),
      { numRuns: 15 },
    )
  })
})

/** Nothing waits any more, and each alert's last state was taken in, unless it was taken back before anything about it could arrive. */
async function expectAllEnded(world: World, endpoint: EndpointName): Promise<void> {
  const { rig, notified } = world
  expect(await readEndpoint(rig.store(), partition, endpoint)).toMatchObject({
    waiting: 0,
    open: 0,
    state: 'healthy',
  })
  const got = rig.receivers.to(endpoint)
  const accepted = new Set(got.filter(isAccepted).flatMap(({ keys }) => keys))
  const deliveries = (await readDeliveries(rig.store(), partition, endpoint)).filter(
    ({ id }) => !isRenewalId(id),
  )
  const last = world.lastNotified(endpoint)
  for (const notice of notified.get(endpoint)!) {
    const listed = deliveries.filter(({ notices }) =>
      notices.some((ref) => keyOf(ref) === keyOf(notice)),
    )
    expect(listed.map(({ status }) => status)).not.toEqual([])
    expect(listed.every(({ status }) => ['delivered', 'coalesced'].includes(status))).toBe(true)
    if (listed.some(({ status }) => status === 'delivered'))
      expect(accepted).toContain(keyOf(notice))
  }
  for (const [at, { id, reply }] of got.entries()) {
    if (reply !== null || isRenewalId(id)) continue // Else nobody saw its end: the same comes again, unless newer states made it pointless.
    const isAgain = got.slice(at + 1).some((later) => later.id === id)
    if (!isAgain) expect(deliveries.find((one) => one.id === id)?.status).toBe('coalesced')
  }
  const views = await readNotified(rig.store(), partition, endpoint, [...last.keys()])
  for (const notice of last.values()) {
    if (accepted.has(keyOf(notice))) continue
    expect(notice.end).toBe('retracted')
    const { state, deliveryId } = views.get(notice.alertId)!.entries.at(-1)!
    expect(state).toBe('coalesced')
    const { createdMs } = deliveries.find(({ id }) => id === deliveryId)!
    const arrivedMs = got
      .filter((one) => mayHaveArrived(one) && one.alertIds.includes(notice.alertId))
      .map(({ beganMs }) => beganMs)
    expect(arrivedMs.filter((ms) => ms < createdMs)).toEqual([]) // Later: a person sent it again.
  }
}

const isOver: ReadonlySet<string> = new Set(['delivered', 'given-up', 'coalesced'])

const isAccepted = ({ reply }: Received): boolean =>
  reply?.kind === 'answered' && reply.answer.status < 300

function mayHaveArrived({ reply }: Received): boolean {
  if (reply === null) return true
  return reply.kind === 'answered'
    ? reply.answer.status < 300
    : reply.reason !== 'connection-failed'
}
