import { PartitionLost } from '@deskpulse/stream'
import type { Ledger, LedgerReads } from '../partition/ledger.ts'
import type { Role } from '../partition/role.ts'
import type { PostContext, PostOptions } from './context.ts'
import { Draft } from './draft.ts'
import { openDueLoop } from './due-loop.ts'
import type { Launch, Line } from './endpoint.ts'
import { postLimits } from './limits.ts'
import { openPinging } from './ping.ts'
import { openRequests, within } from './requests.ts'
import { openStations } from './stations.ts'

/**
 * Delivers notices to the endpoints of a partition, at least once, the same message under the same id after any crash. What is to be sent is written
 * before the request begins, and its outcome after it, together with other outcomes and with what begins next.
 */
export function openPost(options: PostOptions): Role {
  const { partition, nowMs, timer, telemetry } = options
  const limits = { ...postLimits, ...options.limits }
  const context: PostContext = { random: options.random, telemetry, limits }
  const lines = linesOf(options)
  const stations = openStations(lines, context)
  const requests = openRequests({ ...options, gatherMs: limits.gatherMs, onEnd: () => loop.wake() })
  const loop = openDueLoop({ nowMs, timer, nextMs, act, failed })
  const pingsMs = [...lines.values()].flatMap(({ channel }) => channel.pingMs ?? [])
  const pinging = openPinging({ ...options, everyMs: Math.min(...pingsMs), ping, failed })
  let ledger: Ledger | null = null
  let isYoung = true
  let hasBegun = false
  let isStopping = false
  let isOver = false
  let stopped: Promise<void> | null = null

  const draftOf = (reads: LedgerReads): Draft => new Draft(reads, nowMs(), options.topics.alerts)
  const changed = <Result>(
    owned: Ledger,
    decide: (draft: Draft) => Promise<Result>,
  ): Promise<Result> =>
    owned.change(async (reads) => {
      const draft = draftOf(reads)
      const result = await decide(draft)
      return { change: draft.change(), result }
    })

  function nextMs(): number {
    return Math.min(stations.nextMs(nowMs()) ?? Infinity, requests.writeAtMs())
  }

  async function act(): Promise<void> {
    for (const launch of await advance()) requests.send(launch)
  }

  const advance = (): Promise<readonly Launch[]> =>
    changed(ledger!, (draft) => stations.advance(draft, requests.ended(), !isStopping))

  async function ping(canTell: boolean): Promise<void> {
    await changed(ledger!, (draft) => stations.ping(draft, canTell))
    loop.wake()
  }

  /** What is held in memory is void. */
  function failed(error: unknown): void {
    isOver = true
    void requests.stop(0)
    if (!(error instanceof PartitionLost)) telemetry.broken(partition, error)
  }

  async function stop(): Promise<void> {
    isStopping = true
    pinging.stop()
    const idle = loop.end()
    await requests.stop(limits.stopGraceMs)
    await within(timer, limits.stopRecordMs, idle.then(writeLast))
    isOver = true
  }

  async function writeLast(): Promise<void> {
    if (!isOver && requests.writeAtMs() < Infinity) await advance().then(() => {}, failed)
  }

  return {
    start(owned, origin) {
      ledger = owned
      isYoung = !origin.wasCaughtUp
      return changed(owned, (draft) => stations.load(draft))
    },
    async begin() {
      hasBegun = true
      if (isStopping) return
      loop.begin()
      if (pingsMs.length > 0) pinging.begin()
    },
    async take(records, reads) {
      const draft = draftOf(reads)
      await stations.take(draft, records, hasBegun ? null : { isYoung })
      return { change: draft.change(), taken: () => loop.wake() }
    },
    stop: () => (stopped ??= stop()),
  }
}

function linesOf({ endpoints, channelOf }: PostOptions): ReadonlyMap<string, Line> {
  return new Map(
    endpoints.map((config) => [config.name, { config, channel: channelOf(config.kind) }]),
  )
}
