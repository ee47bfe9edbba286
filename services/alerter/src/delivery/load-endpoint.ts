import { createHash } from 'node:crypto'
import { type EndpointConfig, summaryKeyOf } from '@deskpulse/contract'
import { isUnderWay } from './attempts.ts'
import { enable } from './change-health.ts'
import { newHealth } from './health.ts'
import type { DeliveryContext } from './context.ts'
import type { Draft } from './draft.ts'
import { Endpoint, type Target, openMessage } from './endpoint.ts'
import { refOf } from './notice-ref.ts'
import { listKeys, recordKeys } from './records.ts'

const pageKeys = 500

/** Takes an endpoint from what is stored of it; nothing is: a new one. */
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

/** Messages that were begun and not ended. Of an attempt whose end nobody saw, nobody knows when its request began: a whole gap is kept from now. */
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
    const keys = alertIds.map((alertId) => ({
      waiting: recordKeys.waiting(name, alertId),
      notified: recordKeys.notified(name, alertId),
    }))
    await draft.load(keys.flatMap(({ waiting, notified }) => [waiting, notified]))
    for (const { waiting, notified } of keys) {
      const { notice, seq } = (await draft.get(waiting))!
      if (summaryKeyOf(notice) !== null) endpoint.gather(draft.nowMs)
      queue.add({
        ref: refOf(notice),
        seq,
        received: (await draft.get(notified))?.received ?? 'no',
      })
    }
  }
}

/** When each was told last nobody knows: all are due. */
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

/** What changed since it was stored: another address or secret is another endpoint, and healthy until it shows otherwise; one that is gone ends. */
export function reconcile(draft: Draft, endpoint: Endpoint, context: DeliveryContext): void {
  if (endpoint.target === null) {
    enable(draft, endpoint, 'withdrawn', context)
    endpoint.configHash = null
    return
  }
  const hash = hashOf(endpoint.target.config)
  if (endpoint.configHash === hash) return
  enable(draft, endpoint, 'over', context)
  endpoint.configHash = hash
}

function hashOf({ kind, url, secrets }: EndpointConfig): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, url, secrets]))
    .digest('hex')
    .slice(0, 32)
}
