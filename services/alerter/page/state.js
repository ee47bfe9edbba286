// What the page knows, and how it finds out. Views read it; `changed` shows them anew.
import { isUnnamed, mayEverywhere } from './session.js'
import { author, noFilter, rememberAuthor } from './settings.js'
import { ask } from './source.js'
import { texts } from './texts.js'
import { noWords } from './words.js'

/**
 * @typedef {import('./settings.js').Place} Place
 * @typedef {{ kind: 'busy' } | { kind: 'done', text: string } | { kind: 'wrong', text: string }} Note
 * @typedef {'starting' | 'live' | 'stale' | 'unreachable' | 'store-away' | 'forbidden' | 'unknown-tenant' | 'no-tenant'} Connection
 */

export const installation = '_installation'
export const listedMax = 500
const pageRows = 100

/**
 * @typedef {{
 *   language: import('./settings.js').Language, place: Place, places: import('./source.js').Places | null, connection: Connection,
 *   alerts: import('./source.js').Alert[] | null, pending: import('./source.js').Alert[], isCut: boolean,
 *   history: import('./source.js').Alerts | null, historyRows: number, alert: import('./source.js').Alert | 'gone' | null,
 *   silences: import('./source.js').Silence[] | null, rules: import('./source.js').Rules | null, endpoints: import('./source.js').Endpoint[] | null,
 *   deliveries: Map<string, import('./source.js').Delivery[]>, openEndpoints: Set<string>, openGroups: Set<string>, visits: number, dryRuns: Map<string, import('./source.js').DryRun>,
 *   notes: Map<string, Note>, matcherOn: string[], asking: string | null, asOfMs: number | null, atMs: number,
 *   clock: import('./source.js').Alerts['clock'], author: string, session: import('./session.js').Session | null }} State
 * `author`: what changes are signed with, where nobody has signed in
 */

/** @param {import('./settings.js').Language} language @param {Place} place @returns {State} */
export function newState(language, place) {
  return {
    ...{ language, place, places: null },
    connection: 'starting',
    ...{
      alerts: null,
      pending: [],
      isCut: false,
      history: null,
      historyRows: pageRows,
      alert: null,
      silences: null,
      rules: null,
    },
    ...{
      endpoints: null,
      deliveries: new Map(),
      openEndpoints: new Set(),
      openGroups: new Set(),
      visits: 0,
      dryRuns: new Map(),
      notes: new Map(),
      matcherOn: ['rule'],
      asking: null,
    },
    ...{ asOfMs: null, atMs: 0, clock: null, author: author(), session: null },
  }
}

/** @param {State} state */
export const textsOf = (state) => texts[state.language]

/** Log time of this instant: it goes on between two looks, but not where nothing new is known. @param {State} state @returns {import('./model.js').Setting} */
export function settingOf(state) {
  const sinceMs = state.connection === 'live' ? performance.now() - state.atMs : 0
  const { language, places } = state
  const nowMs = state.asOfMs === null ? Date.now() : state.asOfMs + sinceMs
  return { t: textsOf(state), words: places?.words[language] ?? noWords, language, nowMs }
}

/** @param {State} state @returns {import('./rule-model.js').Kpis} */
export function kpisOf(state) {
  const known = new Map(state.places?.kpis.map((kpi) => [kpi.id, kpi]))
  return {
    unitOf: (id) => known.get(id)?.unit ?? 'count',
    nameOf: (id) => known.get(id)?.name[state.language] ?? id,
  }
}

/** Names of the tenant's rules, as far as they were read. @param {State} state */
export const rulesOf = ({ rules }) => rules?.rows.map(({ rule }) => rule.name) ?? []

/** Another tenant: nothing of the one before stays. @param {State} state */
export function forget(state) {
  Object.assign(state, {
    ...newState(state.language, state.place),
    places: state.places,
    session: state.session,
    endpoints: state.endpoints,
  })
}

/** Another place: what was of the one before and is not of this one is forgotten. @param {State} state @param {Place} place */
export function moveTo(state, place) {
  const before = state.place
  const isElsewhere = place.tenant !== before.tenant
  state.place = place
  if (isElsewhere) forget(state)
  if (place.alert !== before.alert) state.alert = null
  if (filterNames.some((name) => place[name] !== before[name]))
    Object.assign(state, { history: null, historyRows: pageRows })
}

const filterNames = /** @type {(keyof import('./settings.js').Filter)[]} */ (Object.keys(noFilter))

/** @param {State} state @param {string} name */
export function setAuthor(state, name) {
  state.author = name
  rememberAuthor(name)
}

/** Whether somebody has yet to say who they are, before they change anything. @param {State} state */
export const isNameless = ({ session, author }) => isUnnamed(session) && author === ''

/** @param {import('./source.js').Problem} problem @returns {Connection} */
const refusedBy = ({ code }) =>
  code === 'unknown-tenant' || code === 'forbidden' ? code : 'store-away'

/** The tenants that there are; the first of them, where none is asked for. @param {State} state @returns {Promise<boolean>} whether it is known */
export async function findPlaces(state) {
  const found = await ask.places()
  if (found.kind !== 'ok') {
    state.connection = found.kind === 'problem' ? refusedBy(found.problem) : 'unreachable'
    return false
  }
  state.places = found.body
  const { tenants } = found.body
  const { tenant } = state.place
  const first = tenants[0]
  if (tenant === null && first !== undefined) state.place = { ...state.place, tenant: first }
  if (state.place.tenant === null) state.connection = 'no-tenant'
  else if (state.place.tenant !== installation && !tenants.includes(state.place.tenant))
    state.connection = 'unknown-tenant'
  else if (state.connection !== 'live' && state.connection !== 'stale')
    state.connection = 'starting'
  return true
}

/** Log time does not go with the clocks. @param {State} state */
export const isAstray = ({ clock }) =>
  clock !== null && clock.problem !== 'append' && clock.problem !== 'sender'

/** @param {State} state */
export const isEmpty = ({ connection }) =>
  connection === 'no-tenant' || connection === 'unknown-tenant'

/** One look at what the place shows. @param {State} state @param {number} round counts the looks: what changes seldom is looked at seldom */
export async function look(state, round) {
  const isFound = state.places !== null && !isEmpty(state)
  const [isKnown, session] = await Promise.all([
    isFound || findPlaces(state),
    state.session ?? ask.session(),
  ])
  state.session = session
  if (!isKnown) return
  const { place } = state
  const { tenant } = place
  if (isEmpty(state) || tenant === null) return
  const [firing, pending, endpoints] = await Promise.all([
    ask.alerts(tenant, 'firing', listedMax),
    ask.alerts(tenant, 'pending', listedMax),
    mayEverywhere(session, 'read') && (round % 3 === 0 || state.endpoints === null)
      ? ask.endpoints()
      : null,
    lookAtView(state, place, round),
  ])
  if (state.place.tenant !== tenant) return // Another one was picked meanwhile.
  if (endpoints?.kind === 'ok') state.endpoints = endpoints.body.rows
  if (firing.kind === 'problem') state.connection = refusedBy(firing.problem)
  else if (firing.kind === 'unreachable') state.connection = 'unreachable'
  else {
    const asOfMs = Date.parse(firing.body.asOf)
    if (asOfMs !== state.asOfMs) Object.assign(state, { asOfMs, atMs: performance.now() })
    state.clock = firing.body.clock
    state.connection = firing.body.stale || isAstray(state) ? 'stale' : 'live'
    state.alerts = firing.body.rows
    state.isCut = firing.body.cursor !== undefined
    if (pending.kind === 'ok') state.pending = pending.body.rows
  }
}

/** What a filter that the server does not know lets through. @type {import('./source.js').Alerts} */
const noAlerts = { asOf: '', stale: false, clock: null, rows: [] }

/** @param {State} state @param {Place} place @param {number} round */
async function lookAtView(state, place, round) {
  const { tenant, view, alert, rule, queue, from, to } = place
  if (tenant === null) return
  if (alert !== null) await lookAtAlert(state, tenant, alert)
  if (view === 'silences' || alert !== null || state.silences === null) {
    const found = await ask.silences(tenant)
    if (found.kind === 'ok' && state.place.tenant === tenant) state.silences = found.body.rows
  }
  if (view === 'history' && (round % 3 === 0 || state.history === null)) {
    const found = await ask.alerts(tenant, 'resolved', state.historyRows, { rule, queue, from, to })
    if (state.place !== place) return // Another filter, it may be.
    if (found.kind === 'ok') state.history = found.body
    else if (found.kind === 'problem' && found.problem.code === 'bad-request')
      state.history = noAlerts
  }
  const isOfRules =
    view === 'rules' || ((view === 'history' || view === 'silences') && state.rules === null)
  if (isOfRules && tenant !== installation && (round % 3 === 0 || state.rules === null)) {
    const found = await ask.rules(tenant)
    if (found.kind === 'ok' && state.place.tenant === tenant) state.rules = found.body
  }
  if (view === 'endpoints')
    for (const endpoint of state.openEndpoints) await lookAtDeliveries(state, endpoint, 20)
}

/** @param {State} state @param {string} tenant @param {string} alertId */
async function lookAtAlert(state, tenant, alertId) {
  const found = await ask.alert(tenant, alertId)
  if (state.place.alert !== alertId) return
  if (found.kind === 'problem' && found.problem.status < 500) state.alert = 'gone'
  if (found.kind !== 'ok') return
  state.alert = found.body
  const endpoints = new Set(
    found.body.told?.endpoints
      .filter(({ deliveryId }) => deliveryId !== null)
      .map(({ endpoint }) => endpoint),
  )
  for (const endpoint of endpoints) await lookAtDeliveries(state, endpoint, pageRows)
}

/** @param {State} state @param {string} endpoint @param {number} limit */
export async function lookAtDeliveries(state, endpoint, limit) {
  if (!mayEverywhere(state.session, 'read')) return
  const found = await ask.deliveries(endpoint, limit)
  if (found.kind === 'ok') state.deliveries.set(endpoint, found.body.rows)
}
