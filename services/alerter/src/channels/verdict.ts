import type { Answer, Verdict } from './channel.ts'

/** Why a message was refused: `redirect` (never followed), `rate-limited`, `status` (no success), `code` (a success whose body says otherwise), `strange-answer` (a success that the channel would not give). */
export type RefusalReason = 'redirect' | 'rate-limited' | 'status' | 'code' | 'strange-answer'

const detailCharactersMax = 200

export function refused(reason: RefusalReason, detail: string, afterMs?: number): Verdict {
  const short = detail.replaceAll(/\s+/gu, ' ').trim().slice(0, detailCharactersMax)
  return { kind: 'refused', reason, detail: short, ...(afterMs !== undefined && { afterMs }) }
}

/** What the status alone decides; `null`: a 2xx, and the channel looks at the body. */
export function judgeStatus(answer: Answer, nowMs: number): Verdict | null {
  const { status, headers, body } = answer
  if (status >= 200 && status < 300) return null
  if (status === 410)
    return { kind: 'gone', detail: `410 ${body}`.trim().slice(0, detailCharactersMax) }
  if (status >= 300 && status < 400)
    return refused('redirect', `${status} to ${headers['location'] ?? 'nowhere'}`)
  return refused(
    status === 429 ? 'rate-limited' : 'status',
    `${status} ${body}`,
    retryAfterMs(answer, nowMs),
  )
}

/** `Retry-After` in seconds or as a date (Feishu: `x-ogw-ratelimit-reset`), as ms from now; `undefined`: not said, or not understood. */
export function retryAfterMs({ headers }: Answer, nowMs: number): number | undefined {
  const said = (headers['retry-after'] ?? headers['x-ogw-ratelimit-reset'] ?? '').trim()
  if (/^\d{1,9}$/u.test(said)) return Number(said) * 1_000
  const atMs = /^[A-Z][a-z]{2,8},? /u.test(said) ? Date.parse(said) : Number.NaN
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}

export type CodeRules = {
  /** Members of the body that hold the code: 0 = accepted. */
  readonly members: readonly string[]
  readonly message: string
  /** Codes that mean "too fast", and how long to wait then. */
  readonly limited: ReadonlyMap<number, number>
}

/** The verdict of a robot that answers 200 and says in the body what it thinks. Any code but 0 is a refusal; without a code it was not the robot that answered. */
export function judgeCode(answer: Answer, nowMs: number, rules: CodeRules): Verdict {
  const said = read(answer.body)
  const codes = rules.members
    .map((member) => said?.[member])
    .filter((code) => Number.isInteger(code)) as readonly number[]
  const code = codes.find((one) => one !== 0) ?? codes[0]
  const byStatus = judgeStatus(answer, nowMs)
  const waitMs = code === undefined ? undefined : rules.limited.get(code)
  const message = said?.[rules.message]
  const detail = typeof message === 'string' ? `${code} ${message}` : String(code)
  if (byStatus?.kind === 'gone') return byStatus
  if (waitMs !== undefined)
    return refused('rate-limited', detail, retryAfterMs(answer, nowMs) ?? waitMs)
  if (byStatus !== null) return byStatus
  if (code === undefined) return refused('strange-answer', answer.body)
  return code === 0 ? { kind: 'accepted' } : refused('code', detail)
}

function read(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : null
  } catch {
    return null
  }
}
