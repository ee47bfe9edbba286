// What the page knows, and how it comes to know it.
import { labelOf, kindOf, shifted } from './periods.js'
import { firstOrder } from './table-model.js'
import { agentScoreOf, cardsOf, explain, places, scoresOf } from './source.js'
import { texts } from './texts.js'

/**
 * @typedef {import('./place.js').Place} Place
 * @typedef {'no-tenant' | 'unknown-tenant' | 'no-card' | 'unknown-card' | 'bad-period' | 'unknown-agent' | 'too-many'} Missing why there is nothing to show
 * @typedef {{ kpi: string, slice: string, rows: import('./source.js').ExplainedRow[], last: import('./source.js').Explained | null,
 *   failed: 'rows-failed' | 'too-much-log' | null, isReading: boolean }} Rows of a value that was opened
 * @typedef {{ language: import('./language.js').Language, place: Place, order: import('./table-model.js').Order,
 *   connection: 'starting' | 'live' | 'stale' | 'unreachable' | 'store-away' | 'unknown-tenant' | 'no-tenant',
 *   tenants: string[], alertsPage: string | null, importPage: string | null, asOf: string | null, cards: import('./source.js').Card[] | null, missing: Missing | null,
 *   scores: import('./source.js').Scores | null, agent: import('./source.js').AgentScore | null, rows: Rows | null }} State
 */

/** @param {import('./language.js').Language} language @param {Place} place @returns {State} */
export const newState = (language, place) => ({
  ...{ language, place, order: firstOrder, connection: 'starting' },
  ...{ tenants: [], alertsPage: null, importPage: null, asOf: null, cards: null, missing: null },
  ...{ scores: null, agent: null, rows: null },
})

/** Another place: what was read of the one before is not of it. @param {State} state @param {Place} place */
export function moveTo(state, place) {
  const before = state.place
  const isSame = (/** @type {(keyof Place)[]} */ ...names) =>
    names.every((name) => before[name] === place[name])
  state.place = place
  if (isSame('tenant', 'card', 'period', 'team', 'agent')) return
  if (!isSame('tenant')) Object.assign(state, { cards: null, asOf: null, connection: 'starting' })
  if (!isSame('tenant', 'card', 'period')) state.scores = null
  if (!isSame('tenant', 'card', 'period', 'agent'))
    Object.assign(state, { agent: null, rows: null })
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
export function settingOf({ language, scores, agent }) {
  const timeZone = (agent ?? scores)?.timeZone ?? 'UTC'
  return { t: texts[language], language, timeZone }
}

/** What a refusal says that there is not; `null`: it says something of the installation. @param {{ code: string, at: string | null }} refusal @returns {Missing | null} */
function missingBy({ code, at }) {
  if (code === 'unknown-scorecard') return 'unknown-card'
  if (code === 'unknown-agent') return code
  if (code !== 'bad-request') return null
  return at === 'period' ? 'bad-period' : 'too-many'
}

/** Takes what was answered, or why nothing was. @template {import('./source.js').Known} Body @param {State} state @param {import('./source.js').Answer<Body>} answer @returns {Body | null} */
function taken(state, answer) {
  if (answer.kind === 'unreachable') state.connection = 'unreachable'
  else if (answer.kind === 'refused') {
    const missing = missingBy(answer)
    if (answer.code === 'unknown-tenant') state.connection = 'unknown-tenant'
    else if (missing === null) state.connection = 'store-away'
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
    state.connection = found.kind === 'refused' ? 'store-away' : 'unreachable'
    return
  }
  const { tenants } = found.body
  Object.assign(state, found.body)
  if (place.tenant === null) state.place = { ...place, tenant: tenants[0] ?? null }
  if (state.place.tenant === null) state.connection = 'no-tenant'
}

/** Reads what stands at the place. What was asked for at another place meanwhile is let go. @param {State} state */
export async function look(state) {
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
  else state.agent = body
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
