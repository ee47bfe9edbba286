// What the page knows, and how it comes to know it.
import { labelOf, kindOf, shifted } from './periods.js'
import { firstOrder } from './table-model.js'
import { author } from './author.js'
import { currentSession } from './session.js'
import {
  agentScoreOf,
  cardsOf,
  explain,
  leftOutOf,
  openAppealsOf,
  places,
  scoresOf,
} from './source.js'
import { texts } from './texts.js'

/**
 * @typedef {import('./place.js').Place} Place
 * @typedef {'no-tenant' | 'unknown-tenant' | 'no-card' | 'unknown-card' | 'bad-period' | 'unknown-agent' | 'too-many'} Missing why there is nothing to show
 * @typedef {{ kpi: string, slice: string, isLeftOut: boolean, rows: import('./source.js').ExplainedRow[], last: import('./source.js').Explained | null,
 *   failed: 'rows-failed' | 'too-much-log' | null, isReading: boolean }} Rows of a value that was opened; `isLeftOut`: those that appeals leave out of it
 * @typedef {import('./source.js').Appeal} Appeal
 * @typedef {{ appealId: string, items: import('./appeal-items.js').Item[] }} Draft an appeal that is being written
 * @typedef {{ kind: 'busy' } | { kind: 'wrong', text: (t: import('./texts.js').Texts) => string }} Note of what a form sends
 * @typedef {{ appeal: Appeal, before: string | null | undefined }} Sent what the log does not have yet; `before`: when it was decided before; `undefined`: it was not filed before
 * @typedef {{ language: import('./language.js').Language, place: Place, order: import('./table-model.js').Order,
 *   connection: 'starting' | 'live' | 'stale' | 'unreachable' | 'store-away' | 'forbidden' | 'unknown-tenant' | 'no-tenant',
 *   tenants: string[], alertsPage: string | null, importPage: string | null, asOf: string | null, cards: import('./source.js').Card[] | null, missing: Missing | null,
 *   scores: import('./source.js').Scores | null, agent: import('./source.js').AgentScore | null, rows: Rows | null,
 *   openAppeals: import('./source.js').Appeals | null, leftOut: ReadonlySet<string>, draft: Draft | null, sent: Map<string, Sent>, notes: Map<string, Note>, author: string, session: import('./session.js').Session | null, spoken: string }} State
 */

/** @param {import('./language.js').Language} language @param {Place} place @returns {State} */
export const newState = (language, place) => ({
  ...{ language, place, order: firstOrder, connection: 'starting' },
  ...{ tenants: [], alertsPage: null, importPage: null, asOf: null, cards: null, missing: null },
  ...{ scores: null, agent: null, rows: null, openAppeals: null },
  leftOut: new Set(),
  ...{
    draft: null,
    sent: new Map(),
    notes: new Map(),
    author: author(),
    session: null,
    spoken: '',
  },
})

/** Another place: what was read of the one before is not of it. @param {State} state @param {Place} place */
export function moveTo(state, place) {
  const before = state.place
  const isSame = (/** @type {(keyof Place)[]} */ ...names) =>
    names.every((name) => before[name] === place[name])
  state.place = place
  if (isSame('tenant', 'card', 'period', 'team', 'agent', 'appeals')) return
  state.sent.clear()
  state.notes.clear()
  if (!isSame('tenant'))
    Object.assign(state, { cards: null, openAppeals: null, asOf: null, connection: 'starting' })
  if (!isSame('tenant', 'card', 'period')) state.scores = null
  if (!isSame('tenant', 'card', 'period', 'agent'))
    Object.assign(state, { agent: null, rows: null, leftOut: new Set(), draft: null })
  state.missing = null
}

/** The card that is shown; `null`: there is none. @param {State} state */
export const chosenCard = ({ cards, place }) =>
  cards?.find(({ id }) => id === place.card) ?? (place.card === null ? (cards?.[0] ?? null) : null)

/** The label of the period that runs where the browser is. @param {State} state @param {import('./periods.js').Kind} kind */
function runningPeriod({ asOf }, kind) {
  const at = new Date(asOf ?? Date.now())
  return labelOf(new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate())), kind)
}

const shownPeriods = 24

/** The period that is shown, and the ones to choose from, the last one first. @param {State} state */
export function periodsOf(state) {
  const card = chosenCard(state)
  const kind = card?.period ?? kindOf(state.place.period ?? '')
  const running = runningPeriod(state, kind)
  const { period } = state.place
  const chosen = period !== null && kindOf(period) === kind ? period : running
  const labels = Array.from({ length: shownPeriods }, (_, n) => shifted(running, -n))
  return { chosen, labels: labels.includes(chosen) ? labels : [...labels, chosen], running }
}

/** What is asked of the API; `null`: there is nothing to ask for. @param {State} state */
export function askedOf(state) {
  const { tenant, card: named } = state.place
  const card = chosenCard(state)?.id ?? named
  if (tenant === null || card === null) return null
  return { tenant, card, period: periodsOf(state).chosen, language: state.language }
}

/** How values are written: in the language that is chosen, at the tenant's time. @param {State} state */
export function settingOf({ language, scores, agent, openAppeals }) {
  const timeZone = (agent ?? scores ?? openAppeals)?.timeZone ?? 'UTC'
  return { t: texts[language], language, timeZone }
}

/** What a refusal says that there is not; `null`: it says something of the installation. @param {{ code: string, at: string | null }} refusal @returns {Missing | null} */
function missingBy({ code, at }) {
  if (code === 'unknown-scorecard') return 'unknown-card'
  if (code === 'unknown-agent') return code
  if (code !== 'bad-request') return null
  return at === 'period' ? 'bad-period' : 'too-many'
}

/** @param {string} code @returns {State['connection']} */
const refusedBy = (code) =>
  code === 'unknown-tenant' || code === 'forbidden' ? code : 'store-away'

/** Takes what was answered, or why nothing was. @template {import('./source.js').Known} Body @param {State} state @param {import('./source.js').Answer<Body>} answer @returns {Body | null} */
function taken(state, answer) {
  if (answer.kind === 'unreachable') state.connection = 'unreachable'
  else if (answer.kind === 'refused') {
    const missing = missingBy(answer)
    if (missing === null) state.connection = refusedBy(answer.code)
    else Object.assign(state, { missing, connection: 'live' })
  } else {
    const { asOf, stale, clock } = answer.body
    const isOff = clock !== null && clock.problem !== 'append' && clock.problem !== 'sender'
    Object.assign(state, { asOf, connection: stale || isOff ? 'stale' : 'live' })
    return answer.body
  }
  return null
}

/** @param {State} state @param {Place} place */
async function findTenants(state, place) {
  const found = await places()
  if (state.place !== place) return
  if (found.kind !== 'ok') {
    state.connection = found.kind === 'refused' ? refusedBy(found.code) : 'unreachable'
    return
  }
  const { tenants } = found.body
  Object.assign(state, found.body)
  if (place.tenant === null) state.place = { ...place, tenant: tenants[0] ?? null }
  if (state.place.tenant === null) state.connection = 'no-tenant'
}

/** Reads what stands at the place. What was asked for at another place meanwhile is let go. @param {State} state */
export async function look(state) {
  const [session] = await Promise.all([state.session ?? currentSession(), lookAtPlace(state)])
  state.session = session
}

/** @param {State} state */
async function lookAtPlace(state) {
  if (state.tenants.length === 0 || state.place.tenant === null)
    await findTenants(state, state.place)
  const { place, language } = state
  if (place.tenant === null) return
  const isStill = () => state.place === place && state.language === language
  const cards = await cardsOf(place.tenant, language)
  if (!isStill()) return
  const known = taken(state, cards)
  if (known === null) return
  state.cards = known.cards
  if (place.appeals !== null) {
    const open = taken(state, await openAppealsOf(place.tenant))
    if (isStill() && open !== null) takeOpenAppeals(state, open)
    return
  }
  const asked = askedOf(state)
  if (asked === null) {
    state.missing = 'no-card'
    return
  }
  const answer =
    place.agent === null
      ? await scoresOf(asked)
      : await agentScoreOf({ ...asked, agent: place.agent })
  if (!isStill()) return
  const body = taken(state, /** @type {import('./source.js').Answer<any>} */ (answer))
  if (body === null) return
  state.missing = null
  if (place.agent === null) state.scores = body
  else await takeAgent(state, body, isStill)
}

/** Sent appeals are there, once the log has them. @param {State} state @param {import('./source.js').AgentScore} agent @param {() => boolean} isStill */
async function takeAgent(state, agent, isStill) {
  const leftOut = await leftOutIn(agent)
  if (!isStill()) return
  Object.assign(state, { agent, ...(leftOut && { leftOut }) })
  for (const [appealId, { before }] of state.sent) {
    const found = agent.appealsAbout.find((one) => one.appealId === appealId)
    if (found !== undefined && found.decidedAt !== before) state.sent.delete(appealId)
  }
}

/** Of which KPIs appeals leave out anything, each with the slice of that; `null`: it cannot be read now. @param {import('./source.js').AgentScore} agent */
async function leftOutIn(agent) {
  if (agent.items.every(({ leftOut }) => leftOut.slice === null)) return new Set()
  const answer = await leftOutOf(agent)
  if (answer.kind !== 'ok') return null
  const found = answer.body.rows.flatMap(({ slice, kpis }) =>
    Object.entries(kpis).flatMap(([kpi, { denominator, count, value }]) =>
      (denominator ?? count ?? value ?? 0) === 0 ? [] : [`${kpi} ${slice}`],
    ),
  )
  return new Set(found)
}

/** @param {State} state @param {import('./source.js').Appeals} open */
function takeOpenAppeals(state, open) {
  Object.assign(state, { openAppeals: open, missing: null })
  for (const appealId of state.sent.keys())
    if (!open.appeals.some((one) => one.appealId === appealId)) state.sent.delete(appealId)
}

/** Opens the rows of a value, or reads more of them. @param {State} state @param {() => void} show */
export async function readRows(state, show) {
  const { rows, agent } = state
  if (rows === null || agent === null || state.place.tenant === null) return
  rows.isReading = true
  show()
  const answer = await explain(
    {
      ...{ tenant: state.place.tenant, kpi: rows.kpi, slice: rows.slice },
      ...{ period: agent.card.period, from: agent.start },
    },
    rows.last?.cursor,
  )
  if (state.rows !== rows) return
  rows.isReading = false
  if (answer.kind !== 'ok')
    rows.failed =
      answer.kind === 'refused' && answer.code === 'too-much-log' ? 'too-much-log' : 'rows-failed'
  else
    Object.assign(rows, {
      ...{ last: answer.body, rows: [...rows.rows, ...answer.body.rows], failed: null },
    })
  show()
}
