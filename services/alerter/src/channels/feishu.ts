import type { EpochMs } from '@deskpulse/core/time'
import type { Channel } from './channel.ts'
import { type Digest, plainDigestOf } from './digest.ts'
import { bytesOf } from './fit.ts'
import { type Laid, laidOut } from './layout.ts'
import { hmacSha256Base64, jsonRequest } from './request.ts'
import { judgeCode } from './verdict.ts'

/** Of the whole body: 20 KB, less what a re-encoding on the way may add. */
const bodyBytesMax = 20_000

const colours: Readonly<Record<Digest['tone'], string>> = {
  critical: 'red',
  warning: 'orange',
  info: 'blue',
  over: 'green',
}

/** 11232: the platform is under load; the others: this robot was too fast. */
const limited = new Map([
  [9_499, 1_000],
  [11_232, 10_000],
  [99_991_400, 60_000],
])

/**
 * A Feishu (飞书) or Lark group robot, which differ by the URL's host alone: a card of at most 20 KB, 100 messages a minute and 5 a second; signed in the
 * body when there is a secret. All text stands in plain fields, where `<at …>` is text.
 * @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export const feishu: Channel = {
  noticesMax: 200,
  parallel: 1,
  gapMs: 650,
  request(endpoint, message, nowMs) {
    const signature = signatureOf(endpoint.secrets[0], nowMs)
    const build = (laid: Laid): string =>
      JSON.stringify({ ...signature, msg_type: 'interactive', card: cardOf(laid) })
    const digest = plainDigestOf(message.notices, endpoint.language)
    return jsonRequest(
      endpoint.url,
      laidOut(digest, build, (built) => bytesOf(built) <= bodyBytesMax),
    )
  },
  judge: (answer, nowMs) =>
    judgeCode(answer, nowMs, { members: ['code', 'StatusCode'], message: 'msg', limited }),
}

const text = (content: string) => ({ tag: 'plain_text', content })

function cardOf({ tone, title, details, entries, more, links }: Laid): object {
  const buttons = links.map(({ text: label, url }) => ({
    tag: 'button',
    text: text(label),
    type: 'default',
    url,
  }))
  return {
    config: { wide_screen_mode: true },
    header: { title: text(title), template: colours[tone] },
    elements: [
      ...(details.length === 0 ? [] : [{ tag: 'div', text: text(details.join('\n')) }]),
      ...entries.map((entry) => ({ tag: 'div', text: text(entry) })),
      ...(more === null ? [] : [{ tag: 'div', text: text(more) }]),
      ...(buttons.length === 0 ? [] : [{ tag: 'action', actions: buttons }]),
    ],
  }
}

/** `sign` = Base64 of HMAC-SHA256 over nothing, with timestamp (in seconds), line feed, secret as key. */
export function signatureOf(
  secret: string | undefined,
  nowMs: EpochMs,
): { readonly timestamp: string; readonly sign: string } | null {
  if (secret === undefined) return null
  const timestamp = String(Math.floor(nowMs / 1_000))
  return { timestamp, sign: hmacSha256Base64(`${timestamp}\n${secret}`, '') }
}
