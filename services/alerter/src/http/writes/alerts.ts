import { randomUUID } from 'node:crypto'
import { type SilenceBody, silenceOf } from '@deskpulse/contract'
import type { Silence } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { Refused, refuse } from '@deskpulse/runtime'
import type { FastifyReply } from 'fastify'
import { readAlert, readSilences } from '../../book/reading.ts'
import { bookLimits } from '../../book/limits.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { sendJson } from '../json.ts'
import { oneAlert } from '../reads/alerts.ts'
import { silenceView } from '../reads/silences.ts'
import { readTenant } from '../tenant.ts'
import { applied } from './applied.ts'
import { authorOf, type Changing } from './author.ts'
import { command } from './command.ts'
import { acknowledgeRecords } from './records.ts'

type Acknowledgement = Changing & {
  readonly params: { readonly tenant: string; readonly alertId: string }
  readonly body: { readonly author?: string | undefined; readonly comment: string }
}

/** Answers with what was made of it, or, if that takes too long, that it was taken down. */
export async function acknowledge(
  deps: AlerterHttpDeps,
  request: Acknowledgement,
  reply: FastifyReply,
  nowMs: number,
): Promise<FastifyReply> {
  const { tenant: name, alertId } = request.params
  const { comment } = request.body
  const author = authorOf(request, 'body', request.body)
  const { partition } = await readTenant(deps, name)
  const known = await readAlert(deps.alertStore, partition, name, alertId)
  if (known === null) refuse('unknown-alert', 'there is no such alert, or none any more')
  if (known.transition.status === 'resolved') refuse('alert-over', 'it is over')
  const commandId = await command(
    deps,
    { kind: 'acknowledge', author, tenant: name, alertId, comment },
    nowMs,
  )
  const done = await applied(async () => {
    const alert = await readAlert(deps.alertStore, partition, name, alertId)
    return alert === null || (alert.acknowledged === null && alert.transition.status === 'firing')
      ? null
      : alert
  })
  if (done !== null && done.acknowledged === null) refuse('alert-over', 'it ended before')
  await acknowledgeRecords(deps, known.transition.subject, {
    author,
    comment,
    atMs: nowMs as EpochMs,
  }) // Behind it: that ends the alert.
  await request.changed({
    ...{ object: alertId, author, after: { author, comment } },
    before: known.acknowledged && {
      author: known.acknowledged.author,
      comment: known.acknowledged.comment,
    },
  })
  if (done === null) return sendJson(reply, { commandId }, 202)
  return sendJson(reply, await oneAlert(deps, name, alertId, nowMs))
}

type Silencing = Changing & {
  readonly params: { readonly tenant: string }
  readonly body: SilenceBody
}

export async function silence(
  deps: AlerterHttpDeps,
  request: Silencing,
  reply: FastifyReply,
  nowMs: number,
): Promise<FastifyReply> {
  const { tenant } = request.params
  const author = authorOf(request, 'body', request.body)
  const of = { id: (deps.newId ?? randomUUID)(), tenant, author }
  const asked = silenceOf(request.body, of, nowMs)
  if (!asked.ok) throw new Refused(asked.problem)
  const { partition } = await readTenant(deps, tenant)
  const silences = (): ReturnType<typeof readSilences> =>
    readSilences(deps.alertStore, partition, tenant)
  const lasting = (await silences()).filter(({ endsMs }) => endsMs > nowMs)
  if (lasting.length >= bookLimits.silencesMax)
    refuse('limit-reached', `there are ${bookLimits.silencesMax} silences already`)
  const commandId = await command(
    deps,
    { kind: 'silence', author, tenant, silence: asked.value },
    nowMs,
  )
  await request.changed({ object: of.id, author, after: silenceView(asked.value, nowMs) })
  const done = await applied(
    async () => (await silences()).find(({ id }) => id === asked.value.id) ?? null,
  )
  return done === null
    ? sendJson(reply, { commandId }, 202)
    : sendJson(reply, silenceView(done, nowMs), 201)
}

type Ending = Changing & {
  readonly params: { readonly tenant: string; readonly id: string }
  readonly query: { readonly author?: string | undefined }
}

export async function endSilence(
  deps: AlerterHttpDeps,
  request: Ending,
  reply: FastifyReply,
  nowMs: number,
): Promise<FastifyReply> {
  const { tenant, id } = request.params
  const author = authorOf(request, 'query', request.query)
  const { partition } = await readTenant(deps, tenant)
  /** `undefined`: it is not there, or was ended before it began. */
  const found = async (): Promise<Silence | undefined> =>
    (await readSilences(deps.alertStore, partition, tenant)).find(
      (one) => one.id === id && one.startsMs !== one.endsMs,
    )
  const before = await found()
  if (before === undefined || before.endsMs <= nowMs)
    return refuse('unknown-silence', 'there is no such silence, or it is over')
  const commandId = await command(deps, { kind: 'unsilence', author, tenant, silenceId: id }, nowMs)
  await request.changed({ object: id, author, before: silenceView(before, nowMs) })
  const done = await applied(async () => {
    const now = await found()
    return now === undefined || now.endsMs < before.endsMs ? true : null
  })
  return done === null ? sendJson(reply, { commandId }, 202) : reply.code(204).send()
}
