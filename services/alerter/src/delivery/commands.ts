import { createHash } from 'node:crypto'
import type { AlertCommand, Notice } from '@deskpulse/contract'
import { endpointSubject, type EpochMs, installationTenant } from '@deskpulse/core'
import { enable } from './change-health.ts'
import type { DeliveryContext } from './context.ts'
import { givenUp, listEnded, beginDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { storedLimits } from './limits.ts'
import { makeRoom } from './make-room.ts'
import { resend } from './resend.ts'

export type EndpointCommand = Extract<AlertCommand, { readonly endpoint: string }>

export function isEndpointCommand(command: AlertCommand): command is EndpointCommand {
  return (
    command.kind === 'enable-endpoint' ||
    command.kind === 'test-endpoint' ||
    command.kind === 'resend'
  )
}

/** Does what a person asked, once: a command that comes again changes nothing. What it names and is not there: nothing. */
export async function applyCommand(
  draft: Draft,
  endpoint: Endpoint,
  command: EndpointCommand,
  context: DeliveryContext,
): Promise<void> {
  if (endpoint.target === null || endpoint.commands.includes(command.id)) return
  endpoint.commands = [...endpoint.commands, command.id].slice(-storedLimits.commandsRemembered)
  switch (command.kind) {
    case 'enable-endpoint':
      return enable(draft, endpoint, 'over', context)
    case 'test-endpoint':
      return test(draft, endpoint, testNotice(endpoint.name, command, draft.nowMs), context)
    case 'resend':
      return resend(draft, endpoint, command.deliveryId, context)
  }
}

async function test(
  draft: Draft,
  endpoint: Endpoint,
  notice: Notice,
  context: DeliveryContext,
): Promise<void> {
  const { limits } = context
  const hasRoom = await makeRoom(draft, endpoint, new Set(), context)
  if (hasRoom) await beginDelivery(draft, endpoint, [notice], { test: true, asked: true }, limits)
  else await listEnded(draft, endpoint, notice, givenUp('queue-full', draft.nowMs), limits)
}

function testNotice(endpoint: string, { id }: EndpointCommand, nowMs: EpochMs): Notice {
  const alertId = createHash('sha256')
    .update(JSON.stringify(['test', endpoint, id]))
    .digest('hex')
    .slice(0, 32)
  return {
    ...{
      alertId,
      tenant: installationTenant,
      rule: 'test',
      subject: endpointSubject(endpoint),
      kind: 'deadline',
      severity: 'info',
    },
    ...{ slice: 'all', kpi: null, value: null, limit: 0, unit: 'ms', labels: {} },
    ...{
      status: 'firing',
      sinceMs: nowMs,
      startedMs: nowMs,
      endedMs: null,
      end: null,
      detectedMs: nowMs,
      late: false,
    },
    ...{ repeat: 0, url: null, acknowledgedBy: null, timeZone: 'UTC', test: true },
    text: {
      en: `This is a test of ${endpoint}: alerts of Deskpulse will arrive here. Nothing is wrong.`,
      zh: `这是对 ${endpoint} 的测试：Deskpulse 告警将发送到此处。当前无异常。`,
    },
  }
}
