import { withBegun } from './attempts.ts'
import type { DeliveryContext } from './context.ts'
import { beginDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, Request, OpenMessage } from './endpoint.ts'
import { type Begin, planOf } from './plan.ts'
import { makeRoom } from './make-room.ts'
import { recordKeys } from './records.ts'
import { formRenewal, keysOfRenewed } from './renewing.ts'
import { dequeue, keysOfWaiting } from './take-notice.ts'

/** Writes that the endpoint's next requests begin. They may be sent once that is written, and not before. */
export async function beginNext(
  draft: Draft,
  endpoint: Endpoint,
  context: DeliveryContext,
): Promise<readonly Request[]> {
  const { begins } = planOf(endpoint, draft.nowMs)
  await draft.load(begins.flatMap((begin) => keysOfBegin(endpoint, begin)))
  const chosen = new Set(begins.flatMap((begin) => (begin.kind === 'again' ? [begin.message] : [])))
  const requests: Request[] = []
  for (const begin of begins) {
    const message = await messageOf(draft, endpoint, begin, chosen, context)
    if (message === null) continue
    const key = recordKeys.delivery(endpoint.name, message.id)
    const record = (await draft.get(key))!
    draft.put(key, { ...record, attempts: withBegun(record.attempts, draft.nowMs) })
    endpoint.began(message)
    endpoint.lastBeganMs = draft.nowMs
    const notices = (await draft.get(recordKeys.message(endpoint.name, message.id)))!
    requests.push({ endpoint, target: endpoint.target!, message, notices })
  }
  return requests
}

function keysOfBegin(endpoint: Endpoint, begin: Begin): readonly string[] {
  if (begin.kind === 'fresh') {
    return keysOfWaiting(
      endpoint,
      begin.waiting.map(({ ref }) => ref.alertId),
    )
  }
  if (begin.kind === 'renew') return keysOfRenewed(endpoint, begin.alerts)
  return [
    recordKeys.delivery(endpoint.name, begin.message.id),
    recordKeys.message(endpoint.name, begin.message.id),
  ]
}

async function messageOf(
  draft: Draft,
  endpoint: Endpoint,
  begin: Begin,
  chosen: ReadonlySet<OpenMessage>,
  context: DeliveryContext,
): Promise<OpenMessage | null> {
  switch (begin.kind) {
    case 'again':
      return begin.message
    case 'fresh':
      return formMessage(draft, endpoint, begin, chosen, context)
    case 'renew':
      return formRenewal(draft, endpoint, begin.alerts, context)
  }
}

async function formMessage(
  draft: Draft,
  endpoint: Endpoint,
  { waiting }: Extract<Begin, { kind: 'fresh' }>,
  chosen: ReadonlySet<OpenMessage>,
  context: DeliveryContext,
): Promise<OpenMessage> {
  await makeRoom(draft, endpoint, chosen, context)
  const turn = Math.min(...waiting.map(({ seq }) => seq))
  const notices = []
  for (const { ref } of waiting) notices.push(await dequeue(draft, endpoint, ref.alertId))
  return beginDelivery(
    draft,
    endpoint,
    notices,
    { test: false, asked: false, turn },
    context.limits,
  )
}
