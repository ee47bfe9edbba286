import type { Channel, Verdict } from './channel.ts'
import { digestOf } from './digest.ts'
import { mrkdwn } from './inert.ts'
import { type Laid, laidOut } from './layout.ts'
import { jsonRequest } from './request.ts'
import { judgeStatus, refused } from './verdict.ts'

/** A message may have 50 blocks of 3,000 characters, and yet `msg_blocks_too_long` comes from about 13,000 characters in all. */
const bodyCharactersMax = 12_000

/**
 * A Slack incoming webhook: blocks, one message a second. It answers `ok`, or says in one word why not.
 * `verbatim`: nothing in the text is looked through for links and names.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export const slack: Channel = {
  noticesMax: 200,
  parallel: 1,
  gapMs: 1_100,
  request(endpoint, message) {
    const digest = digestOf(message.notices, endpoint.language, mrkdwn)
    return jsonRequest(
      endpoint.url,
      laidOut(digest, bodyOf, (built) => built.length <= bodyCharactersMax),
    )
  },
  judge(answer, nowMs): Verdict {
    const byStatus = judgeStatus(answer, nowMs)
    if (byStatus !== null) return byStatus
    return answer.body.trim() === 'ok'
      ? { kind: 'accepted' }
      : refused('strange-answer', answer.body)
  },
}

function bodyOf({ title, details, entries, more, links }: Laid): string {
  const sections = [
    `*${title}*`,
    ...(details.length === 0 ? [] : [details.join('\n')]),
    ...entries.map((entry) => `• ${entry}`),
    ...(more === null ? [] : [more]),
    ...(links.length === 0
      ? []
      : [links.map(({ text, url }) => `<${url.replaceAll('&', '&amp;')}|${text}>`).join('  ')]),
  ]
  const blocks = sections.map((text) => ({
    type: 'section',
    text: { type: 'mrkdwn', text, verbatim: true },
  }))
  return JSON.stringify({ text: title, blocks, unfurl_links: false, unfurl_media: false })
}
