// What stands around the scores: who and where, what to choose from, and what everybody must know first.
import { moment } from '../amounts.js'
import { h } from '../dom.js'
import { periodName, shifted } from '../periods.js'
import { forbiddenText, may, sessionParts } from '../session.js'
import { tableAddress } from '../source.js'
import { askedOf, chosenCard, periodsOf } from '../state.js'
import { teamsOf } from '../table-model.js'
import { empty, linkTo } from './app.js'

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./app.js').Child} Child */

/** @param {App} app @returns {Child[]} */
export function header(app) {
  const { state, actions, setting } = app
  const { t } = setting
  const { tenant } = state.place
  return [
    h('img', { src: '/scorecards/assets/icon.svg', alt: '', width: 48, height: 48 }),
    h('h1', {}, tenant ?? 'Deskpulse', h('span', {}, ` · ${t.page}`)),
    state.tenants.length > 1 &&
      picker('tenant-picker', t.pick, state.tenants.map(same), tenant ?? '', (tenant) =>
        actions.go({ tenant, card: null, team: null, agent: null }),
      ),
    h(
      'p',
      { id: 'connection' },
      h('i', { class: 'dot', 'aria-hidden': 'true' }),
      h('span', { id: 'connection-text' }, connectionText(app)),
    ),
    ...elsewhere(app),
    h(
      'button',
      {
        type: 'button',
        id: 'language',
        lang: t.switchTo,
        onclick: () => actions.speak(t.switchTo),
      },
      t.languageName,
    ),
    h(
      'div',
      { id: 'session', key: 'session' },
      sessionParts(state.session, setting.language, actions.show),
    ),
  ]
}

const same = (/** @type {string} */ name) => /** @type {const} */ ([name, name])

/**
 * Its key is what is chosen: going back in history shows the choice of then.
 * @param {string} id @param {string} label @param {readonly (readonly [value: string, name: string])[]} choices @param {string} chosen @param {(value: string) => unknown} onChoice
 */
function picker(id, label, choices, chosen, onChoice) {
  const all = choices.some(([value]) => value === chosen) ? choices : [same(chosen), ...choices]
  return h(
    'label',
    { key: `${id}-${chosen}`, class: 'picker' },
    h('span', { class: 'unseen' }, label),
    h(
      'select',
      {
        ...{ id, value: chosen },
        onchange: (event) => onChoice(/** @type {HTMLSelectElement} */ (event.target).value),
      },
      ...all.map(([value, name]) => h('option', { value, key: value }, name)),
    ),
  )
}

/** Its appeals, and the other pages of the tenant, in the same language. @param {App} app @returns {Child[]} */
function elsewhere(app) {
  const { state, setting } = app
  const { t, language } = setting
  const { tenant } = state.place
  if (tenant === null) return []
  const query = new URLSearchParams({ tenant, lang: language })
  const toAppeals = { agent: null, team: null, appeals: 'open' }
  return [
    linkTo(app, toAppeals, { class: 'button', id: 'open-appeals' }, t.openAppeals),
    h('a', { class: 'button', id: 'board', href: `/?${query}` }, t.board),
    state.alertsPage !== null &&
      may(state.session, 'read') &&
      h('a', { class: 'button', id: 'alerts', href: `${state.alertsPage}?${query}` }, t.alerts),
  ]
}

/** How many agents are shown, and where scores by hand come in. @param {App} app @returns {Child[]} */
export function footer({ state, setting: { t, language } }) {
  const { scores, place, missing, importPage, session } = state
  const isTable =
    scores !== null && place.agent === null && place.appeals === null && missing === null
  const shown = isTable
    ? scores.rows.filter(({ team }) => place.team === null || team === place.team)
    : null
  const query = new URLSearchParams({ tenant: place.tenant ?? '', lang: language })
  return [
    shown !== null && h('span', { key: 'count' }, t.agents(shown.length.toLocaleString(language))),
    importPage !== null &&
      may(session, 'ingest') &&
      place.tenant !== null &&
      h('a', { id: 'imports', key: 'imports', href: `${importPage}?${query}` }, t.imports),
  ]
}

/** @param {App} app */
function connectionText({ state: { connection, asOf }, setting }) {
  const { t } = setting
  if (connection === 'starting') return t.starting
  if (connection === 'live' && asOf !== null) return `${t.live} · ${t.asOf(moment(asOf, setting))}`
  if (connection === 'stale') return t.staleWord
  return connection === 'unreachable' || connection === 'store-away' ? t.offlineWord : ''
}

/** Choices of a card, a period and, beside a table, a team. @param {App} app */
export function choices(app) {
  const { state, actions, setting } = app
  const { t, language } = setting
  const { cards, place, scores } = state
  if (cards === null || cards.length === 0) return null
  const { chosen, labels, running } = periodsOf(state)
  const card = chosenCard(state)
  const step = (/** @type {string} */ name, /** @type {number} */ by, /** @type {string} */ sign) =>
    h(
      'button',
      {
        ...{ type: 'button', class: 'step', 'aria-label': name, title: name },
        disabled: by > 0 && chosen >= running,
        onclick: () => actions.go({ period: shifted(chosen, by) }),
      },
      sign,
    )
  const teams = scores === null || place.agent !== null ? [] : teamsOf(scores.rows, language)
  return h(
    'div',
    { class: 'choices', key: 'choices' },
    picker(
      'card-picker',
      t.card,
      cards.map(({ id, name }) => [id, name]),
      card?.id ?? place.card ?? '',
      (card) => actions.go({ card, period: null }),
    ),
    step(t.previous, -1, '‹'),
    picker(
      'period-picker',
      t.period,
      labels.map((label) => [label, periodName(label, t, language)]),
      chosen,
      (period) => actions.go({ period }),
    ),
    step(t.next, 1, '›'),
    (teams.length > 1 || place.team !== null) &&
      picker(
        'team-picker',
        t.teamFilter,
        [['', t.allTeams], ...teams.map(same)],
        place.team ?? '',
        (team) => actions.go({ team: team || null }),
      ),
    ...saving(app),
  )
}

/** @param {App} app @returns {Child[]} */
function saving({ state, actions, setting: { t } }) {
  const asked = askedOf(state)
  if (asked === null || state.missing !== null) return []
  if (state.place.agent !== null)
    return [h('button', { type: 'button', id: 'print', onclick: actions.print }, t.print)]
  return [
    h('span', { class: 'download', key: 'download' }, t.download),
    .../** @type {const} */ (['csv', 'xlsx']).map((format) =>
      h(
        'a',
        { class: 'button', id: format, href: tableAddress(asked, format), download: '' },
        t[format],
      ),
    ),
  ]
}

/** What must be known before any score is read. @param {App} app */
export function notices({ state, setting }) {
  const { t } = setting
  const known = state.agent ?? state.scores
  const at = state.asOf === null ? '' : moment(state.asOf, setting)
  const isOff = known !== null && known.clock !== null
  const texts = {
    stale: isOff ? t.clockOff(at) : t.stale(at),
    unreachable: known === null ? t.neverReached : t.unreachable,
    'store-away': t.storeAway,
    forbidden: forbiddenText(setting.language),
  }
  const late = texts[/** @type {keyof typeof texts} */ (state.connection)]
  const lost = known?.incomplete
  return [
    late !== undefined && h('p', { class: 'banner', key: 'late' }, late),
    lost !== undefined &&
      h(
        'p',
        { class: 'banner', key: 'lost' },
        t.incomplete(lost.records, moment(lost.since, setting)),
      ),
  ]
}

const missingWords = /** @type {const} */ ({
  'no-tenant': 'noTenant',
  'unknown-tenant': 'unknownTenant',
  'no-card': 'noCard',
  'unknown-card': 'unknownCard',
  'bad-period': 'badPeriod',
  'unknown-agent': 'unknownAgent',
  'too-many': 'tooMany',
})

/** Why there is nothing to show, and where there is something; `null`: there is something here. @param {App} app */
export function nothing(app) {
  const { state, setting } = app
  const { connection, tenants } = state
  if (connection === 'no-tenant') return empty(setting.t.noTenant)
  if (connection === 'unknown-tenant') {
    const links = tenants.map((tenant) =>
      h('li', { key: tenant }, linkTo(app, { tenant, card: null, agent: null }, {}, tenant)),
    )
    return empty(setting.t.unknownTenant, h('ul', {}, ...links))
  }
  if (state.missing === null) return null
  const back = state.missing === 'unknown-agent' && linkTo(app, { agent: null }, {}, setting.t.back)
  return empty(setting.t[missingWords[state.missing]], back)
}
