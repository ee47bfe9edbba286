import { authoredBody, deliveryPath, endpointPath } from '@deskpulse/contract'
import { partitionOf } from '@deskpulse/stream'
import { readByIds } from '../../post/index.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { type Exchange, sendJson } from '../exchange.ts'
import { refuse } from '../problems.ts'
import { endpointNamed } from '../reads/endpoints.ts'
import { command } from './command.ts'

/** Taken down; done by whoever owns the endpoint: the list of endpoints shows it. */
export async function commandEndpoint(
  deps: AlerterHttpDeps,
  kind: 'enable-endpoint' | 'test-endpoint',
  { path, body, reply }: Exchange,
  nowMs: number,
): Promise<unknown> {
  const { name: endpoint } = endpointNamed(deps, path(endpointPath).name)
  const { author } = body(authoredBody)
  return sendJson(reply, { commandId: await command(deps, { kind, author, endpoint }, nowMs) }, 202)
}

/** The same message once more, under its id. */
export async function resend(deps: AlerterHttpDeps, { path, body, reply }: Exchange, nowMs: number): Promise<unknown> {
  const { name, id: deliveryId } = path(deliveryPath)
  const { name: endpoint } = endpointNamed(deps, name)
  const { author } = body(authoredBody)
  const known = await readByIds(deps.alertStore, partitionOf(endpoint, deps.partitions), endpoint, [deliveryId])
  if (!known.has(deliveryId)) refuse('unknown-delivery', 'there is no such message, or none any more')
  return sendJson(reply, { commandId: await command(deps, { kind: 'resend', author, endpoint, deliveryId }, nowMs) }, 202)
}
