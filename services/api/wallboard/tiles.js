// From the API's answers to the figures above the queues. No document in here.
import { clock, dash, duration, percent, range, wait, whole } from './figures.js'
import {
  find,
  hasCalls,
  hasOccupancy,
  hasReplies,
  isQueue,
  judged,
  longest,
  of,
  queueName,
  withinLabel,
} from './values.js'

/**
 * @typedef {import('./values.js').Value} Value
 * @typedef {import('./values.js').Live} Live
 * @typedef {import('./values.js').Texts} Texts
 * @typedef {import('./values.js').Status} Status
 * @typedef {import('./values.js').Answers} Answers
 * @typedef {import('./values.js').Setting} Setting
 * @typedef {{ fill: number, low?: number, high?: number }} Meter shares of the meter's length
 * @typedef {{ id: string, label: string, status: Status, word: string, value: string, unit: string, detail: string, meter?: Meter,
 *   recent?: boolean }} Tile `recent`: of the last 15 minutes
 */

/** @param {(string | false | undefined)[]} parts */
const line = (...parts) => parts.filter(Boolean).join(' · ')

/** A number without a target. @param {string} id @param {string} label @param {number} count @param {string} language @returns {Tile} */
const countTile = (id, label, count, language, detail = '') => ({
  id,
  label,
  status: 'no-data',
  word: '',
  value: whole(count, language),
  unit: '',
  detail,
})

/** @param {Live} live @param {Setting} setting @returns {Pick<Tile, 'status' | 'word'>} */
function waitingStatus(live, { t, language }) {
  const over = of(live, 'all', 'waiting_over_target').value ?? 0
  if (over > 0) return { status: 'breach', word: t.overLimit(whole(over, language)) }
  return {
    status: 'ok',
    word: (of(live, 'all', 'waiting_now').value ?? 0) === 0 ? t.nobodyWaits : t.allWithin,
  }
}

/** @param {Live} live @param {string} beside agents who could take them, or open contacts @param {Setting} setting @returns {Tile[]} */
function waitTiles(live, beside, setting) {
  const { t, language } = setting
  const waiting = of(live, 'all', 'waiting_now')
  const oldest = of(live, 'all', 'longest_wait')
  const ms = longest(oldest, setting)
  const queue = live.rows.find(
    (row) => isQueue(row.slice) && row.kpis['longest_wait']?.since === oldest.since && ms !== null,
  )
  const status = waitingStatus(live, setting)
  const detail =
    oldest.since === undefined
      ? ''
      : line(t.since(clock(oldest.since, language)), queue && queueName(queue.slice, t))
  return [
    {
      id: 'waiting',
      label: t.waiting,
      ...status,
      value: whole(waiting.value ?? 0, language),
      unit: '',
      detail: beside,
    },
    {
      id: 'longest',
      label: t.longest,
      ...status,
      value: ms === null ? dash.text : wait(ms),
      unit: '',
      detail,
    },
  ]
}

/** @param {string} id @param {string} label @param {Value} value @param {string} detail @param {Texts} t @returns {Tile} */
function durationTile(id, label, value, detail, t) {
  const shown = value.value === null ? dash : duration(value.value, t, value.target)
  const goal = value.target?.max
  return {
    id,
    label,
    ...judged(value, t),
    value: shown.text,
    unit: shown.unit,
    detail: line(
      goal !== undefined && t.target(range({ max: goal }, (ms, end) => duration(ms, t, end))),
      detail,
    ),
    ...(goal !== undefined && {
      meter: { fill: Math.min(1, (value.value ?? 0) / (2 * goal)), high: 0.5 },
    }),
    recent: true,
  }
}

/** @param {string} id @param {string} label @param {Value} value @param {string} detail @param {Texts} t @returns {Tile} */
function ratioTile(id, label, value, detail, t) {
  const shown = value.value === null ? dash : percent(value.value, value.target)
  const goal = value.target === undefined ? '' : t.target(range(value.target, percent))
  const meter = {
    fill: Math.min(1, value.value ?? 0),
    low: value.target?.min,
    high: value.target?.max,
  }
  return {
    id,
    label,
    ...judged(value, t),
    value: shown.text,
    unit: shown.unit,
    detail: line(goal, detail),
    meter,
    recent: true,
  }
}

/** `45 of 58`; `none`: what is said where there were none. @param {Value} value @param {string} none @param {Setting} setting */
const parts = ({ value, numerator = 0, denominator = 0 }, none, { t, language }) =>
  value === null ? none : t.of(whole(numerator, language), whole(denominator, language))

/** Of replies of live channels. @param {Answers} answers @param {Setting} setting @returns {Tile[]} */
function replyTiles({ live, within }, setting) {
  const { t, language } = setting
  const response = of(live, 'class=live', 'response_time')
  const inTime = of(live, 'class=live', within)
  const replies =
    response.value === null ? t.noReplies : t.replies(whole(response.count ?? 0, language))
  return [
    durationTile('response', t.response, response, replies, t),
    ratioTile('within', withinLabel(within, t), inTime, parts(inTime, t.noReplies, setting), t),
  ]
}

/** Of calls in queues. Who hung up is shown for the whole day: a quarter-hour would forget it. @param {Answers} answers @param {Setting} setting @returns {Tile[]} */
function callTiles({ live, today }, setting) {
  const { t, language } = setting
  const level = of(live, 'class=voice', 'service_level_of_offered')
  const speed = of(live, 'class=voice', 'speed_of_answer')
  const abandoned = of(today, 'class=voice', 'abandon_rate')
  const answered = speed.value === null ? t.noCalls : t.calls(whole(speed.count ?? 0, language))
  return [
    ratioTile('level', t.serviceLevel, level, parts(level, t.noCalls, setting), t),
    durationTile('speed', t.speedOfAnswer, speed, answered, t),
    {
      ...ratioTile(
        'abandoned',
        t.abandonedToday,
        abandoned,
        parts(abandoned, t.noCallsToday, setting),
        t,
      ),
      recent: false,
    },
  ]
}

/** @param {Live} live @param {Setting} setting */
function signedIn(live, { t, language }) {
  const { value, breakdown = {} } = of(live, 'all', 'agents_by_state')
  return value === null
    ? t.noAgents
    : t.signedIn(whole(value - (breakdown['offline'] ?? 0), language))
}

/** Agents who could take one more contact; where that is not known, open contacts. @param {Live} live @param {Setting} setting @returns {Tile} */
function staffTile(live, setting) {
  const free = freeAgents(live)
  if (free !== null)
    return countTile(
      'agents',
      setting.t.agentsAvailable,
      free,
      setting.language,
      signedIn(live, setting),
    )
  return countTile('open', setting.t.open, openContacts(live), setting.language)
}

/** `null`: not known. @param {Live} live */
const freeAgents = (live) => find(live, 'all', 'agents_available')?.value ?? null

/** @param {Live} live */
const openContacts = (live) => of(live, 'all', 'backlog').value ?? 0

/** Without agents at work, resolved contacts stand for occupancy. @param {Answers} answers @param {Setting} setting @returns {Tile} */
function occupancyTile(answers, setting) {
  const { live, today } = answers
  const { t, language } = setting
  if (hasOccupancy(answers))
    return ratioTile(
      'occupancy',
      t.occupancy,
      of(live, 'all', 'occupancy'),
      signedIn(live, setting),
      t,
    )
  const resolved = of(today, 'all', 'contacts_resolved').value ?? 0
  return countTile('resolved', t.resolvedToday, resolved, language)
}

/**
 * Six figures, and with calls three of these between what is of now and what is of chats. Three of the six have a substitute, so that no tile is without
 * data for ever: without replies of live channels, agents (or open contacts) and handled contacts stand where response time and answers in time would.
 * @param {Answers} answers @param {Setting} setting @returns {Tile[]}
 */
export function tilesOf(answers, setting) {
  const { live, today } = answers
  const { t, language } = setting
  const count = (/** @type {string} */ kpi) => of(today, 'all', kpi).value ?? 0
  const replies = hasReplies(answers)
  const handled = count('contacts_handled')
  const free = freeAgents(live)
  const agents = free === null ? '' : t.available(whole(free, language))
  const open = free === null ? '' : t.openNow(whole(openContacts(live), language))
  const waits = waitTiles(live, replies ? agents : open, setting)
  const occupancy = occupancyTile(answers, setting)
  const middle = replies
    ? replyTiles(answers, setting)
    : [staffTile(live, setting), countTile('handled', t.handledToday, handled, language)]
  const opened = countTile(
    'today',
    t.today,
    count('contacts_opened'),
    language,
    replies ? t.handled(whole(handled, language)) : '',
  )
  return hasCalls(answers)
    ? [...waits, occupancy, ...callTiles(answers, setting), ...middle, opened]
    : [...waits, ...middle, occupancy, opened]
}
