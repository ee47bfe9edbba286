import { alertSeverities } from '@deskpulse/core/alerts'
import { closedKinds } from '@deskpulse/core/time'
import * as z from 'zod'
import { tenantName } from '../../events/words.ts'
import { type EndpointConfig, type EndpointKind, endpointKinds } from '../endpoint.ts'
import type { Fault } from '../fault.ts'
import type { IsSure, Readable } from '../readable.ts'
import { mask, secretText } from '../secret.ts'
import { tls } from '../wires.ts'

export const alertName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/u, { error: 'a name of a–z, 0–9 and -' })

/** An address without credentials before the host: they would stand in logs, and nothing sends them. */
export function httpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === ''
  )
}

/** A chat robot's path and query are its credential. */
function withoutPath(text: string): string {
  const { protocol, host } = new URL(text)
  return `${protocol}//${host}/${mask}`
}

const url = secretText(
  z
    .string()
    .max(2_000)
    .refine(httpUrl, { error: 'an http or https URL without user and password' }),
  withoutPath,
)
const secret = secretText(z.string().min(1).max(200))
const token = secretText(
  z.string().regex(/^[A-Za-z0-9._~+/-]{1,4000}=*$/u, { error: 'a bearer token, without "Bearer"' }),
)

/** What receives alerts, or news of closed periods and appeals, as the file says it. */
export const endpointSchema = z.strictObject({
  name: alertName,
  kind: z.enum(endpointKinds),
  url,
  secret: secret.optional(),
  secrets: z.array(secret).min(1).max(5).optional(),
  token: token.optional(),
  tls,
  language: z.enum(['en', 'zh', 'both']).optional(),
  tenants: z.array(tenantName).min(1).max(1_000).optional(),
  severity: z.enum(alertSeverities).optional(),
  alerts: z.boolean().optional(),
  closedPeriods: z.array(z.enum(closedKinds)).min(1).max(closedKinds.length).optional(),
  appeals: z.boolean().optional(),
})

type EndpointInput = z.output<typeof endpointSchema>

const webhookSecret = 'whsec_ and the base64 of 24 to 64 bytes'

function isWebhookSecret(text: string): boolean {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1]
  if (encoded === undefined) return false
  const bytes = Buffer.from(encoded, 'base64')
  return (
    bytes.length >= 24 &&
    bytes.length <= 64 &&
    bytes.toString('base64') === encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=')
  )
}

/** A webhook is signed if it has a secret, which can be rotated; DingTalk and Feishu sign with the one secret of the robot, if it has one; the others have none. */
export function secretFaults({ kind, secret: one, secrets }: Readable<EndpointInput>): Fault[] {
  if (one !== undefined && secrets !== undefined)
    return [{ path: ['secrets'], expected: 'secret or secrets, not both' }]
  switch (kind) {
    case 'webhook':
      if (secrets === undefined)
        return one === undefined || isWebhookSecret(one)
          ? []
          : [{ path: ['secret'], expected: webhookSecret }]
      return secrets.flatMap((text, at) =>
        text === undefined || isWebhookSecret(text)
          ? []
          : [{ path: ['secrets', at], expected: webhookSecret }],
      )
    case 'dingtalk':
    case 'feishu':
      return secrets === undefined
        ? []
        : [{ path: ['secrets'], expected: `secret: a robot of ${kind} has one` }]
    case undefined:
      return []
    case 'wecom':
    case 'slack':
    case 'teams':
    case 'alertmanager':
    case 'heartbeat': {
      const given = one !== undefined ? 'secret' : 'secrets'
      return one === undefined && secrets === undefined
        ? []
        : [{ path: [given], expected: `no ${given}: ${kind} has none` }]
    }
  }
}

const programs: ReadonlySet<EndpointKind> = new Set(['webhook', 'alertmanager'])

/** Who is known by a token or a certificate. Both are for programs: a chat knows its robots by their address. A token is sent to nobody but whom TLS has proven. */
export function accessFaults(endpoint: Readable<EndpointInput>): Fault[] {
  const { kind, url: address } = endpoint
  const keys = (['token', 'tls'] as const).filter((key) => endpoint[key] !== undefined)
  if (kind === undefined || keys.length === 0) return []
  if (!programs.has(kind))
    return keys.map((key) => ({ path: [key], expected: `no ${key}: ${kind} has none` }))
  return address === undefined || address.toLowerCase().startsWith('https:')
    ? []
    : [{ path: ['url'], expected: `an https URL: it has ${keys.join(' and ')}` }]
}

/** What it is told of. Closed periods are for programs: a chat has nothing to fetch them with. Appeals are for people, too; Alertmanager knows nothing but alerts. */
export function toldFaults(endpoint: Readable<EndpointInput>, isSure: IsSure): Fault[] {
  const { kind, alerts, closedPeriods, appeals } = endpoint
  const no = (keys: readonly (keyof EndpointInput)[], why: string): Fault[] =>
    keys
      .filter((key) => endpoint[key] !== undefined)
      .map((key) => ({ path: [key], expected: `no ${key}: ${why}` }))
  if (kind === undefined) return []
  if (kind === 'heartbeat')
    return no(
      ['tenants', 'severity', 'language', 'alerts', 'closedPeriods', 'appeals'],
      'a heartbeat is told of no alert',
    )
  if (kind === 'alertmanager')
    return [
      ...no(['closedPeriods', 'appeals'], 'alertmanager is told of alerts alone'),
      ...(alerts === false ? no(['alerts'], 'alertmanager is told of nothing else') : []),
    ]
  const others =
    kind === 'webhook' ? (['closedPeriods', 'appeals'] as const) : (['appeals'] as const)
  const unwanted =
    kind === 'webhook' ? [] : no(['closedPeriods'], 'a webhook alone is told of them')
  if (alerts !== false) return unwanted
  const isTold =
    others.some((key) => !isSure(key)) || closedPeriods !== undefined || appeals === true
  return [
    ...unwanted,
    ...(isTold
      ? []
      : [
          {
            path: others.slice(0, 1),
            expected: `${others.join(' or ')}: it is told of nothing else`,
          },
        ]),
    ...no(['severity'], 'it is told of no alert'),
  ]
}

const chinese: ReadonlySet<EndpointKind> = new Set(['wecom', 'dingtalk', 'feishu'])

export function endpointConfigOf(input: EndpointInput): EndpointConfig {
  const { name, kind, url: address, secret: one, secrets = one === undefined ? [] : [one] } = input
  return {
    name,
    kind,
    url: address,
    secrets,
    ...(input.token !== undefined && { token: input.token }),
    ...(input.tls !== undefined && { tls: input.tls }),
    language: input.language ?? (chinese.has(kind) ? 'zh' : 'en'),
    tenants: input.tenants ?? null,
    severityMin: input.severity ?? 'info',
    alerts: kind !== 'heartbeat' && input.alerts !== false,
    closedPeriods: closedKinds.filter((one) => input.closedPeriods?.includes(one)),
    appeals: input.appeals === true,
  }
}
