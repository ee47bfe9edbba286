import { type EndpointConfig, summaryKeyOf } from '@deskpulse/contract'
import { isUnderWay } from './attempts.ts'
import { enable } from './endpoint-health.ts'
import { newHealth } from './health.ts'
import type { Draft } from './draft.ts'
import { Endpoint, type Target, openMessage } from './endpoint.ts'
import { digestOf, refOf } from './notice-ref.ts'
import { listKeys, recordKeys } from './records.ts'
import { keysOfWaiting } from './waiting.ts'

const pageKeys = 500

/** Takes an endpoint from what is stored of it. Without a record it is new. */
export async function loadEndpoint(
  draft: Draft,
  name: string,
  target: Target | null,
): Promise<Endpoint> {
  const endpoint = new Endpoint(name, target)
  const record = await draft.get(recordKeys.endpoint(name))
  if (record === null) {
    endpoint.health = newHealth(draft.nowMs)
    return endpoint
  }
  endpoint.health = record.health
  endpoint.lastBeganMs = record.lastBeganMs
  endpoint.seq = record.seq
  endpoint.configHash = record.configHash
  endpoint.commands = [...record.commands]
  await loadOpen(draft, endpoint)
  await loadWaiting(draft, endpoint)
  await loadRenewed(draft, endpoint)
  endpoint.log.push(...(await draft.listed(listKeys.log(name))).toReversed())
  return endpoint
}

/** Nobody knows when the request of an attempt began whose end nobody saw: a whole gap is kept from now. */
async function loadOpen(draft: Draft, endpoint: Endpoint): Promise<void> {
  const { name } = endpoint
  for (const ids of pages(await draft.listed(listKeys.open(name)))) {
    await draft.load(ids.map((id) => recordKeys.delivery(name, id)))
    for (const id of ids) {
      const record = (await draft.get(recordKeys.delivery(name, id)))!
      if (isUnderWay(record.attempts)) endpoint.lastBeganMs = draft.nowMs
      endpoint.hold(openMessage(record))
    }
  }
}

async function loadWaiting(draft: Draft, endpoint: Endpoint): Promise<void> {
  const { name, queue } = endpoint
  for (const alertIds of pages(await draft.listed(listKeys.waiting(name)))) {
    await draft.load(keysOfWaiting(endpoint, alertIds))
    for (const alertId of alertIds) {
      const { notice, seq } = (await draft.get(recordKeys.waiting(name, alertId)))!
      if (summaryKeyOf(notice) !== null) endpoint.gather(draft.nowMs)
      const notified = await draft.get(recordKeys.notified(name, alertId))
      queue.add({ ref: refOf(notice), seq, received: notified?.received ?? 'no' })
    }
  }
}

/** Nobody knows when each was renewed last: all are due. */
async function loadRenewed(draft: Draft, { name, renewed }: Endpoint): Promise<void> {
  for (const alertIds of pages(await draft.listed(listKeys.renewed(name)))) {
    const keys = alertIds.map((alertId) => recordKeys.renewed(name, alertId))
    await draft.load(keys)
    for (const key of keys) {
      const { notice, untilMs } = (await draft.get(key))!
      renewed.add({ ref: refOf(notice), renewedMs: 0, untilMs })
    }
  }
}

function* pages(members: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < members.length; at += pageKeys) yield members.slice(at, at + pageKeys)
}

/**
 * Follows what changed since the endpoint was stored. Another address or secret is another endpoint,
 * healthy until it shows otherwise; an endpoint that is not configured any more ends.
 */
export function reconcile(draft: Draft, endpoint: Endpoint): void {
  const { target } = endpoint
  const hash = target === null ? null : hashOf(target.config)
  if (hash !== null && hash === endpoint.configHash) return
  enable(draft, endpoint, hash === null ? 'withdrawn' : 'over')
  endpoint.configHash = hash
}

const hashOf = ({ kind, url, secrets }: EndpointConfig): string => digestOf([kind, url, secrets])
