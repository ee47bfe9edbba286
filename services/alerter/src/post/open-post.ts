import { LedgerLost, type Ledger } from '../partition/ledger.ts'
import type { Role } from '../partition/role.ts'
import type { PostContext, PostOptions } from './context.ts'
import { Draft } from './draft.ts'
import { openDueLoop } from './due-loop.ts'
import type { Launch, Line } from './endpoint.ts'
import { postLimits } from './limits.ts'
import { openRequests, within } from './requests.ts'
import { openStations } from './stations.ts'

/**
 * Delivers notices to the endpoints of a partition, at least once, the same message under the same id after any crash. What is to be sent is written
 * before the request begins, and its outcome after it, together with other outcomes and with what begins next.
 */
export function openPost(options: PostOptions): Role {
  const { partition, nowMs, timer, telemetry } = options
  const limits = { ...postLimits, ...options.limits }
  const context: PostContext = { random: options.random, telemetry, topics: options.topics, limits }
  const stations = openStations(linesOf(options), context)
  const requests = openRequests({ ...options, gatherMs: limits.gatherMs, onEnd: () => loop.wake() })
  const loop = openDueLoop({ nowMs, timer, nextMs, act, failed })
  let ledger: Ledger | null = null
  let isStopping = false
  let isOver = false
  let stopped: Promise<void> | null = null

  function nextMs(): number {
    return Math.min(stations.nextMs(nowMs()) ?? Infinity, requests.writeAtMs())
  }

  async function act(): Promise<void> {
    for (const launch of await advance()) requests.send(launch)
  }

  async function advance(): Promise<readonly Launch[]> {
    return ledger!.change(async (reads) => {
      const draft = new Draft(reads, nowMs())
      const result = await stations.advance(draft, requests.ended(), !isStopping)
      return { change: draft.change(), result }
    })
  }

  /** What is held in memory is void. */
  function failed(error: unknown): void {
    isOver = true
    void requests.stop(0)
    if (!(error instanceof LedgerLost)) telemetry.broken(partition, error)
  }

  async function stop(): Promise<void> {
    isStopping = true
    const idle = loop.end()
    await requests.stop(limits.stopGraceMs)
    await within(timer, limits.stopRecordMs, idle.then(writeLast))
    isOver = true
  }

  async function writeLast(): Promise<void> {
    if (!isOver && requests.writeAtMs() < Infinity) await advance().then(() => {}, failed)
  }

  return {
    async start(owned) {
      ledger = owned
      await owned.change(async (reads) => {
        const draft = new Draft(reads, nowMs())
        await stations.load(draft)
        return { change: draft.change(), result: undefined }
      })
      if (!isStopping) loop.begin()
    },
    async take(records, reads) {
      const draft = new Draft(reads, nowMs())
      await stations.take(draft, records)
      return { change: draft.change(), taken: () => loop.wake() }
    },
    stop: () => (stopped ??= stop()),
  }
}

function linesOf({ endpoints, channelOf }: PostOptions): ReadonlyMap<string, Line> {
  return new Map(endpoints.map((config) => [config.name, { config, channel: channelOf(config.kind) }]))
}
