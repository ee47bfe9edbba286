import type { AlertSeverity } from '@deskpulse/core/alerts'

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

/** Those that are told of alerts. A heartbeat is pinged while alerts could be told, and is told of none. */
export const tellable = <Endpoint extends { readonly kind?: EndpointKind | undefined }>(
  endpoints: readonly Endpoint[],
): readonly Endpoint[] => endpoints.filter(({ kind }) => kind !== 'heartbeat')

/** Where alerts are sent, complete. Known to the processes that send alone: it never goes through the log. */
export type EndpointConfig = {
  readonly name: string
  readonly kind: EndpointKind
  readonly url: string
  /** The first one is current; further ones stay valid while they are rotated out. */
  readonly secrets: readonly string[]
  readonly language: 'en' | 'zh' | 'both'
  /** Alerts of these tenants alone; `null`: of all, and those of the installation. */
  readonly tenants: readonly string[] | null
  /** Alerts of this severity or a graver one. */
  readonly severityMin: AlertSeverity
}
