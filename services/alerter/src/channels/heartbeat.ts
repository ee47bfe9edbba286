import { minuteMs } from '@deskpulse/core/time'
import type { Channel } from './channel.ts'
import { userAgent } from './request.ts'
import { judgeStatus } from './verdict.ts'

/**
 * A dead-man's switch of one's own (healthchecks.io, Uptime Kuma, Dead Man's Snitch, …): a GET without a body, every minute, which says nothing but
 * that it came. Any 2xx is a success.
 * @see https://healthchecks.io/docs/http_api/
 */
export const heartbeat: Channel = {
  noticesMax: 1,
  parallel: 1,
  gapMs: 0,
  pingMs: minuteMs,
  request: ({ url }) => ({ method: 'GET', url, headers: { 'user-agent': userAgent }, body: '' }),
  judge: (answer, nowMs) => judgeStatus(answer, nowMs) ?? { kind: 'accepted' },
}
