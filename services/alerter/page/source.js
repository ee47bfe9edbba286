// What the server says, and what it is asked to do.
import { ask as askSignedIn, currentSession } from './session.js'

/**
 * @typedef {{ readonly en: string, readonly zh: string }} Text
 * @typedef {'waiting' | 'delivered' | 'failing' | 'given-up' | 'coalesced' | 'disabled'} Delivered
 * @typedef {{ endpoint: string, status: Delivered, at: string | null, attempts: number, deliveryId: string | null }} Told
 * @typedef {{ alertId: string, tenant: string, rule: string, kind: 'deadline' | 'windowed', status: 'pending' | 'firing' | 'resolved',
 *   severity: 'info' | 'warning' | 'critical', slice: string, subject: string, contactId: string | null, agentId: string | null,
 *   state: string | null, channel: string | null, since: string, startedAt: string | null, endedAt: string | null, late: boolean, retracted: boolean, withdrawn: boolean, kpi: string | null,
 *   value: number | null, limit: number, unit: string, labels: Record<string, string>, text: Text,
 *   acknowledgement: { author: string, comment: string, at: string } | null, silencedBy: string[],
 *   told: { why: keyof import('./texts.js').Texts['why'], at: string | null, nextAt: string | null, endpoints: Told[] } | null }} Alert
 * @typedef {{ asOf: string, stale: boolean, clock: { problem: 'ahead' | 'jump' | 'silence' | 'append' | 'sender' } | null, rows: Alert[], cursor?: string }} Alerts
 * @typedef {{ on: string, label?: string, value: string }} Matcher
 * @typedef {{ id: string, matchers: Matcher[], author: string, comment: string, startsAt: string, endsAt: string,
 *   status: 'to-come' | 'in-force' | 'over' }} Silence
 * @typedef {{ name: string, kind: 'windowed' | 'deadline', enabled: boolean, severity: Alert['severity'], hours: unknown, repeat: number | null,
 *   endpoints: string[] | null, subject?: 'contact' | 'agent' | 'source' | 'dimension' | 'pipeline' | 'endpoint' | 'clock' | 'records', limit?: number, waits?: string[], classes?: string[],
 *   states?: string[], slice?: string, kpi?: string, statistic?: string, window?: string, comparison?: 'above' | 'below', threshold?: number,
 *   recovery?: number, minimumSample?: number, for?: number }} Rule
 * @typedef {{ rule: Rule, origin: 'shipped' | 'file' | 'api' }} RuleRow
 * @typedef {{ version: string | null, rows: RuleRow[] }} Rules
 * @typedef {{ from: string, to: string, entries: number | null, count: number, notified: number, notes: { code: string, text: string }[],
 *   alerts: { subject: string, startedAt: string, endedAt: string | null, value: number | null, late: boolean, retracted: boolean }[] }} DryRun
 * @typedef {{ name: string, kind: string, host: string, severity: Alert['severity'], tenants: string[] | null, alerts: boolean, closedPeriods: string[], appeals: boolean,
 *   status: 'healthy' | 'failing' | 'disabled', failingSince: string | null, lastDeliveredAt: string | null,
 *   disabled: { since: string, reason: 'failing' | 'gone', detail: string } | null, waiting: number }} Endpoint
 * @typedef {{ number: number, at: string, durationMs: number | null, outcome: keyof import('./texts.js').Texts['outcomes'] | null,
 *   httpStatus: number | null, reason: string | null, detail: string | null }} Attempt
 * @typedef {{ id: string, createdAt: string, status: Delivered, reason: string | null, nextAttemptAt: string | null, test: boolean,
 *   alerts: { alertId: string, tenant: string, rule: string, status: 'firing' | 'resolved' }[],
 *   closedPeriods: { tenant: string, kind: string, label: string, count: number } | null,
 *   appeals: { tenant: string, appealId: string, agentId: string, decision: 'granted' | 'partly-granted' | 'refused' | null }[], attemptCount: number, attempts: Attempt[] }} Delivery
 * @typedef {{ id: string, unit: string, name: Text }} Kpi
 * @typedef {{ tenants: string[], boardPage: string | null, kpis: Kpi[], words: { en: import('./words.js').Words, zh: import('./words.js').Words } }} Places
 * @typedef {{ code: string, status: number, detail: string, errors?: { path: string, expected: string, got: string }[] }} Problem
 */

/** @template Body @typedef {{ kind: 'ok', body: Body, status: number } | { kind: 'problem', problem: Problem } | { kind: 'unreachable' }} Answer */

const timeoutMs = 8_000
/** The server reads a day, and stops by itself. */
const dryRunTimeoutMs = 40_000

/** @template Body @param {string} path @param {RequestInit} [init] @param {number} [withinMs] @returns {Promise<Answer<Body>>} */
async function request(path, init = {}, withinMs = timeoutMs) {
  try {
    const response = await askSignedIn(path, {
      cache: 'no-cache',
      signal: AbortSignal.timeout(withinMs),
      ...init,
    })
    if (response.status === 204) return { kind: 'ok', body: /** @type {Body} */ ({}), status: 204 }
    const body = await response.json()
    return response.ok
      ? { kind: 'ok', body, status: response.status }
      : { kind: 'problem', problem: body }
  } catch {
    return { kind: 'unreachable' } // No answer, or one that is not ours: a proxy's.
  }
}

/** @param {string} method @param {object} body @returns {RequestInit} */
const withBody = (method, body) => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})
const part = encodeURIComponent

/** @param {string} tenant */
const at = (tenant) => `/v1/tenants/${part(tenant)}`
/** @param {string} endpoint */
const atEndpoint = (endpoint) => `/v1/alert-endpoints/${part(endpoint)}`

/** Who does something: `undefined` is whoever is signed in. @typedef {string | undefined} Author */

/** @param {Record<string, string | null | undefined>} values */
function queryOf(values) {
  const said = Object.entries(values).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value]],
  )
  return said.length === 0 ? '' : `?${new URLSearchParams(said)}`
}

export const ask = {
  session: currentSession,
  /** @returns {Promise<Answer<Places>>} */
  places: () => request('/alerts/places.json'),
  /** @param {string} tenant @param {'pending' | 'firing' | 'resolved'} status @param {number} limit @param {Partial<import('./settings.js').Filter>} [filter] @returns {Promise<Answer<Alerts>>} */
  alerts: (tenant, status, limit, filter = {}) => {
    const query = queryOf({ status, limit: String(limit), ...filter })
    return request(`${at(tenant)}/alerts${query}`)
  },
  /** @param {string} tenant @param {string} alertId @returns {Promise<Answer<Alert>>} */
  alert: (tenant, alertId) => request(`${at(tenant)}/alerts/${part(alertId)}`),
  /** @param {string} tenant @returns {Promise<Answer<{ rows: Silence[] }>>} */
  silences: (tenant) => request(`${at(tenant)}/silences`),
  /** @param {string} tenant @returns {Promise<Answer<Rules>>} */
  rules: (tenant) => request(`${at(tenant)}/alert-rules`),
  /** @returns {Promise<Answer<{ rows: Endpoint[] }>>} */
  endpoints: () => request('/v1/alert-endpoints'),
  /** @param {string} endpoint @param {number} limit @returns {Promise<Answer<{ rows: Delivery[] }>>} */
  deliveries: (endpoint, limit) => request(`${atEndpoint(endpoint)}/deliveries?limit=${limit}`),
  /** @param {string} tenant @param {Record<string, unknown>} rule @returns {Promise<Answer<DryRun>>} */
  dryRun: (tenant, rule) =>
    request(`${at(tenant)}/alert-rules/dry-run`, withBody('POST', { rule }), dryRunTimeoutMs),
}

export const tell = {
  /** @param {string} tenant @param {string} alertId @param {{ author: Author, comment: string }} body @returns {Promise<Answer<object>>} */
  acknowledge: (tenant, alertId, body) =>
    request(`${at(tenant)}/alerts/${part(alertId)}/acknowledge`, withBody('POST', body)),
  /** @param {string} tenant @param {{ author: Author, comment: string, matchers: Matcher[], duration: string }} body @returns {Promise<Answer<object>>} */
  silence: (tenant, body) => request(`${at(tenant)}/silences`, withBody('POST', body)),
  /** @param {string} tenant @param {string} id @param {Author} author @returns {Promise<Answer<object>>} */
  endSilence: (tenant, id, author) =>
    request(`${at(tenant)}/silences/${part(id)}${queryOf({ author })}`, { method: 'DELETE' }),
  /** @param {string} tenant @param {string} name @param {{ author: Author, version: string | null, rule: Record<string, unknown> }} body @returns {Promise<Answer<object>>} */
  rule: (tenant, name, body) =>
    request(`${at(tenant)}/alert-rules/${part(name)}`, withBody('PUT', body)),
  /** @param {string} tenant @param {string} name @param {Author} author @param {string | null} version @returns {Promise<Answer<object>>} */
  dropRule: (tenant, name, author, version) =>
    request(`${at(tenant)}/alert-rules/${part(name)}${queryOf({ author, version })}`, {
      method: 'DELETE',
    }),
  /** @param {string} endpoint @param {'enable' | 'test'} what @param {Author} author @returns {Promise<Answer<object>>} */
  endpoint: (endpoint, what, author) =>
    request(`${atEndpoint(endpoint)}/${what}`, withBody('POST', { author })),
  /** @param {string} endpoint @param {string} id @param {Author} author @returns {Promise<Answer<object>>} */
  resend: (endpoint, id, author) =>
    request(`${atEndpoint(endpoint)}/deliveries/${part(id)}/resend`, withBody('POST', { author })),
}
