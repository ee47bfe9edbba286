import { PartitionLost } from '@deskpulse/stream'
import type { Ledger, LedgerReads } from '../partition/ledger.ts'
import type { Role } from '../partition/role.ts'
import type { DeliveryOptions } from './context.ts'
import { Draft } from './draft.ts'
import { openDueLoop } from './due-loop.ts'
import type { Request, Target } from './endpoint.ts'
import { deliveryLimits } from './limits.ts'
import { openPinging } from './heartbeat.ts'
import { openRequests, within } from './requests.ts'
import { openEndpoints } from './endpoints.ts'

/**
 * Delivers notices to the endpoints of a partition, at least once, the same message under the same id after any crash. What is to be sent is written
 * before the request begins, and its outcome after it, together with other outcomes and with what begins next.
 */
export function openDelivery(options: DeliveryOptions): Role {
  const { partition, nowMs, timer, telemetry } = options
  const limits = { ...deliveryLimits, ...options.limits }
  const context = { ...options, limits }
  const targets = targetsOf(options)
  const endpoints = openEndpoints(targets)
  const requests = openRequests({ ...options, gatherMs: limits.gatherMs, onEnd: () => loop.wake() })
  const loop = openDueLoop({ nowMs, timer, nextMs, act, failed })
  const pingsMs = [...targets.values()].flatMap(({ channel }) => channel.pingMs ?? [])
  const pinging = openPinging({ ...options, everyMs: Math.min(...pingsMs), ping, failed })
  let ledger: Ledger | null = null
  let isYoung = true
  let hasBegun = false
  let isStopping = false
  let isOver = false
  let stopped: Promise<void> | null = null

  const draftOf = (reads: LedgerReads): Draft => new Draft(reads, nowMs(), context)
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
    return Math.min(endpoints.nextMs(nowMs()) ?? Infinity, requests.writeAtMs())
  }

  async function act(): Promise<void> {
    for (const request of await advance()) requests.send(request)
  }

  const advance = (): Promise<readonly Request[]> =>
    changed(ledger!, (draft) => endpoints.advance(draft, requests.ended(), !isStopping))

  async function ping(canTell: boolean): Promise<void> {
    await changed(ledger!, (draft) => endpoints.ping(draft, canTell))
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
      return changed(owned, (draft) => endpoints.load(draft))
    },
    async begin() {
      hasBegun = true
      if (isStopping) return
      loop.begin()
      if (pingsMs.length > 0) pinging.begin()
    },
    async take(records, reads) {
      const draft = draftOf(reads)
      await endpoints.take(draft, records, hasBegun ? null : { isYoung })
      return { change: draft.change(), taken: () => loop.wake() }
    },
    stop: () => (stopped ??= stop()),
  }
}

function targetsOf({ endpoints, channelOf }: DeliveryOptions): ReadonlyMap<string, Target> {
  return new Map(
    endpoints.map((config) => [config.name, { config, channel: channelOf(config.kind) }]),
  )
}
