import { setTimeout as pause } from 'node:timers/promises'
import { partitionOf, type EventLog } from '@deskpulse/stream'
import type { Delivery } from '../input/deliveries.ts'
import type { History } from '../history/history.ts'

export type Destination = {
  readonly ingestUrls: readonly string[]
  /** `null`: all goes over HTTP. */
  readonly raw: {
    readonly log: EventLog
    readonly topic: string
    readonly partitions: number
  } | null
}

export type Histories = { readonly http: History; readonly raw: History }

export type SendOptions = {
  readonly to: Destination
  readonly histories: Histories
  /** How much of everything may be under way or taken by now, in [0, 1]. */
  readonly share: () => number
}

export type Sending = {
  /** Returns when everything is acknowledged. @throws Error when something is refused, which no retry mends. */
  readonly done: Promise<void>
  /** How often something had to be sent again, as nobody said that it was taken. */
  retries(): number
}

const atOnce = 4
const answerMs = 10_000
const retryMs = 150

/** Sends all of it, several at once and each until it is acknowledged, no faster than its share allows. */
export function startSending(
  deliveries: readonly Delivery[],
  { to, histories, share }: SendOptions,
): Sending {
  let next = 0
  let retries = 0

  async function untilTaken({ tenant, via, events }: Delivery, number: number): Promise<void> {
    const isRaw = via === 'raw' && to.raw !== null
    const history = isRaw ? histories.raw : histories.http
    history.invoke(events)
    for (let attempt = 0; ; attempt += 1) {
      try {
        const url = to.ingestUrls[(number + attempt) % to.ingestUrls.length]!
        await (isRaw ? append(to.raw, tenant, events) : post(url, tenant, events))
        return history.acknowledge(events)
      } catch (error) {
        if (error instanceof Refused) throw error
        retries += 1
        await pause(retryMs)
      }
    }
  }

  async function worker(): Promise<void> {
    while (next < deliveries.length) {
      if (next >= share() * deliveries.length) await pause(20)
      else {
        const number = next++
        await untilTaken(deliveries[number]!, number)
      }
    }
  }

  const done = Promise.all(Array.from({ length: atOnce }, worker)).then(() => {})
  done.catch(() => {}) // Whoever waits for it is told.
  return { done, retries: () => retries }
}

/** Part of it or all of it is wrong: a fault of the test, or of ingest. */
class Refused extends Error {}

/** A tenant's raw events have one partition, so that they keep their order. */
async function append(
  { log, topic, partitions }: NonNullable<Destination['raw']>,
  tenant: string,
  events: Delivery['events'],
): Promise<void> {
  const value = Buffer.from(JSON.stringify(events.length === 1 ? events[0] : events))
  await log.append(topic, partitionOf(tenant, partitions), [{ key: null, value }])
}

/** @throws Refused; any other error when nothing is known. */
async function post(url: string, tenant: string, events: Delivery['events']): Promise<void> {
  const response = await fetch(`${url}/v1/tenants/${tenant}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    signal: AbortSignal.timeout(answerMs),
  })
  const text = await response.text()
  if (response.status === 429 || response.status >= 500)
    throw new Error(`${response.status}: ${text.slice(0, 300)}`)
  const { accepted } = JSON.parse(text) as { readonly accepted?: number }
  if (response.status !== 202 || accepted !== events.length)
    throw new Refused(`ingest answers ${response.status}: ${text.slice(0, 1_000)}`)
}
