import { refuse } from '@deskpulse/runtime'
import { partitionOf } from '@deskpulse/stream'
import type { FastifyReply } from 'fastify'
import { readByIds } from '../../delivery/index.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { sendJson } from '../json.ts'
import { endpointNamed } from '../reads/endpoints.ts'
import { command } from './command.ts'

type Command<Params> = { readonly params: Params; readonly body: { readonly author: string } }

/** Taken down; done by whoever owns the endpoint: the list of endpoints shows it. */
export async function commandEndpoint(
  deps: AlerterHttpDeps,
  kind: 'enable-endpoint' | 'test-endpoint',
  { params, body: { author } }: Command<{ readonly name: string }>,
  reply: FastifyReply,
  nowMs: number,
): Promise<FastifyReply> {
  const { name: endpoint } = endpointNamed(deps, params.name)
  return sendJson(reply, { commandId: await command(deps, { kind, author, endpoint }, nowMs) }, 202)
}

/** The same message once more, under its id. */
export async function resend(
  deps: AlerterHttpDeps,
  {
    params: { name, id: deliveryId },
    body: { author },
  }: Command<{ readonly name: string; readonly id: string }>,
  reply: FastifyReply,
  nowMs: number,
): Promise<FastifyReply> {
  const { name: endpoint } = endpointNamed(deps, name)
  const known = await readByIds(deps.alertStore, partitionOf(endpoint, deps.partitions), endpoint, [
    deliveryId,
  ])
  if (!known.has(deliveryId))
    refuse('unknown-delivery', 'there is no such message, or none any more')
  return sendJson(
    reply,
    { commandId: await command(deps, { kind: 'resend', author, endpoint, deliveryId }, nowMs) },
    202,
  )
}
