// From the API's answers to the table of queues. No document in here.
import { dash, duration, percent, wait, whole } from './format.js'
import {
  find,
  has,
  hasReplies,
  isQueue,
  judged,
  longest,
  nothing,
  queueName,
  withinLabel,
} from './values.js'

/**
 * @typedef {import('./values.js').Value} Value
 * @typedef {import('./values.js').Answers} Answers
 * @typedef {import('./values.js').Setting} Setting
 * @typedef {{ text: string, status?: import('./values.js').Status, word?: string, minor?: boolean }} Cell `minor`: not on a phone
 * @typedef {{ name: string, cells: Cell[], over: number, waitMs: number }} Row `over`: customers over their limit; `waitMs`: of the first of them
 */

/** The heads of the columns. Without replies of live channels, contacts handled today stand for them. @param {Answers} answers @param {Setting} setting @returns {Cell[]} */
export function queueHead(answers, { t }) {
  const minor = hasReplies(answers)
  const middle = minor ? [t.response, withinLabel(answers.within, t)] : [t.handledToday]
  return [
    ...[t.queue, t.waiting, t.longest, ...middle].map((text) => ({ text })),
    { text: t.today, minor },
  ]
}

/** @param {Value} value @param {(value: number, target?: import('./format.js').Target) => import('./format.js').Shown} show @param {Setting} setting @returns {Cell} */
function judgedCell(value, show, { t }) {
  if (value.value === null) return { text: dash.text }
  const { text, unit } = show(value.value, value.target)
  return { text: `${text} ${unit}`.trim(), ...(value.target !== undefined && judged(value, t)) }
}

/** @param {Answers} answers @param {string} slice @param {Setting} setting @returns {Row} */
function rowOf(answers, slice, setting) {
  const { live, today, within } = answers
  const { t, language } = setting
  const of = (/** @type {string} */ kpi) => find(live, slice, kpi) ?? nothing
  const reply = (/** @type {string} */ kpi) => find(live, `${slice},class=live`, kpi) ?? of(kpi)
  const count = (/** @type {string} */ kpi) => whole(find(today, slice, kpi)?.value ?? 0, language)
  const over = of('waiting_over_target').value ?? 0
  const ms = longest(of('longest_wait'), setting)
  /** @type {Pick<Cell, 'status' | 'word'>} */
  const status = over > 0 ? { status: 'breach', word: t.overLimit(whole(over, language)) } : {}
  const minor = hasReplies(answers)
  const middle = minor
    ? [
        judgedCell(reply('response_time'), (value, target) => duration(value, t, target), setting),
        judgedCell(reply(within), percent, setting),
      ]
    : [{ text: count('contacts_handled') }]
  const waits = [
    { text: whole(of('waiting_now').value ?? 0, language), ...status },
    { text: ms === null ? dash.text : wait(ms), ...(ms !== null && status) },
  ]
  return {
    name: queueName(slice, t),
    cells: [...waits, ...middle, { text: count('contacts_opened'), minor }],
    over,
    waitMs: ms ?? 0,
  }
}

/** Nobody waits in it, and nothing happened in it in the last 15 minutes or today. @param {Answers} answers @param {string} slice */
function isQuiet({ live, today }, slice) {
  const has = (/** @type {import('./values.js').Live} */ answer, /** @type {string} */ kpi) =>
    (find(answer, slice, kpi)?.value ?? 0) > 0
  const kpis = ['waiting_now', 'contacts_opened', 'contacts_handled', 'response_time']
  return !kpis.some((kpi) => has(live, kpi) || has(today, kpi))
}

/** Of a queue past the room of today's answer nothing is known of today: no row is better than one that says 0. @param {Answers} answers @param {string} slice */
const isShownToday = ({ today }, slice) => today.cursor === undefined || has(today, slice)

/**
 * One row a queue, by name, so that each keeps its place; other queues together and the contacts without a queue are the last.
 * A queue stands from the first thing that happens in it on a day.
 * @param {Answers} answers @param {Setting} setting @returns {Row[]}
 */
export function queueRows(answers, setting) {
  const { compare } = new Intl.Collator(setting.language, { numeric: true })
  const last = (/** @type {string} */ slice) => ['queue=other', 'queue=none'].indexOf(slice)
  return answers.live.rows
    .map(({ slice }) => slice)
    .filter((slice) => isQueue(slice) && isShownToday(answers, slice) && !isQuiet(answers, slice))
    .map((slice) => ({ slice, row: rowOf(answers, slice, setting) }))
    .sort((a, b) => last(a.slice) - last(b.slice) || compare(a.row.name, b.row.name))
    .map(({ row }) => row)
}

/** Queues with customers over their limit and how many those are, the longest wait first. @param {readonly Row[]} rows @param {Setting} setting */
export const overLimit = (rows, { language }) =>
  rows
    .filter(({ over }) => over > 0)
    .sort((a, b) => b.waitMs - a.waitMs)
    .map(({ name, over }) => ({ name, over: whole(over, language) }))
