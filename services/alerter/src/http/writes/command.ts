import { randomUUID } from 'node:crypto'
import { type AlertCommand, encodeAlertRecord } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { partitionOf } from '@deskpulse/stream'
import type { AlerterHttpDeps } from '../deps.ts'

type Asked = AlertCommand extends infer Command
  ? Command extends AlertCommand
    ? Omit<Command, 'id' | 'atMs'>
    : never
  : never

/** Takes the command down in the topic of alerts, for the owner of the tenant's or the endpoint's partition. @returns its id */
export async function command(
  { log, topics, partitions, newId = randomUUID }: AlerterHttpDeps,
  asked: Asked,
  nowMs: number,
): Promise<string> {
  const id = newId()
  const key = 'endpoint' in asked ? asked.endpoint : asked.tenant
  const value = encodeAlertRecord({
    kind: 'command',
    command: { ...asked, id, atMs: nowMs as EpochMs },
  })
  await log.append(topics.alerts, partitionOf(key, partitions), [{ key, value }])
  return id
}
