// What the API says of score cards and appeals, why it says nothing, and what it is sent.
import { dateAt } from './periods.js'
import { ask as askSignedIn } from './session.js'

/**
 * @typedef {{ min?: number, max?: number }} Target
 * @typedef {{ value: number | null, reason?: string, unit: string, numerator?: number, denominator?: number, count?: number, sum?: number,
 *   p50?: number | null, p90?: number | null, p95?: number | null, p99?: number | null, currency?: string, target?: Target,
 *   status: string, definition: string, provisionalUntil?: string }} Value
 * @typedef {'value' | 'p50' | 'p90' | 'p95' | 'p99'} Statistic
 * @typedef {{ id: string, name: string }} Band
 * @typedef {{ kpi: string, name: string, statistic: Statistic, slice: string | null, weight: number }} CardKpi
 * @typedef {{ id: string, name: string, period: 'week' | 'month' | 'quarter', kpis: CardKpi[], bands: (Band & { from: number })[] }} Card
 * @typedef {{ kpi: string, statistic: Statistic, slice: string, weight: number, value: Value, points: number | null,
 *   leftOut: { byAppeal: string | null, slice: string | null }, rule: 'line' | 'few' | 'empty' | null, adds: number | null }} Item
 * @typedef {{ agentId: string, team: string | null, role: string | null, total: number | null, band: Band | null, rank: number | null,
 *   ranked: number | null, top: boolean, closed: boolean, revision?: number, closedAt?: string, provisionalUntil?: string,
 *   salesIndex: { value: number | null, agents: number }, missingWeight: number, weakest: string | null, lowInARow: number, topQuartersInARow: number,
 *   appeals: { open: number, decided: number }, items: Item[] }} Row
 * @typedef {{ problem: 'ahead' | 'jump' | 'silence' | 'append' | 'sender' } | null} Clock
 * @typedef {{ tenant: string, asOf: string, stale: boolean, clock: Clock, incomplete?: { since: string, records: number } }} Known
 * @typedef {Known & { timeZone: string, card: Card, start: string, end: string, label: string }} About
 * @typedef {About & { rows: Row[] }} Scores
 * @typedef {{ kpi: string, slice: string, before: number | null, after: number | null, pointsBefore: number | null, pointsAfter: number | null }} Change
 * @typedef {{ start: string, end: string, label: string, total: number | null, band: Band | null }} Point
 * @typedef {{ revision: number, closedAt: string, total: number | null, band: Band | null, changes: Change[] }} Revision
 * @typedef {About & Row & { course: Point[], revisions: Revision[], appealsAbout: Appeal[] }} AgentScore
 * @typedef {{ appealId: string, agentId: string, period: { start: string, end: string }, state: 'open' | 'granted' | 'partly-granted' | 'refused', reason: string,
 *   filedAt: string, filedBy: string | null, contacts: { contactId: string, leftOut: boolean, kept: boolean }[], scores: { kind: string, id: string, leftOut: boolean }[],
 *   kpis: { kpi: string, leftOut: boolean }[], decidedAt: string | null, decidedBy: string | null, note: string | null }} Appeal
 * @typedef {Known & { timeZone: string, count: number, appeals: Appeal[] }} Appeals
 * @typedef {{ numerator?: number, denominator?: number, count?: number, sum?: number, value?: number }} Added
 * @typedef {string | number | boolean | null} Cell
 * @typedef {Added & { at: string, durationMs?: number, row: Record<string, Cell> | null,
 *   open: { kind: string, since: string, contactId?: string, agentId?: string } | null }} ExplainedRow
 * @typedef {Known & { source: 'state' | 'log', value: Value, sums: Added, rows: ExplainedRow[], cursor?: string }} Explained
 * @typedef {import('./language.js').Language} Language
 */

/** `at`: the parameter that was refused. @template Body @typedef {{ kind: 'ok', body: Body } | { kind: 'refused', code: string, at: string | null, detail: string } | { kind: 'unreachable' }} Answer */

const timeoutMs = 15_000
/** What is older than the states is made again from the log. */
const explainTimeoutMs = 70_000

/** @template Body @param {string} path @param {{ withinMs?: number, send?: object }} [how] `send`: as the body of a POST @returns {Promise<Answer<Body>>} */
async function ask(path, { withinMs = timeoutMs, send } = {}) {
  const posted = send && {
    ...{ method: 'POST', body: JSON.stringify(send) },
    headers: { 'content-type': 'application/json' },
  }
  try {
    const response = await askSignedIn(path, {
      ...{ cache: 'no-cache', signal: AbortSignal.timeout(withinMs) },
      ...posted,
    })
    const body = await response.json()
    if (!response.ok) {
      const { code, detail, errors } = body
      return { kind: 'refused', code, detail, at: errors?.[0]?.path ?? null }
    }
    // Log time moves on where nothing else does: then the header alone says as of when the body stands.
    const asOf = response.headers.get('deskpulse-as-of') ?? body.asOf
    return { kind: 'ok', body: { ...body, asOf } }
  } catch {
    return { kind: 'unreachable' } // No answer, or one that is not ours: a proxy's.
  }
}

const part = encodeURIComponent
const base = (/** @type {string} */ tenant) => `/v1/tenants/${part(tenant)}`

/** @returns {Promise<Answer<{ tenants: string[], alertsPage: string | null, importPage: string | null }>>} */
export const places = () => ask('/wallboard/tenants.json')

/** @param {string} tenant @param {Language} language @returns {Promise<Answer<Known & { cards: Card[] }>>} */
export const cardsOf = (tenant, language) => ask(`${base(tenant)}/scorecards?lang=${language}`)

/** @typedef {{ tenant: string, card: string, period: string, language: Language }} Asked */

/** @param {Asked} asked */
const periodPath = ({ tenant, card, period }) =>
  `${base(tenant)}/scorecards/${part(card)}/periods/${part(period)}`

/** @param {Asked} asked @returns {Promise<Answer<Scores>>} */
export const scoresOf = (asked) => ask(`${periodPath(asked)}?lang=${asked.language}`)

/** @param {Asked} asked @param {'csv' | 'xlsx'} format */
export const tableAddress = (asked, format) =>
  `${periodPath(asked)}?lang=${asked.language}&format=${format}${format === 'csv' ? '&bom=true' : ''}`

/** @param {Asked & { agent: string }} asked @returns {Promise<Answer<AgentScore>>} */
export const agentScoreOf = (asked) =>
  ask(`${periodPath(asked)}/agents/${part(asked.agent)}?lang=${asked.language}`)

/** @typedef {{ tenant: string, kpi: string, slice: string, period: string, from: string }} RowsAsked */

/** The rows that make a value, so many at a time. @param {RowsAsked} asked @param {string} [cursor] @returns {Promise<Answer<Explained>>} */
export function explain({ tenant, ...asked }, cursor) {
  const query = new URLSearchParams({ ...asked, limit: '20', ...(cursor && { cursor }) })
  return ask(`${base(tenant)}/kpis/explain?${query}`, { withinMs: explainTimeoutMs })
}

/** What appeals leave out of the values of a card, by slice and KPI. @param {AgentScore} agent @returns {Promise<Answer<{ rows: { slice: string, kpis: Record<string, Value> }[] }>>} */
export function leftOutOf({ tenant, card, items, start, end, timeZone }) {
  const slices = new Set(items.flatMap(({ leftOut }) => leftOut.slice ?? []))
  const query = new URLSearchParams([
    ['period', card.period],
    ['from', dateAt(start, timeZone)],
    ['to', dateAt(end, timeZone)],
    ['kpis', [...new Set(items.map(({ kpi }) => kpi))].join(',')],
    ...Array.from(slices, (slice) => ['slice', slice]),
  ])
  return ask(`${base(tenant)}/kpis/periods?${query}`)
}

/** Appeals of the tenant that nobody has decided yet. @param {string} tenant @returns {Promise<Answer<Appeals>>} */
export const openAppealsOf = (tenant) => ask(`${base(tenant)}/appeals?state=open`)

/** What is sent is taken down, and read back once the log has it. @param {string} tenant @param {object} appeal @returns {Promise<Answer<object>>} */
export const fileAppeal = (tenant, appeal) => ask(`${base(tenant)}/appeals`, { send: appeal })

/** @param {string} tenant @param {string} appealId @param {object} decision @returns {Promise<Answer<object>>} */
export const decideAppeal = (tenant, appealId, decision) =>
  ask(`${base(tenant)}/appeals/${part(appealId)}/decision`, { send: decision })
