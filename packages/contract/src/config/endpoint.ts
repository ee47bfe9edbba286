import type { AlertSeverity } from '@deskpulse/core/alerts'
import type { ClosedKind } from '@deskpulse/core/time'
import type { ClientTls } from './wires.ts'

export const endpointKinds = [
  'webhook',
  'wecom',
  'dingtalk',
  'feishu',
  'slack',
  'teams',
  'alertmanager',
  'heartbeat',
] as const
export type EndpointKind = (typeof endpointKinds)[number]

type Told = { readonly kind?: EndpointKind | undefined; readonly alerts?: boolean | undefined }

/** Those that are told of alerts. A heartbeat is pinged while alerts could be told, and is told of none; another one may want closed periods or appeals alone. */
export const tellable = <Endpoint extends Told>(
  endpoints: readonly Endpoint[],
): readonly Endpoint[] =>
  endpoints.filter(({ kind, alerts }) => kind !== 'heartbeat' && alerts !== false)

/** Where alerts, and news of closed periods and appeals, are sent, complete. Known to the processes that send alone: it never goes through the log. */
export type EndpointConfig = {
  readonly name: string
  readonly kind: EndpointKind
  readonly url: string
  /** The first one is current; further ones stay valid while they are rotated out. */
  readonly secrets: readonly string[]
  /** A bearer token, by which it knows who sends. */
  readonly token?: string
  /** Whom to trust, and the certificate to show. */
  readonly tls?: ClientTls
  readonly language: 'en' | 'zh' | 'both'
  /** It is told of alerts. */
  readonly alerts: boolean
  /** It is told when rows of closed periods of these kinds are issued. */
  readonly closedPeriods: readonly ClosedKind[]
  /** It is told when appeals about score cards are filed and decided. */
  readonly appeals: boolean
  /** What concerns these tenants alone; `null`: all, and the installation. */
  readonly tenants: readonly string[] | null
  /** Alerts of this severity or a graver one. */
  readonly severityMin: AlertSeverity
}
