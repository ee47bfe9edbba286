import type { AlertRecord } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { beginNext } from './begin.ts'
import { coalesce } from './coalesce.ts'
import { applyCommand, isEndpointCommand } from './commands.ts'
import { endDelivery, endedBy } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, Request, Target } from './endpoint.ts'
import { nextPing } from './heartbeat.ts'
import { loadEndpoint, reconcile } from './load-endpoint.ts'
import { keysOfOutcomes, type Outcome, writeOutcome } from './outcome.ts'
import { planOf } from './plan.ts'
import { listKeys, recordKeys } from './records.ts'
import { isRenewingVoid, stopRenewingSome } from './renewals.ts'
import { endWaiting, takeDelivered, takeNotice, trimQueue } from './waiting.ts'

/** Records were on the topic before this process began to send; `isYoung`: and before the state was made. */
export type Past = { readonly isYoung: boolean }

/** The endpoints of a partition: those that are configured, and those that were and still hold something. Changed by decisions of the ledger alone. */
export type Endpoints = {
  /** Takes everything from the ledger. */
  load(draft: Draft): Promise<void>
  /** @param past `null`: the records are news */
  take(draft: Draft, records: readonly AlertRecord[], past: Past | null): Promise<void>
  /** Writes the outcomes, ends what newer states made pointless, and writes what begins next, if anything may. */
  advance(
    draft: Draft,
    outcomes: readonly Outcome[],
    mayBegin: boolean,
  ): Promise<readonly Request[]>
  /** See `nextPing`: of every endpoint that is pinged. */
  ping(draft: Draft, canTell: boolean): Promise<void>
  /** When there is something to write though no request ends and nothing comes: at once (not after `nowMs`), later, or `null`. */
  nextMs(nowMs: EpochMs): EpochMs | null
}

export function openEndpoints(targets: ReadonlyMap<string, Target>): Endpoints {
  const endpoints = new Map<string, Endpoint>()

  async function enter(draft: Draft, name: string): Promise<Endpoint> {
    const known = endpoints.get(name)
    if (known !== undefined) return known
    const endpoint = await loadEndpoint(draft, name, targets.get(name) ?? null)
    reconcile(draft, endpoint)
    endpoints.set(name, endpoint)
    return endpoint
  }

  async function takeOne(draft: Draft, record: AlertRecord, past: Past | null): Promise<void> {
    if (record.kind === 'notice')
      return takeNotice(draft, await enter(draft, record.endpoint), record.notice)
    if (record.kind === 'delivered' && past !== null)
      return takeDelivered(draft, await enter(draft, record.endpoint), record, past.isYoung)
    if (record.kind !== 'command') return
    const { command } = record
    if (isEndpointCommand(command) && targets.has(command.endpoint))
      await applyCommand(draft, await enter(draft, command.endpoint), command)
  }

  function save(draft: Draft): void {
    for (const endpoint of endpoints.values()) {
      endpoint.save(draft)
      if (isDone(endpoint)) endpoints.delete(endpoint.name)
    }
  }

  return {
    async load(draft) {
      endpoints.clear()
      const names = new Set([...targets.keys(), ...(await draft.listed(listKeys.endpoints))])
      for (const name of names) await enter(draft, name)
      save(draft)
    },

    async take(draft, records, past) {
      await draft.load(keysOfRecords(records))
      for (const record of records) await takeOne(draft, record, past)
      for (const endpoint of endpoints.values()) {
        const surplus = await trimQueue(draft, endpoint)
        if (surplus > 0) draft.telemetry.overflowed(endpoint.name, surplus)
      }
      save(draft)
    },

    async advance(draft, outcomes, mayBegin) {
      await draft.load(keysOfOutcomes(outcomes))
      for (const outcome of outcomes) await writeOutcome(draft, outcome)
      const requests: Request[] = []
      for (const endpoint of endpoints.values()) {
        if (endpoint.target === null) await endSome(draft, endpoint)
        else {
          if (isRenewingVoid(endpoint)) stopRenewingSome(draft, endpoint, pageMax)
          await coalesce(draft, endpoint)
          await trimQueue(draft, endpoint) // What a message gave back may be too much.
          if (mayBegin) requests.push(...(await beginNext(draft, endpoint)))
        }
      }
      save(draft)
      return requests
    },

    async ping(draft, canTell) {
      for (const endpoint of endpoints.values()) {
        const isPinged = endpoint.target?.channel.pingMs !== undefined
        if (isPinged) await nextPing(draft, endpoint, canTell)
      }
      save(draft)
    },

    nextMs(nowMs) {
      const times = [...endpoints.values()].flatMap((endpoint) => nextOf(endpoint, nowMs) ?? [])
      return times.length === 0 ? null : (Math.min(...times) as EpochMs)
    },
  }
}

/** Nothing is left of an endpoint that is not configured any more, but its log. */
const isDone = (endpoint: Endpoint): boolean => endpoint.target === null && endpoint.isIdle

function nextOf(endpoint: Endpoint, nowMs: EpochMs): EpochMs | null {
  if (endpoint.target === null) return nowMs
  if (endpoint.isDirty || isRenewingVoid(endpoint)) return nowMs
  const { begins, nextMs } = planOf(endpoint, nowMs)
  return begins.length > 0 ? nowMs : nextMs
}

function keysOfRecords(records: readonly AlertRecord[]): readonly string[] {
  return records.flatMap((record) => {
    if (record.kind !== 'notice' && record.kind !== 'delivered') return []
    const alerts = record.kind === 'notice' ? [record.notice] : record.notices
    return alerts.flatMap(({ alertId }) => [
      recordKeys.notified(record.endpoint, alertId),
      recordKeys.waiting(record.endpoint, alertId),
    ])
  })
}

/** Ended in one decision. */
const pageMax = 200

/** Gives up, a page at a time, what was to be sent to an endpoint that is not configured any more. Its log stays. */
async function endSome(draft: Draft, endpoint: Endpoint): Promise<void> {
  const { name, open, queue } = endpoint
  const messages = [...open.values()].slice(0, pageMax)
  const waiting = [...queue.inTurn()].slice(0, pageMax - messages.length)
  await draft.load(
    messages.flatMap(({ id, refs }) => [
      recordKeys.delivery(name, id),
      ...refs.map(({ alertId }) => recordKeys.notified(name, alertId)),
    ]),
  )
  const end = endedBy('endpoint-removed', draft.nowMs)
  for (const message of messages) await endDelivery(draft, endpoint, message, end)
  const alertIds = waiting.map(({ ref }) => ref.alertId)
  await endWaiting(draft, endpoint, alertIds, 'endpoint-removed')
  stopRenewingSome(draft, endpoint, pageMax)
  if (endpoint.isIdle) draft.place(listKeys.endpoints, name, null)
}
