import type { Channel } from './channel.ts'
import { type Digest, digestOf } from './digest.ts'
import { bytesOf } from './fit.ts'
import { markdown } from './inert.ts'
import { type Laid, laidOut } from './layout.ts'
import { jsonRequest } from './request.ts'
import { judgeCode } from './verdict.ts'

/** Of the content alone. */
const contentBytesMax = 4_096

const colours: Readonly<Record<Digest['tone'], string>> = {
  critical: 'warning',
  warning: 'warning',
  info: 'comment',
  over: 'info',
}

/**
 * A WeCom (企业微信) group robot: markdown of at most 4,096 bytes, 20 messages a minute. The gap leaves room for one more in any minute, as messages do
 * not arrive as evenly as they leave. `45009` = too fast; it counts by the minute.
 * @see https://developer.work.weixin.qq.com/document/path/91770
 */
export const wecom: Channel = {
  noticesMax: 200,
  parallel: 1,
  gapMs: 3_200,
  request(endpoint, message) {
    const digest = digestOf(message.notices, endpoint.language, markdown)
    const content = laidOut(digest, contentOf, (built) => bytesOf(built) <= contentBytesMax)
    return jsonRequest(endpoint.url, JSON.stringify({ msgtype: 'markdown', markdown: { content } }))
  },
  judge: (answer, nowMs) =>
    judgeCode(answer, nowMs, {
      members: ['errcode'],
      message: 'errmsg',
      limited: new Map([
        [45_009, 60_000],
        [45_033, 60_000],
      ]),
    }),
}

function contentOf({ tone, title, details, entries, more, links }: Laid): string {
  return [
    `**<font color="${colours[tone]}">${title}</font>**`,
    ...[...details, ...entries].map((line) => `> ${line}`),
    ...(more === null ? [] : [`> ${more}`]),
    ...links.map(({ text, url }) => `[${text}](${url})`),
  ].join('\n')
}
