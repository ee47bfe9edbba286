// From the API's answers to the rows of the table of queues. No document in here.
import { whole } from './figures.js'
import { find, has, isQueue, longest, nothing, queueName } from './values.js'

/**
 * @typedef {import('./values.js').Answers} Answers
 * @typedef {import('./values.js').Setting} Setting
 * @typedef {import('./queue-columns.js').Column} Column
 * @typedef {{ name: string, cells: import('./queue-columns.js').Cell[], over: number, waitMs: number }} Row `over`: customers over their limit;
 *   `waitMs`: of the first of them
 */

/** @param {readonly Column[]} columns @param {Answers} answers @param {string} slice @param {Setting} setting @returns {Row} */
const rowOf = (columns, { live }, slice, setting) => ({
  name: queueName(slice, setting.t),
  cells: columns.map(({ cell }) => cell(slice)),
  over: find(live, slice, 'waiting_over_target')?.value ?? 0,
  waitMs: longest(find(live, slice, 'longest_wait') ?? nothing, setting) ?? 0,
})

/** What shows that a queue is at work. A call that is passed on was not opened in its second queue, but offered there. */
const signs = [
  'waiting_now',
  'contacts_opened',
  'contacts_offered',
  'contacts_handled',
  'response_time',
]

/** Nobody waits in it, and nothing happened in it in the last 15 minutes or today. @param {Answers} answers @param {string} slice */
function isQuiet({ live, today }, slice) {
  const has = (/** @type {import('./values.js').Live} */ answer, /** @type {string} */ kpi) =>
    (find(answer, slice, kpi)?.value ?? 0) > 0
  return !signs.some((kpi) => has(live, kpi) || has(today, kpi))
}

/** Of a queue past the room of today's answer nothing is known of today: no row is better than one that says 0. @param {Answers} answers @param {string} slice */
const isShownToday = ({ today }, slice) => today.cursor === undefined || has(today, slice)

/**
 * One row a queue, by name, so that each keeps its place; other queues together and the contacts without a queue are the last.
 * A queue stands from the first thing that happens in it on a day.
 * @param {readonly Column[]} columns @param {Answers} answers @param {Setting} setting @returns {Row[]}
 */
export function queueRows(columns, answers, setting) {
  const { compare } = new Intl.Collator(setting.language, { numeric: true })
  const last = (/** @type {string} */ slice) => ['queue=other', 'queue=none'].indexOf(slice)
  return answers.live.rows
    .map(({ slice }) => slice)
    .filter((slice) => isQueue(slice) && isShownToday(answers, slice) && !isQuiet(answers, slice))
    .map((slice) => ({ slice, row: rowOf(columns, answers, slice, setting) }))
    .sort((a, b) => last(a.slice) - last(b.slice) || compare(a.row.name, b.row.name))
    .map(({ row }) => row)
}

/** Queues with customers over their limit and how many those are, the longest wait first. @param {readonly Row[]} rows @param {Setting} setting */
export const overLimit = (rows, { language }) =>
  rows
    .filter(({ over }) => over > 0)
    .sort((a, b) => b.waitMs - a.waitMs)
    .map(({ name, over }) => ({ name, over: whole(over, language) }))
