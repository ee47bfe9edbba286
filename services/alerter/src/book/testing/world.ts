import type { AlertRule, NoticeEndpoint } from '@deskpulse/core/alerts'
import { DeskpulseError, type PartitionId, type StateStore } from '@deskpulse/stream'
import type { Partitions } from '../../partition/partitions.ts'
import { openEmbedded } from '../../partition/testing/embedded.ts'
import { groupOf } from '../../partition/testing/group.ts'
import { VirtualClock } from '../../delivery/testing/virtual-clock.ts'
import type { Subscriber } from '../announcement-notices.ts'
import { startProcess } from './process.ts'
import { talkOn } from './talk.ts'
import { type Values, valuesOf } from './values.ts'

export { idOf, tenant, waiting } from './talk.ts'

const partition = 0 as PartitionId
const stepMs = 250

/** Where a process is killed: at its nth commit, before it is written, or after it, before anybody hears of it. */
export type Kill = { readonly commit: number; readonly moment: 'before' | 'after' }

export type WorldOptions = {
  readonly rules?: readonly AlertRule[]
  readonly endpoints?: readonly NoticeEndpoint[]
  readonly subscribers?: readonly Subscriber[]
  /** The first process is killed there; another one begins at once. */
  readonly kill?: Kill
  /** Records in one commit. */
  readonly recordsMax?: number
}

export const endpoint = (name: string): NoticeEndpoint => ({
  name,
  tenants: null,
  severityMin: 'info',
})

/** One tenant, its topic, its stores and the process that keeps its alerts, on a clock that stands still until it is told to go on. */
export async function openWorld(options: WorldOptions = {}) {
  const { rules = [], endpoints = [endpoint('floor')] } = options
  let { subscribers = [] } = options
  const clock = new VirtualClock()
  const store = await openEmbedded(clock.nowMs)
  let alertStore = await openEmbedded(clock.nowMs)
  const values: Values = await valuesOf(store, 'acme', rules)
  const group = groupOf()
  group.assign(0)
  const told: string[] = []
  const trouble: unknown[] = []
  let [position, isAway] = [0, false]
  const killer = killerOf(options.kill)
  let hasRestarted = false
  let stopLive: (() => void) | null = null
  let partitions: Partitions | null = null
  let counts = { info: 0, warning: 0, critical: 0 }

  /** A process: what it holds in memory dies with it. */
  async function start(): Promise<void> {
    const life = { isAlive: true }
    stopLive = () => void (life.isAlive = false)
    partitions = await startProcess({
      ...{
        life,
        dies: killer.dies,
        clock,
        group,
        alertStore,
        store: readableUnless(() => isAway, store),
        told,
        trouble,
        rules,
        endpoints,
        subscribers,
      },
      recordsMax: options.recordsMax ?? 100,
      firing: (now) => void (counts = now),
    })
  }

  /** Brings what the topic holds, as long as somebody lives to take it. */
  function bring(): void {
    const end = group.records.length
    if (position < end) void group.bring(position, end).then((next) => void (position = next))
  }

  async function run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      bring()
      await clock.pass(Math.min(stepMs, ms - passed))
      if (killer.hasKilled() && !hasRestarted) {
        hasRestarted = true
        position = 0
        await start()
      }
    }
    if (trouble.length > 0) throw new AggregateError(trouble, 'the world is in trouble')
  }

  async function restart(): Promise<void> {
    stopLive?.()
    position = 0
    await start()
    await clock.pass(stepMs)
  }

  await values.commit(clock.nowMs())
  await start()
  await clock.pass(stepMs)
  return {
    ...{ ...talkOn(group, clock), clock, group, values, told, store, partition, run },
    get alertStore() {
      return alertStore
    },
    commits: killer.commits,
    wasKilled: () => hasRestarted,
    counts: () => counts,
    owned: () => partitions!.owned(),
    away: (is: boolean) => void (isAway = is),
    /** The next process has another configuration. */
    setSubscribers: (all: readonly Subscriber[]) => void (subscribers = all),
    /** SIGTERM. */
    stop: () => partitions!.stop(),
    /** SIGKILL. */
    kill: () => stopLive?.(),
    /** SIGKILL, and another process. */
    restart,
    /** As FLUSHALL does. */
    async loseStore() {
      stopLive?.()
      alertStore = await openEmbedded(clock.nowMs)
      await restart()
    },
  }
}

/** Counts commits, and kills at one of them. */
function killerOf(kill: Kill | undefined) {
  let [commits, hasKilled] = [0, false]
  return {
    dies(): Kill['moment'] | null {
      commits += 1
      if (kill?.commit !== commits) return null
      hasKilled = true
      return kill.moment
    },
    hasKilled: () => hasKilled,
    commits: () => commits,
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

function readableUnless(isAway: () => boolean, store: StateStore): Pick<StateStore, 'read'> {
  const away = (): Error => new DeskpulseError('STORE_UNAVAILABLE', 'away')
  return { read: (...args) => (isAway() ? Promise.reject(away()) : store.read(...args)) }
}
