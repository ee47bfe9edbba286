import { webhookBody } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { Webhook } from 'standardwebhooks'
import type { Channel } from './channel.ts'
import { knownRequest } from './request.ts'
import { judgeStatus } from './verdict.ts'

/**
 * A generic receiver, by Standard Webhooks: one alert a message (what was found late comes as a summary); signed with every secret that is in force, so that a secret can be rotated without
 * a gap; without a secret not signed. Who needs more is told a token or shown a certificate. Any 2xx is a success, whatever its body.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhook: Channel = {
  noticesMax: 1,
  parallel: 8,
  gapMs: 0,
  request(endpoint, message, nowMs) {
    const body = JSON.stringify(webhookBody(message.notices))
    const signature = signatureOf(endpoint.secrets, message.id, nowMs, body)
    return knownRequest(endpoint, endpoint.url, body, {
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
      ...(signature !== null && { 'webhook-signature': signature }),
    })
  },
  judge: (answer, nowMs) => judgeStatus(answer, nowMs) ?? { kind: 'accepted' },
}

/** One signature for each secret; `null`: there is no secret. */
export function signatureOf(
  secrets: readonly string[],
  id: string,
  nowMs: EpochMs,
  body: string,
): string | null {
  return secrets.length === 0
    ? null
    : secrets.map((secret) => signerOf(secret).sign(id, new Date(nowMs), body)).join(' ')
}

/** A secret is `whsec_` and base64. One that is no base64 is taken as it stands, byte by byte: a message that cannot be verified beats one that is not sent. */
function signerOf(secret: string): Webhook {
  try {
    return new Webhook(secret)
  } catch {
    return new Webhook(Buffer.from(secret), { format: 'raw' })
  }
}
