import type { Channel, Verdict } from './channel.ts'
import { type Digest, plainDigestOf } from './digest.ts'
import { bytesOf } from './fit.ts'
import { type Laid, laidOut } from './layout.ts'
import { jsonRequest } from './request.ts'
import { judgeStatus, refused } from './verdict.ts'

/** Teams says 28 KB, and counts them after an encoding that makes them a third more. */
const bodyBytesMax = 20_000

const colours: Readonly<Record<Digest['tone'], string>> = {
  critical: 'attention',
  warning: 'warning',
  info: 'accent',
  over: 'good',
}

/**
 * A Microsoft Teams workflow ("when a webhook request is received"): an adaptive card in a message, four requests a second. It answers 202 before it
 * posts anything; a workflow with an answer of its own, and the connectors of old (`1`), answer 200. Text stands in text runs, which know no markdown.
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
export const teams: Channel = {
  noticesMax: 200,
  parallel: 1,
  gapMs: 300,
  request(endpoint, message) {
    const digest = plainDigestOf(message.notices, endpoint.language)
    return jsonRequest(
      endpoint.url,
      laidOut(digest, bodyOf, (built) => bytesOf(built) <= bodyBytesMax),
    )
  },
  judge(answer, nowMs): Verdict {
    const byStatus = judgeStatus(answer, nowMs)
    if (byStatus !== null) return byStatus
    if (answer.status === 202 || /^1?$/u.test(answer.body.trim())) return { kind: 'accepted' }
    // A connector of old answers 200 and tells in its body what Teams said to it.
    return refused(
      /HTTP error 429/u.test(answer.body) ? 'rate-limited' : 'strange-answer',
      answer.body,
    )
  },
}

function bodyOf({ tone, title, details, entries, more, links }: Laid): string {
  const line = (text: string, style: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...style }],
  })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      line(title, { size: 'medium', weight: 'bolder', color: colours[tone] }),
      ...[...details, ...entries].map((text) => line(text)),
      ...(more === null ? [] : [line(more, { isSubtle: true })]),
    ],
    actions: links.map(({ text, url }) => ({ type: 'Action.OpenUrl', title: text, url })),
  }
  const attachment = {
    contentType: 'application/vnd.microsoft.card.adaptive',
    contentUrl: null,
    content,
  }
  return JSON.stringify({ type: 'message', attachments: [attachment] })
}
