// One look at a tenant: what the API says now, or why it says nothing.
import { ask as askSignedIn } from './session.js'

/**
 * @typedef {{ value: number | null, status: 'ok' | 'warning' | 'breach' | 'no-data', since?: string, numerator?: number, denominator?: number,
 *   count?: number, breakdown?: Record<string, number>, target?: { min?: number, max?: number } }} Value
 * @typedef {{ tenant: string, asOf: string, stale: boolean,
 *   incomplete?: { since: string, until: string, records: number },
 *   clock: { problem: 'ahead' | 'jump' | 'silence' | 'append' | 'sender' } | null, rows: { slice: string, kpis: Record<string, Value> }[],
 *   cursor?: string }} Live `cursor`: there are more queues than the answer has room for
 * @typedef {{ kind: 'seen', live: Live, today: Live, within: string } | { kind: 'unknown-tenant' } | { kind: 'store-away' }
 *   | { kind: 'forbidden' } | { kind: 'unreachable' }} Look
 */

const timeoutMs = 5_000
const within30 = 'answered_within_30s_of_due'
const withinTarget = 'answered_within_target_of_due'

/** From all that the board shows down to what every tenant has: a tenant may keep fewer slices than the default ones. */
const levels = /** @type {const} */ ([
  {
    now: ['all', 'class=live', 'class=voice', 'queue=*', 'queue=*,class=live'],
    today: ['all', 'class=live', 'class=voice', 'queue=*'],
  },
  { now: ['all', 'queue=*'], today: ['all', 'queue=*'] },
  { now: ['all'], today: ['all'] },
])

/** @param {string} path */
const ask = (path) =>
  askSignedIn(path, { cache: 'no-cache', signal: AbortSignal.timeout(timeoutMs) })

/**
 * Log time moves on where nothing else does: then the browser has the body from its cache (the API answered 304), and the header alone says as of
 * when it stands.
 * @param {Response} answer @returns {Promise<Live>}
 */
const liveOf = async (answer) => {
  const live = await answer.json()
  return { ...live, asOf: answer.headers.get('deskpulse-as-of') ?? live.asOf }
}

/** @returns {Promise<{ tenants: string[], alertsPage: string | null, importPage: string | null } | 'forbidden'>} */
export async function places() {
  const response = await ask('/wallboard/tenants.json')
  if (response.status === 403) return 'forbidden'
  if (!response.ok) throw new Error(`tenants: ${response.status}`)
  return response.json()
}

/** @param {string} tenant @param {readonly string[]} slices @param {string} window @param {readonly string[]} kpis */
function path(tenant, slices, window, kpis) {
  const query = new URLSearchParams([
    ...slices.map((slice) => ['slice', slice]),
    ['window', window],
    ['kpis', kpis.join(',')],
  ])
  return `/v1/tenants/${encodeURIComponent(tenant)}/kpis/live?${query}`
}

/** All that the board can show. It asks for those of them that the catalogue has. */
const kpisNow = [
  ...[
    'waiting_now',
    'waiting_over_target',
    'longest_wait',
    'backlog',
    'response_time',
    within30,
    withinTarget,
  ],
  ...['occupancy', 'agents_by_state', 'agents_available'],
  ...['contacts_offered', 'queued_now', 'service_level_of_offered', 'speed_of_answer'],
]
const kpisToday = [
  'contacts_opened',
  'contacts_handled',
  'contacts_resolved',
  'response_time',
  within30,
  withinTarget,
  'occupancy',
  'contacts_offered',
  'abandon_rate',
]

/** Ids of the KPIs that any tenant has; `null`: the server cannot say. @returns {Promise<Set<string> | null>} */
async function catalogue() {
  const response = await ask('/v1/kpis')
  if (!response.ok) return null
  const { kpis } = await response.json()
  return new Set(kpis.map((/** @type {{ id: string }} */ { id }) => id))
}

/** Looks at a tenant, and remembers which of the levels and KPIs it has. @param {string} tenant @returns {() => Promise<Look>} */
export function lookAt(tenant) {
  /** @type {0 | 1 | 2} */
  let level = 0
  /** @type {Set<string> | null} */
  let offered = null

  /** @returns {Promise<Look | 'again'>} */
  async function look() {
    const kpis = (offered ??= await catalogue())
    if (kpis === null) return { kind: 'store-away' }
    const known = (/** @type {string} */ kpi) => kpis.has(kpi)
    const { now, today } = levels[level]
    const answers = await Promise.all([
      ask(path(tenant, now, '15m', kpisNow.filter(known))),
      ask(path(tenant, today, 'today', kpisToday.filter(known))),
    ])
    const failed = answers.find((answer) => !answer.ok)
    if (failed === undefined) {
      const [live, day] = await Promise.all([liveOf(answers[0]), liveOf(answers[1])])
      return { kind: 'seen', live, today: day, within: known(within30) ? within30 : withinTarget }
    }
    const { code, errors = [] } = await failed.json()
    if (code === 'unknown-tenant' || code === 'forbidden') return { kind: code }
    if (code === 'unknown-slice' && level < 2) level = level === 0 ? 1 : 2
    else if (
      code !== 'unknown-kpi' ||
      !errors.some((/** @type {{ got: string }} */ { got }) => kpis.delete(got))
    )
      return { kind: 'store-away' }
    return 'again'
  }

  return async () => {
    try {
      for (;;) {
        const seen = await look()
        if (seen !== 'again') return seen
      }
    } catch {
      return { kind: 'unreachable' } // No answer, or one that is not ours: a proxy's.
    }
  }
}
