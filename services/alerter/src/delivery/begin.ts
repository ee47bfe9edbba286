import { withBegun } from './attempts.ts'
import { beginDelivery, makeRoom } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, OpenMessage, Request } from './endpoint.ts'
import { type Begin, planOf } from './plan.ts'
import { recordKeys } from './records.ts'
import { formRenewal } from './renewals.ts'
import type { Waiting } from './waiting-queue.ts'
import { dequeue, keysOfWaiting } from './waiting.ts'

/** Writes that the endpoint's next requests begin. They may be sent once that is written, and not before. */
export async function beginNext(draft: Draft, endpoint: Endpoint): Promise<readonly Request[]> {
  const { name } = endpoint
  const { begins } = planOf(endpoint, draft.nowMs)
  await draft.load(begins.flatMap((begin) => keysOfBegin(endpoint, begin)))
  const chosen = new Set(begins.flatMap((begin) => (begin.kind === 'again' ? [begin.message] : [])))
  const requests: Request[] = []
  for (const begin of begins) {
    const message = await messageOf(draft, endpoint, begin, chosen)
    if (message === null) continue
    const key = recordKeys.delivery(name, message.id)
    const record = (await draft.get(key))!
    draft.put(key, { ...record, attempts: withBegun(record.attempts, draft.nowMs) })
    endpoint.began(message)
    endpoint.lastBeganMs = draft.nowMs
    const notices = (await draft.get(recordKeys.message(name, message.id)))!
    requests.push({ endpoint, target: endpoint.target!, message, notices })
  }
  return requests
}

function keysOfBegin(endpoint: Endpoint, begin: Begin): readonly string[] {
  const { name } = endpoint
  switch (begin.kind) {
    case 'again':
      return [
        recordKeys.delivery(name, begin.message.id),
        recordKeys.message(name, begin.message.id),
      ]
    case 'fresh': {
      const alertIds = begin.waiting.map(({ ref }) => ref.alertId)
      return keysOfWaiting(endpoint, alertIds)
    }
    case 'renew':
      return begin.alerts.map(({ ref }) => recordKeys.renewed(name, ref.alertId))
  }
}

async function messageOf(
  draft: Draft,
  endpoint: Endpoint,
  begin: Begin,
  chosen: ReadonlySet<OpenMessage>,
): Promise<OpenMessage | null> {
  switch (begin.kind) {
    case 'again':
      return begin.message
    case 'fresh':
      await makeRoom(draft, endpoint, chosen)
      return formMessage(draft, endpoint, begin.waiting)
    case 'renew':
      return formRenewal(draft, endpoint, begin.alerts)
  }
}

async function formMessage(
  draft: Draft,
  endpoint: Endpoint,
  waiting: readonly Waiting[],
): Promise<OpenMessage> {
  const turn = Math.min(...waiting.map(({ seq }) => seq))
  const notices = []
  for (const { ref } of waiting) notices.push(await dequeue(draft, endpoint, ref.alertId))
  return beginDelivery(draft, endpoint, notices, { test: false, asked: false, turn })
}
