import { refuse } from '@deskpulse/runtime'
import { partitionOf } from '@deskpulse/stream'
import type { FastifyReply } from 'fastify'
import { readByIds } from '../../delivery/index.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { sendJson } from '../json.ts'
import { endpointNamed, oneEndpoint } from '../reads/endpoints.ts'
import { authorOf, type Changing } from './author.ts'
import { command } from './command.ts'

type Command<Params> = Changing & {
  readonly params: Params
  readonly body: { readonly author?: string | undefined }
}

/** Taken down; done by whoever owns the endpoint: the list of endpoints shows it. */
export async function commandEndpoint(
  deps: AlerterHttpDeps,
  kind: 'enable-endpoint' | 'test-endpoint',
  request: Command<{ readonly name: string }>,
  reply: FastifyReply,
  nowMs: number,
): Promise<FastifyReply> {
  const author = authorOf(request, 'body', request.body)
  const configured = endpointNamed(deps, request.params.name)
  const { name: endpoint } = configured
  const change = { object: endpoint, author }
  const { disabled } = await oneEndpoint(deps, configured)
  const commandId = await command(deps, { kind, author, endpoint }, nowMs)
  await request.changed(
    kind === 'test-endpoint'
      ? change
      : { ...change, before: { disabled }, after: { disabled: null } },
  )
  return sendJson(reply, { commandId }, 202)
}

/** The same message once more, under its id. */
export async function resend(
  deps: AlerterHttpDeps,
  request: Command<{ readonly name: string; readonly id: string }>,
  reply: FastifyReply,
  nowMs: number,
): Promise<FastifyReply> {
  const { name, id: deliveryId } = request.params
  const author = authorOf(request, 'body', request.body)
  const { name: endpoint } = endpointNamed(deps, name)
  const known = await readByIds(deps.alertStore, partitionOf(endpoint, deps.partitions), endpoint, [
    deliveryId,
  ])
  if (!known.has(deliveryId))
    refuse('unknown-delivery', 'there is no such message, or none any more')
  const commandId = await command(deps, { kind: 'resend', author, endpoint, deliveryId }, nowMs)
  await request.changed({ object: deliveryId, author, after: { endpoint } })
  return sendJson(reply, { commandId }, 202)
}
