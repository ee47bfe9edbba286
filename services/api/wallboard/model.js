// From the API's answers to what the board shows. No document in here.
import { clock, dash, duration, percent, range, wait, whole } from './format.js'

/**
 * @typedef {import('./source.js').Value} Value
 * @typedef {import('./source.js').Live} Live
 * @typedef {import('./texts.js').Texts} Texts
 * @typedef {'ok' | 'warning' | 'breach' | 'no-data'} Status
 * @typedef {{ fill: number, low?: number, high?: number }} Meter shares of the meter's length
 * @typedef {{ id: string, label: string, status: Status, word: string, value: string, unit: string, detail: string, meter?: Meter }} Tile
 * @typedef {{ text: string, status?: Status, word?: string, minor?: boolean }} Cell
 * @typedef {{ name: string, cells: Cell[] }} Row
 * @typedef {{ t: Texts, language: string, nowMs: number }} Setting `nowMs`: log time of this instant, between two answers
 */

/** @type {Value} */
const nothing = { value: null, status: 'no-data' }

/** @param {Live} live @param {string} slice @param {string} kpi @returns {Value | undefined} */
const find = (live, slice, kpi) => live.rows.find((row) => row.slice === slice)?.kpis[kpi]

/** Of the slice, else of the one that every tenant has. @param {Live} live @param {string} slice @param {string} kpi @returns {Value} */
const of = (live, slice, kpi) => find(live, slice, kpi) ?? find(live, 'all', kpi) ?? nothing

/** @param {Value} value @param {Setting} setting */
const longest = (value, { nowMs }) => (value.since === undefined ? null : nowMs - Date.parse(value.since))

/** @param {Live} live @param {Texts} t @returns {Pick<Tile, 'status' | 'word'>} */
function waitingStatus(live, t) {
  const over = of(live, 'all', 'waiting_over_target').value ?? 0
  if (over > 0) return { status: 'breach', word: t.overLimit(over) }
  return { status: 'ok', word: (of(live, 'all', 'waiting_now').value ?? 0) === 0 ? t.nobodyWaits : t.allWithin }
}

/** The word of a status; a value without a target is neither good nor bad. @param {Value} value @param {Texts} t */
function judged({ status, target, value }, t) {
  if (value === null || status === 'no-data') return { status: /** @type {Status} */ ('no-data'), word: t['no-data'] }
  if (target === undefined) return { status: /** @type {Status} */ ('no-data'), word: '' }
  return { status, word: t[status] }
}

/** @param {(string | false | undefined)[]} parts */
const line = (...parts) => parts.filter(Boolean).join(' · ')

/** @param {Live} live @param {Setting} setting @returns {Tile[]} */
function waitTiles(live, setting) {
  const { t, language } = setting
  const agents = of(live, 'all', 'agents_by_state').breakdown
  const available = agents === undefined ? '' : t.available(whole(agents['available'] ?? 0, language))
  const waiting = of(live, 'all', 'waiting_now')
  const oldest = of(live, 'all', 'longest_wait')
  const ms = longest(oldest, setting)
  const queue = live.rows.find((row) => isQueue(row.slice) && row.kpis['longest_wait']?.since === oldest.since && ms !== null)
  const status = waitingStatus(live, t)
  const detail = oldest.since === undefined ? '' : line(t.since(clock(oldest.since, language)), queue && queueName(queue.slice, t))
  return [
    { id: 'waiting', label: t.waiting, ...status, value: whole(waiting.value ?? 0, language), unit: '', detail: available },
    { id: 'longest', label: t.longest, ...status, value: ms === null ? dash.text : wait(ms), unit: '', detail },
  ]
}

/** @param {Live} live @param {Setting} setting @returns {Tile} */
function responseTile(live, { t, language }) {
  const value = of(live, 'class=live', 'response_time')
  const shown = value.value === null ? dash : duration(value.value, t)
  const goal = value.target?.max
  const detail = value.value === null ? t.noReplies : t.replies(whole(value.count ?? 0, language))
  return {
    ...{ id: 'response', label: t.response, ...judged(value, t), value: shown.text, unit: shown.unit },
    detail: line(goal !== undefined && t.target(range({ max: goal }, (ms) => duration(ms, t))), detail),
    ...(goal !== undefined && { meter: { fill: Math.min(1, (value.value ?? 0) / (2 * goal)), high: 0.5 } }),
  }
}

/** @param {string} id @param {string} label @param {Value} value @param {string} detail @param {Texts} t @returns {Tile} */
function ratioTile(id, label, value, detail, t) {
  const shown = value.value === null ? dash : percent(value.value)
  const { target = {} } = value
  const goal = value.target === undefined ? '' : t.target(range(target, percent))
  const meter = { fill: Math.min(1, value.value ?? 0), low: target.min, high: target.max }
  return { id, label, ...judged(value, t), value: shown.text, unit: shown.unit, detail: line(goal, detail), meter }
}

/** @param {Live} live @param {Setting} setting */
function agentsText(live, { t, language }) {
  const { value, breakdown = {} } = of(live, 'all', 'agents_by_state')
  return value === null ? t.noAgents : t.signedIn(whole(value - (breakdown['offline'] ?? 0), language))
}

/** The six figures. @param {Live} live @param {Live} today @param {string} within @param {Setting} setting @returns {Tile[]} */
export function tilesOf(live, today, within, setting) {
  const { t, language } = setting
  const answered = of(live, 'class=live', within)
  const occupancy = of(live, 'all', 'occupancy')
  const seconds = /_(\d+)s_/.exec(within)?.[1]
  const parts = answered.value !== null && t.of(whole(answered.numerator ?? 0, language), whole(answered.denominator ?? 0, language))
  const opened = of(today, 'all', 'contacts_opened').value ?? 0
  const handled = of(today, 'all', 'contacts_handled').value ?? 0
  return [
    ...waitTiles(live, setting),
    responseTile(live, setting),
    ratioTile('within', seconds === undefined ? t.withinLimit : t.within(Number(seconds)), answered, parts || t.noReplies, t),
    ratioTile('occupancy', t.occupancy, occupancy, agentsText(live, setting), t),
    ...[{ id: 'today', label: t.today, value: whole(opened, language), unit: '', detail: t.handled(whole(handled, language)) }].map(
      (tile) => ({ ...tile, status: /** @type {Status} */ ('no-data'), word: '' }),
    ),
  ]
}

/** @param {string} slice */
const isQueue = (slice) => slice.startsWith('queue=') && !slice.includes(',')

/** @param {string} slice @param {Texts} t */
function queueName(slice, t) {
  const name = decodeURIComponent(slice.slice('queue='.length))
  return name === 'none' ? t.noQueue : name
}

/** @param {Texts} t @param {string} within @returns {Cell[]} */
export function queueHead(t, within) {
  const seconds = /_(\d+)s_/.exec(within)?.[1]
  const answered = seconds === undefined ? t.withinLimit : t.within(Number(seconds))
  return [...[t.queue, t.waiting, t.longest, t.response, answered].map((text) => ({ text })), { text: t.today, minor: true }]
}

/** One row a queue, the longest wait first. A queue that nothing happened in is left out. */
/** @param {Live} live @param {Live} today @param {string} within @param {Setting} setting @returns {Row[]} */
export function queueRows(live, today, within, setting) {
  const { t, language } = setting
  /** @param {Value | undefined} value @param {(value: number) => import('./format.js').Shown} show @returns {Cell} */
  const cell = (value = nothing, show) => {
    if (value.value === null) return { text: dash.text }
    const { text, unit } = show(value.value)
    return { text: `${text} ${unit}`.trim(), ...(value.target !== undefined && judged(value, t)) }
  }
  const rows = live.rows
    .filter((row) => isQueue(row.slice))
    .map(({ slice, kpis }) => {
      const replies = live.rows.find((row) => row.slice === `${slice},class=live`)?.kpis ?? kpis
      const waiting = kpis['waiting_now']?.value ?? 0
      const over = kpis['waiting_over_target']?.value ?? 0
      const ms = longest(kpis['longest_wait'] ?? nothing, setting)
      const opened = find(today, slice, 'contacts_opened')?.value ?? 0
      /** @type {Pick<Cell, 'status' | 'word'>} */
      const status = over > 0 ? { status: 'breach', word: t.overLimit(over) } : {}
      const cells = [
        { text: whole(waiting, language), ...status },
        { text: ms === null ? dash.text : wait(ms), ...(ms !== null && status) },
        cell(replies['response_time'], (value) => duration(value, t)),
        cell(replies[within], percent),
        { text: whole(opened, language), minor: true },
      ]
      return {
        name: queueName(slice, t),
        cells,
        rank: ms ?? (slice === 'queue=none' ? -2 : -1),
        quiet: waiting === 0 && opened === 0 && (replies['response_time']?.value ?? null) === null,
      }
    })
  return rows.filter((row) => !row.quiet).sort((a, b) => b.rank - a.rank || (a.name < b.name ? -1 : 1))
}
