// The columns of the table of queues: what each is called, and what it says of a queue. No document in here.
import { dash, duration, percent, wait, whole } from './figures.js'
import {
  find,
  hasCalls,
  hasMail,
  hasReplies,
  judged,
  longest,
  nothing,
  withinLabel,
} from './values.js'

/**
 * @typedef {import('./values.js').Value} Value
 * @typedef {import('./values.js').Answers} Answers
 * @typedef {import('./values.js').Setting} Setting
 * @typedef {{ text: string, status?: import('./values.js').Status, word?: string }} Cell
 * @typedef {{ label: string, usual: number, isJudged: boolean, isMinor?: boolean, cell: (slice: string) => Cell }} Column `usual`: characters that
 *   its figures commonly have; `isJudged`: they may have a shape beside them; `isMinor`: not on a phone
 */

/** @param {Value} value @param {(value: number, target?: import('./figures.js').Target) => import('./figures.js').Shown} show @param {Setting} setting @returns {Cell} */
function judgedCell(value, show, { t }) {
  if (value.value === null) return { text: dash.text }
  const { text, unit } = show(value.value, value.target)
  return { text: `${text} ${unit}`.trim(), ...(value.target !== undefined && judged(value, t)) }
}

/** @param {string} label @param {(slice: string) => Value} of @param {Setting} setting @returns {Column} */
const ratioColumn = (label, of, setting) => ({
  label,
  usual: 6,
  isJudged: true,
  cell: (slice) => judgedCell(of(slice), percent, setting),
})

/** @param {string} label @param {(slice: string) => Value} of @param {Setting} setting @returns {Column} */
const durationColumn = (label, of, setting) => ({
  label,
  usual: 6,
  isJudged: true,
  cell: (slice) =>
    judgedCell(of(slice), (value, target) => duration(value, setting.t, target), setting),
})

/** @param {string} label @param {string} kpi of today @param {Answers} answers @param {Setting} setting @returns {Column} */
const countColumn = (label, kpi, { today }, { language }) => ({
  label,
  usual: 5,
  isJudged: false,
  cell: (slice) => ({ text: whole(find(today, slice, kpi)?.value ?? 0, language) }),
})

/** Callers and customers alike; both figures are red where one of them is over the limit. @param {Answers} answers @param {Setting} setting @returns {Column[]} */
function waitColumns({ live }, setting) {
  const { t, language } = setting
  const of = (/** @type {string} */ slice, /** @type {string} */ kpi) =>
    find(live, slice, kpi) ?? nothing
  /** @param {string} slice @returns {Pick<Cell, 'status' | 'word'>} */
  const statusOf = (slice) => {
    const over = of(slice, 'waiting_over_target').value ?? 0
    return over > 0 ? { status: 'breach', word: t.overLimit(whole(over, language)) } : {}
  }
  /** @param {string} slice @returns {Cell} */
  const oldest = (slice) => {
    const ms = longest(of(slice, 'longest_wait'), setting)
    return ms === null ? { text: dash.text } : { text: wait(ms), ...statusOf(slice) }
  }
  /** @param {string} slice @returns {Cell} */
  const waiting = (slice) => ({
    text: whole(of(slice, 'waiting_now').value ?? 0, language),
    ...statusOf(slice),
  })
  return [
    { label: t.waiting, usual: 3, isJudged: true, cell: waiting },
    { label: t.longest, usual: 5, isJudged: true, cell: oldest },
  ]
}

/** Of calls, as in the tiles: who hung up is shown for the whole day. @param {Answers} answers @param {Setting} setting @returns {Column[]} */
function callColumns({ live, today }, setting) {
  const { t } = setting
  const now = (/** @type {string} */ kpi) => (/** @type {string} */ slice) =>
    find(live, slice, kpi) ?? nothing
  return [
    ratioColumn(t.serviceLevel, now('service_level_of_offered'), setting),
    durationColumn(t.speedOfAnswer, now('speed_of_answer'), setting),
    ratioColumn(
      t.abandonedToday,
      (slice) => find(today, slice, 'abandon_rate') ?? nothing,
      setting,
    ),
  ]
}

/**
 * Of replies: those of live channels, in a queue without any those of e-mail and tickets. A limit in seconds says nothing of these: they have theirs
 * where no live channel is.
 * @param {Answers} answers @param {Setting} setting @returns {Column[]}
 */
function replyColumns(answers, setting) {
  const { t } = setting
  const { live } = answers
  const isLive = hasReplies(answers)
  const within = isLive ? answers.within : 'answered_within_target_of_due'
  const ofQueue = (/** @type {string} */ slice, /** @type {string} */ kpi) =>
    find(live, slice, kpi) ?? nothing
  const ofLive = (/** @type {string} */ slice, /** @type {string} */ kpi) =>
    find(live, `${slice},class=live`, kpi)
  /** @param {string} slice */
  const response = (slice) => {
    const chats = ofLive(slice, 'response_time')
    return chats === undefined || chats.value === null ? ofQueue(slice, 'response_time') : chats
  }
  /** @param {string} slice */
  const inTime = (slice) => (isLive && ofLive(slice, within)) || ofQueue(slice, within)
  return [
    durationColumn(t.response, response, setting),
    ratioColumn(withinLabel(within, t), inTime, setting),
  ]
}

/**
 * Who waits; then what is known of calls, and of replies, where the tenant has them, else contacts handled today.
 * @param {Answers} answers @param {Setting} setting @returns {Column[]}
 */
export function queueColumns(answers, setting) {
  const { t } = setting
  const calls = hasCalls(answers) ? callColumns(answers, setting) : []
  const replies = hasReplies(answers) || hasMail(answers) ? replyColumns(answers, setting) : []
  const middle = [...calls, ...replies]
  const handled = countColumn(t.handledToday, 'contacts_handled', answers, setting)
  const opened = countColumn(t.today, 'contacts_opened', answers, setting)
  return [
    ...waitColumns(answers, setting),
    ...(middle.length === 0 ? [handled] : middle),
    // Four figures stand in one line of a phone, more of them in two.
    { ...opened, isMinor: middle.length === 2 },
  ]
}
