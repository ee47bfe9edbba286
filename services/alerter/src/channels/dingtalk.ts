import type { EpochMs } from '@deskpulse/core/time'
import type { Channel } from './channel.ts'
import { digestOf } from './digest.ts'
import { bytesOf } from './fit.ts'
import { markdown } from './inert.ts'
import { type Laid, laidOut } from './layout.ts'
import { hmacSha256Base64, jsonRequest } from './request.ts'
import { judgeCode } from './verdict.ts'

/** Of the whole body; the limit is said to be one of the message. */
const bodyBytesMax = 20_000

/** Whoever passes 20 messages a minute is cut off for 10 minutes. */
const cutOffMs = 600_000

/**
 * A DingTalk (钉钉) group robot: markdown of at most 20,000 bytes, 20 messages a minute (see wecom about the gap); signed in the query when there is a
 * secret. It mentions by a member of the body alone, which says here that nobody is.
 * @see https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
 */
export const dingtalk: Channel = {
  noticesMax: 200,
  parallel: 1,
  gapMs: 3_200,
  request(endpoint, message, nowMs) {
    const digest = digestOf(message.notices, endpoint.language, markdown)
    const body = laidOut(digest, bodyOf, (built) => bytesOf(built) <= bodyBytesMax)
    return jsonRequest(signed(endpoint.url, endpoint.secrets[0], nowMs), body)
  },
  judge: (answer, nowMs) =>
    judgeCode(answer, nowMs, {
      members: ['errcode'],
      message: 'errmsg',
      limited: new Map([
        [130_101, cutOffMs],
        [410_100, cutOffMs],
      ]),
    }),
}

/** Lines are paragraphs: a single line break is none there. */
function bodyOf({ title, details, entries, more, links }: Laid): string {
  const lines = [
    `#### ${title}`,
    ...[...details, ...entries].map((line) => `> ${line}`),
    ...(more === null ? [] : [`> ${more}`]),
    ...links.map(({ text, url }) => `[${text}](${url})`),
  ]
  return JSON.stringify({
    msgtype: 'markdown',
    markdown: { title, text: lines.join('\n\n') },
    at: { isAtAll: false },
  })
}

/** `timestamp` and `sign` = Base64 of HMAC-SHA256 with the secret as key over timestamp, line feed, secret. */
export function signed(url: string, secret: string | undefined, nowMs: EpochMs): string {
  const target = URL.parse(url)
  if (secret === undefined || target === null) return url
  target.searchParams.set('timestamp', String(nowMs))
  target.searchParams.set('sign', hmacSha256Base64(secret, `${nowMs}\n${secret}`))
  return target.href
}
