// How values are found in the API's answers, and judged in words.

/**
 * @typedef {import('./source.js').Value} Value
 * @typedef {import('./source.js').Live} Live
 * @typedef {import('./texts.js').Texts} Texts
 * @typedef {'ok' | 'warning' | 'breach' | 'no-data'} Status
 * @typedef {{ live: Live, today: Live, within: string }} Answers of the last 15 minutes and of today; `within`: the KPI of answers in time
 * @typedef {{ t: Texts, language: string, nowMs: number }} Setting `nowMs`: log time of this instant, between two answers
 */

/** @type {Value} */
export const nothing = { value: null, status: 'no-data' }

/** @type {WeakMap<Live, Map<string, Record<string, Value>>>} KPIs by slice: an answer may have a thousand, and is shown four times a second. */
const indexes = new WeakMap()

/** @param {Live} live */
function indexOf(live) {
  const index = indexes.get(live) ?? new Map(live.rows.map((row) => [row.slice, row.kpis]))
  indexes.set(live, index)
  return index
}

/** @param {Live} live @param {string} slice @param {string} kpi @returns {Value | undefined} */
export const find = (live, slice, kpi) => indexOf(live).get(slice)?.[kpi]

/** Whether the answer says anything of the slice: of many queues it has only the first ones. @param {Live} live @param {string} slice */
export const has = (live, slice) => indexOf(live).has(slice)

/** Whether there are more queues than the answers have room for: contacts without a queue are the last ones. @param {Answers} answers */
export const isCut = ({ live, today }) =>
  [live, today].some((answer) => answer.cursor !== undefined && !has(answer, 'queue=none'))

/** Of the slice, else of the one that every tenant has. @param {Live} live @param {string} slice @param {string} kpi @returns {Value} */
export const of = (live, slice, kpi) => find(live, slice, kpi) ?? find(live, 'all', kpi) ?? nothing

/** How long the one who waits longest has waited, in ms; `null`: nobody waits. @param {Value} value @param {Setting} setting */
export const longest = (value, { nowMs }) =>
  value.since === undefined ? null : nowMs - Date.parse(value.since)

/** Whether it had a value in the last 15 minutes or today. @param {Answers} answers @param {string} slice @param {string} kpi */
const isKnown = ({ live, today }, slice, kpi) =>
  [live, today].some((answer) => of(answer, slice, kpi).value !== null)

/** Whether a reply of a live channel is owed now, or was given or due in the last 15 minutes or today. @param {Answers} answers */
export const hasReplies = (answers) =>
  (find(answers.live, 'class=live', 'waiting_now')?.value ?? 0) > 0 ||
  ['response_time', answers.within].some((kpi) => isKnown(answers, 'class=live', kpi))

/** Whether a reply of any channel, so of e-mail and tickets where no live one is, was given or due in the last 15 minutes or today. @param {Answers} answers */
export const hasMail = (answers) =>
  ['response_time', 'answered_within_target_of_due'].some((kpi) => isKnown(answers, 'all', kpi))

/**
 * Whether a call waits in a queue now, or came into one in the last 15 minutes or today. Calls that are in no queue have no figures of their own.
 * @param {Answers} answers
 */
export const hasCalls = ({ live, today }) =>
  [live, today].some((answer) => (of(answer, 'class=voice', 'contacts_offered').value ?? 0) > 0) ||
  live.rows.some(
    ({ slice, kpis }) =>
      isQueue(slice) && slice !== 'queue=none' && (kpis['queued_now']?.value ?? 0) > 0,
  )

/** Whether agents were at work in the last 15 minutes or today. @param {Answers} answers */
export const hasOccupancy = (answers) => isKnown(answers, 'all', 'occupancy')

/** The status and its word; a value without a target is neither good nor bad. @param {Value} value @param {Texts} t */
export function judged({ status, target, value }, t) {
  if (value === null || status === 'no-data')
    return { status: /** @type {Status} */ ('no-data'), word: t['no-data'] }
  if (target === undefined) return { status: /** @type {Status} */ ('no-data'), word: '' }
  if (status !== 'warning') return { status, word: t[status] }
  return { status, word: value < (target.min ?? -Infinity) ? t.slightlyBelow : t.slightlyAbove }
}

/** `Answered in 30 s`. @param {string} within @param {Texts} t */
export function withinLabel(within, t) {
  const seconds = /_(\d+)s_/.exec(within)?.[1]
  return seconds === undefined ? t.withinLimit : t.within(Number(seconds))
}

/** @param {string} slice */
export const isQueue = (slice) => slice.startsWith('queue=') && !slice.includes(',')

/** @param {string} slice @param {Texts} t */
export function queueName(slice, t) {
  const name = decodeURIComponent(slice.slice('queue='.length))
  return name === 'none' ? t.noQueue : name === 'other' ? t.otherQueues : name
}
