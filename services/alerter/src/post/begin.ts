import { withBegun } from './attempts.ts'
import type { PostContext } from './context.ts'
import { openDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, Launch, OpenMessage } from './endpoint.ts'
import { type Begin, planOf } from './plan.ts'
import { makeRoom } from './make-room.ts'
import { recordKeys } from './records.ts'
import { formRetell, keysOfRetold } from './retelling.ts'
import { dequeue, keysOfWaiting } from './take-notice.ts'

/** Writes that the endpoint's next requests begin. They may be sent once that is written, and not before. */
export async function beginNext(
  draft: Draft,
  endpoint: Endpoint,
  context: PostContext,
): Promise<readonly Launch[]> {
  const { begins } = planOf(endpoint, draft.nowMs)
  await draft.load(begins.flatMap((begin) => keysOfBegin(endpoint, begin)))
  const chosen = new Set(begins.flatMap((begin) => (begin.kind === 'again' ? [begin.message] : [])))
  const launches: Launch[] = []
  for (const begin of begins) {
    const message = await messageOf(draft, endpoint, begin, chosen, context)
    if (message === null) continue
    const key = recordKeys.delivery(endpoint.name, message.id)
    const record = (await draft.get(key))!
    draft.put(key, { ...record, attempts: withBegun(record.attempts, draft.nowMs) })
    endpoint.began(message)
    endpoint.lastBeganMs = draft.nowMs
    const notices = (await draft.get(recordKeys.message(endpoint.name, message.id)))!
    launches.push({ endpoint, line: endpoint.line!, message, notices })
  }
  return launches
}

function keysOfBegin(endpoint: Endpoint, begin: Begin): readonly string[] {
  if (begin.kind === 'fresh') {
    return keysOfWaiting(
      endpoint,
      begin.waiting.map(({ ref }) => ref.alertId),
    )
  }
  if (begin.kind === 'retell') return keysOfRetold(endpoint, begin.alerts)
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
  context: PostContext,
): Promise<OpenMessage | null> {
  switch (begin.kind) {
    case 'again':
      return begin.message
    case 'fresh':
      return formMessage(draft, endpoint, begin, chosen, context)
    case 'retell':
      return formRetell(draft, endpoint, begin.alerts, context)
  }
}

async function formMessage(
  draft: Draft,
  endpoint: Endpoint,
  { waiting }: Extract<Begin, { kind: 'fresh' }>,
  chosen: ReadonlySet<OpenMessage>,
  context: PostContext,
): Promise<OpenMessage> {
  await makeRoom(draft, endpoint, chosen, context)
  const turn = Math.min(...waiting.map(({ seq }) => seq))
  const notices = []
  for (const { ref } of waiting) notices.push(await dequeue(draft, endpoint, ref.alertId))
  return openDelivery(draft, endpoint, notices, { test: false, asked: false, turn }, context.limits)
}
