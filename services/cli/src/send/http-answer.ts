import { keyHint } from './api-key.ts'
import {
  refusalsKeptMax,
  type Refusal,
  type SendResult,
  type TenantCode,
  tenantCodes,
} from './sender.ts'

/** What an answer of `POST /v1/tenants/{tenant}/events` means for its batch of `count` events. */
export type Answer =
  | { readonly kind: 'taken'; readonly result: SendResult }
  /** Send the same again, not before `afterMs`. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly reason: string }
  /** Too much at once, or unreadable as a whole: send the halves, so that one event does not spoil the others. */
  | { readonly kind: 'halve' }
  /** `tenantCode`: ingest does not take events of this tenant, for the reason of this code; another tenant's may be welcome. */
  | { readonly kind: 'failed'; readonly reason: string; readonly tenantCode?: TenantCode }

const retryAfterDefaultMs = 1_000
const retryAfterMaxMs = 60_000

export function answerOf(
  status: number,
  retryAfter: string | null,
  body: string,
  count: number,
  nowMs: number,
): Answer {
  if (status === 429 || status === 503)
    return {
      kind: 'again',
      afterMs: retryAfterMs(retryAfter, nowMs),
      reason: problemText(status, body),
    }
  if (status === 202 || status === 422) return taken(body, count) // 422: it refused every event.
  if (status === 400 || status === 413) {
    const whole = taken(body, count) // 400 may still account for each event: nothing of it could be read.
    if (whole.kind === 'taken') return whole
    return count > 1 ? { kind: 'halve' } : { kind: 'taken', result: refusedAlone(status, body) }
  }
  const reason = problemText(status, body) + keyHint(status, 'ingest')
  return { kind: 'failed', reason, ...tenantCodeOf(status, body) }
}

function tenantCodeOf(status: number, body: string): { readonly tenantCode?: TenantCode } {
  if (status !== 404 && status !== 409) return {}
  const { code } = fields(body)
  const tenantCode = tenantCodes.find((known) => known === code)
  return tenantCode === undefined ? {} : { tenantCode }
}

/** Seconds, or an HTTP date; what is neither counts as one second. */
export function retryAfterMs(header: string | null, nowMs: number): number {
  if (header === null) return retryAfterDefaultMs
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? retryAfterDefaultMs : Math.min(Math.max(ms, 0), retryAfterMaxMs)
}

function taken(body: string, count: number): Answer {
  const { accepted, refused, refusals } = fields(body)
  if (
    typeof accepted !== 'number' ||
    accepted + (typeof refused === 'number' ? refused : 0) !== count
  ) {
    return {
      kind: 'failed',
      reason: `the answer does not account for ${count} events: ${shortened(body)}`,
    }
  }
  return { kind: 'taken', result: { accepted, ...refusalsOf(refusals, count - accepted) } }
}

/** The list may be cut short by the server: what it does not spell out is counted as `other`. */
function refusalsOf(list: unknown, count: number): Pick<SendResult, 'refusedByCode' | 'refusals'> {
  const refusedByCode = new Map<string, number>()
  const refusals: Refusal[] = []
  for (const item of Array.isArray(list) ? list.slice(0, count) : []) {
    const refusal = refusalOf(item as Record<string, unknown>)
    refusedByCode.set(refusal.code, (refusedByCode.get(refusal.code) ?? 0) + 1)
    if (refusals.length < refusalsKeptMax) refusals.push(refusal)
  }
  const listed = refusedByCode.values().reduce((sum, n) => sum + n, 0)
  if (listed < count) refusedByCode.set('other', count - listed)
  return { refusedByCode, refusals }
}

function refusalOf(item: Record<string, unknown>): Refusal {
  const detail = [
    item['path'],
    item['expected'] && `expected ${text(item['expected'])}`,
    item['got'] !== undefined && `got ${text(item['got'])}`,
    item['nearest'] !== undefined && `nearest ${text(item['nearest'])}`,
  ]
  return {
    code: typeof item['code'] === 'string' ? item['code'] : 'other',
    id: typeof item['id'] === 'string' ? item['id'] : null,
    detail: detail.filter((part) => typeof part === 'string' && part !== '').join(', '),
  }
}

/** A single event to which the server said 400 or 413 as a whole. */
function refusedAlone(status: number, body: string): SendResult {
  const { code, detail } = fields(body)
  const refusal = {
    code: typeof code === 'string' ? code : `http-${status}`,
    id: null,
    detail: typeof detail === 'string' ? detail : '',
  }
  return { accepted: 0, refusedByCode: new Map([[refusal.code, 1]]), refusals: [refusal] }
}

/** A problem in one line. */
export function problemText(status: number, body: string): string {
  const { code, detail, title } = fields(body)
  const words = [code, detail ?? title].filter((part) => typeof part === 'string').join(': ')
  return `HTTP ${status}${words === '' ? ` ${shortened(body)}` : ` ${words}`}`.trim()
}

function fields(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // Not our server's JSON: the status alone speaks.
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function shortened(body: string): string {
  return body.length > 200 ? `${body.slice(0, 200)}…` : body
}
