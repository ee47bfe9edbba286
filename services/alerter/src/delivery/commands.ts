import type { AlertCommand, Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { beginDelivery, endedBy, listEnded, makeRoom, noteNotified } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import { enable } from './endpoint-health.ts'
import { type Endpoint, openMessage, type OpenMessage } from './endpoint.ts'
import { storedLimits } from './limits.ts'
import { digestOf, isSame, messageIdOf, ownNotice } from './notice-ref.ts'
import { type DeliveryRecord, listKeys, recordKeys } from './records.ts'
import { dequeue } from './waiting.ts'

export type EndpointCommand = Extract<AlertCommand, { readonly endpoint: string }>

export const isEndpointCommand = (command: AlertCommand): command is EndpointCommand =>
  'endpoint' in command

/** Does what a person asked, once: a command that comes again changes nothing, nor does one about what is not there. */
export async function applyCommand(
  draft: Draft,
  endpoint: Endpoint,
  command: EndpointCommand,
): Promise<void> {
  if (endpoint.target === null || endpoint.commands.includes(command.id)) return
  endpoint.commands = [...endpoint.commands, command.id].slice(-storedLimits.commandsRemembered)
  switch (command.kind) {
    case 'enable-endpoint':
      return enable(draft, endpoint, 'over')
    case 'test-endpoint':
      return test(draft, endpoint, testNotice(endpoint.name, command.id, draft.nowMs))
    case 'resend':
      return resend(draft, endpoint, command.deliveryId)
  }
}

async function test(draft: Draft, endpoint: Endpoint, notice: Notice): Promise<void> {
  const hasRoom = await makeRoom(draft, endpoint)
  if (hasRoom) await beginDelivery(draft, endpoint, [notice], { test: true, asked: true })
  else await listEnded(draft, endpoint, notice, endedBy('queue-full', draft.nowMs))
}

function testNotice(endpoint: string, commandId: string, nowMs: EpochMs): Notice {
  const alertId = digestOf(['test', endpoint, commandId])
  const text = {
    en: `This is a test of ${endpoint}: alerts of Deskpulse will arrive here. Nothing is wrong.`,
    zh: `这是对 ${endpoint} 的测试：Deskpulse 告警将发送到此处。当前无异常。`,
  }
  return ownNotice(endpoint, nowMs, { alertId, rule: 'test', test: true, text })
}

/**
 * Sends the same message again, whatever became of it: one attempt more, as soon as it is its turn.
 * An endpoint that is renewed must not be told an old state: it gets the present ones.
 */
async function resend(draft: Draft, endpoint: Endpoint, id: string): Promise<void> {
  const record = await draft.get(recordKeys.delivery(endpoint.name, id))
  if (record === null) return
  const open = endpoint.open.get(id)
  if (open !== undefined) return ask(draft, endpoint, open)
  return endpoint.renews ? sendPresent(draft, endpoint, record) : reopen(draft, endpoint, record)
}

async function ask(draft: Draft, { name }: Endpoint, open: OpenMessage): Promise<void> {
  const key = recordKeys.delivery(name, open.id)
  draft.put(key, { ...(await draft.get(key))!, asked: true })
  open.asked = true
}

/** Sends the present states of these alerts. What waits goes out by itself; what an open message holds goes out with that one. */
async function sendPresent(
  draft: Draft,
  endpoint: Endpoint,
  { notices }: DeliveryRecord,
): Promise<void> {
  const { name, open, queue } = endpoint
  const alertIds = new Set(notices.map(({ alertId }) => alertId))
  for (const message of open.values())
    if (message.refs.some(({ alertId }) => alertIds.has(alertId)))
      await ask(draft, endpoint, message)
  const present: Notice[] = []
  for (const alertId of alertIds) {
    if (endpoint.isHeld(alertId) || queue.get(alertId) !== undefined) continue
    const notice = await presentNotice(draft, endpoint, alertId)
    if (notice !== null) present.push(notice)
  }
  if (present.length === 0) return
  const known = await draft.get(recordKeys.delivery(name, messageIdOf(name, present)))
  if (known !== null) return reopen(draft, endpoint, known)
  if (!(await makeRoom(draft, endpoint))) return
  await beginDelivery(draft, endpoint, present, { test: false, asked: true })
}

/** The newest state of an alert that ever was in a message. `null`: that message is forgotten. */
async function presentNotice(
  draft: Draft,
  { name, renewed }: Endpoint,
  alertId: string,
): Promise<Notice | null> {
  const isRenewed = renewed.get(alertId) !== undefined
  if (isRenewed) return (await draft.get(recordKeys.renewed(name, alertId)))!.notice
  const notified = await draft.get(recordKeys.notified(name, alertId))
  if (notified === null) return null
  const { latest, entries } = notified
  const deliveryId = entries.find((entry) => isSame(entry, latest))?.deliveryId ?? null
  const notices = deliveryId === null ? null : await draft.get(recordKeys.message(name, deliveryId))
  return notices?.find((notice) => notice.alertId === alertId && isSame(notice, latest)) ?? null
}

async function reopen(draft: Draft, endpoint: Endpoint, record: DeliveryRecord): Promise<void> {
  const { name } = endpoint
  if (!(await makeRoom(draft, endpoint))) return // It stays listed as it was.
  const resumes = (await takeBack(draft, endpoint, record)) ? null : record.end
  const reopened = { ...record, asked: true, dueMs: draft.nowMs, end: null, resumes }
  draft.put(recordKeys.delivery(name, record.id), reopened)
  endpoint.hold(openMessage(reopened))
  draft.place(listKeys.open(name), record.id, record.seq)
}

/**
 * Notices that a message gave back to the queue, and that still wait there, are the message's own
 * again: none goes out under two ids.
 * @returns whether there was any
 */
async function takeBack(
  draft: Draft,
  endpoint: Endpoint,
  { id, notices }: DeliveryRecord,
): Promise<boolean> {
  const waiting = notices.filter((ref) => {
    const found = endpoint.queue.get(ref.alertId)
    return found !== undefined && isSame(found.ref, ref)
  })
  for (const ref of waiting) {
    await dequeue(draft, endpoint, ref.alertId)
    await noteNotified(draft, endpoint, ref, { deliveryId: id, state: 'sending' })
  }
  return waiting.length > 0
}
