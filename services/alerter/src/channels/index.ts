import type { EndpointKind } from '@deskpulse/contract'
import { alertmanager } from './alertmanager.ts'
import type { Channel } from './channel.ts'
import { dingtalk } from './dingtalk.ts'
import { feishu } from './feishu.ts'
import { heartbeat } from './heartbeat.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'
import { webhook } from './webhook.ts'
import { wecom } from './wecom.ts'

export type * from './channel.ts'
export const channels: Readonly<Record<EndpointKind, Channel>> = {
  webhook,
  wecom,
  dingtalk,
  feishu,
  slack,
  teams,
  alertmanager,
  heartbeat,
}
