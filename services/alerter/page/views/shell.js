// What stands around every view: who and where, the other views, and what everybody must know first.
import { h, shape } from '../dom.js'
import { moment } from '../format.js'
import { isQuiet } from '../model.js'
import { forbiddenText, isUnnamed, may, mayEverywhere, sessionParts } from '../session.js'
import { noFilter, views } from '../settings.js'
import { installation, isAstray, isEmpty } from '../state.js'
import { empty, linkTo } from './app.js'

/** @typedef {import('./app.js').App} App */

/** @param {App} app */
export function header(app) {
  const { state, actions, setting } = app
  const { t, language } = setting
  const { tenant } = state.place
  const clock = new Date().toLocaleTimeString(language, {
    hour12: false,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const other = language === 'zh' ? 'en' : 'zh'
  return [
    h('img', { src: '/alerts/assets/icon.svg', alt: '', width: 48, height: 48 }),
    h(
      'h1',
      {},
      tenant === installation ? t.installation : (tenant ?? 'Deskpulse'),
      h('span', {}, ` · ${t.page}`),
    ),
    picker(app),
    h(
      'p',
      { id: 'connection' },
      h('i', { class: 'dot', 'aria-hidden': 'true' }),
      h('span', { id: 'connection-text' }, connectionText(app)),
    ),
    h('time', { class: 'title' }, clock),
    board(app),
    h(
      'button',
      { type: 'button', id: 'language', lang: other, onclick: () => actions.speak(other) },
      t.languageName,
    ),
    h(
      'div',
      { id: 'session', key: 'session' },
      sessionParts(state.session, language, actions.show),
    ),
  ]
}

/** @param {App} app */
function picker({ state, actions, setting: { t } }) {
  const tenants = state.places?.tenants ?? []
  const { tenant } = state.place
  if (tenants.length < 2 && tenant !== installation) return null
  const names = tenant === null || tenants.includes(tenant) ? tenants : [tenant, ...tenants]
  const options = names.map((name) =>
    h('option', { value: name, key: name }, name === installation ? t.installation : name),
  )
  const onchange = (/** @type {Event} */ event) =>
    actions.go({
      tenant: /** @type {HTMLSelectElement} */ (event.target).value,
      alert: null,
      ...noFilter,
    })
  // Its key is the tenant: going back in history shows the one of then.
  return h(
    'label',
    { key: `picker-${tenant}` },
    h('span', { class: 'unseen' }, t.pick),
    h('select', { id: 'tenant-picker', onchange, value: tenant ?? '' }, ...options),
  )
}

/** @param {App} app */
function board({ state, setting: { t, language } }) {
  const { tenant } = state.place
  if (typeof state.places?.boardPage !== 'string' || tenant === null || tenant === installation)
    return null
  return h(
    'a',
    {
      class: 'button',
      href: `${state.places.boardPage}?${new URLSearchParams({ tenant, lang: language })}`,
    },
    t.board,
  )
}

/** @param {App} app */
function connectionText({ state, setting: { t, language, nowMs } }) {
  const { connection, asOfMs } = state
  if (connection === 'starting') return t.starting
  if (connection === 'live' && asOfMs !== null)
    return `${t.live} · ${t.asOf(moment(asOfMs, language, nowMs))}`
  if (connection === 'forbidden') return ''
  return connection === 'stale' ? t.staleWord : isLate(state) ? t.offlineWord : ''
}

/** @param {import('../state.js').State} state */
const isLate = ({ connection }) =>
  connection === 'stale' ||
  connection === 'unreachable' ||
  connection === 'store-away' ||
  connection === 'forbidden'

/** @param {App} app */
export function nav(app) {
  const { state, setting } = app
  if (isEmpty(state)) return []
  return views
    .filter((view) => view !== 'rules' || state.place.tenant !== installation)
    .filter((view) => view !== 'endpoints' || mayEverywhere(state.session, 'read'))
    .map((view) =>
      linkTo(
        app,
        { view, alert: null },
        { key: view, 'aria-current': state.place.view === view && 'page' },
        setting.t.views[view],
        countOf(app, view),
      ),
    )
}

/** @param {App} app @param {import('../settings.js').View} view */
function countOf({ state }, view) {
  if (view === 'alerts' && state.alerts !== null && state.alerts.length > 0) {
    const loud = state.alerts.filter((alert) => !isQuiet(alert))
    const gravest = loud.some(({ severity }) => severity === 'critical')
      ? 'critical'
      : loud.some(({ severity }) => severity === 'warning')
        ? 'warning'
        : 'info'
    return h(
      'span',
      { class: 'count', 'data-status': loud.length === 0 ? 'none' : gravest },
      state.alerts.length,
    )
  }
  if (view === 'endpoints') {
    const bad = state.endpoints?.filter(({ status }) => status !== 'healthy').length ?? 0
    return bad > 0 && h('span', { class: 'count', 'data-status': 'warning' }, bad)
  }
  const silences =
    view === 'silences'
      ? (state.silences?.filter(({ status }) => status === 'in-force').length ?? 0)
      : 0
  return silences > 0 && h('span', { class: 'count', 'data-status': 'none' }, silences)
}

/** What everybody must know first: how old this is, and who is not told. @param {App} app */
export function notices(app) {
  const { state, setting } = app
  const { t, language, nowMs } = setting
  const shown = []
  if (isLate(state))
    shown.push(
      h(
        'p',
        { class: 'banner loud', role: 'status', key: 'late', id: 'banner' },
        lateText(state, t, state.asOfMs === null ? '' : moment(state.asOfMs, language, nowMs)),
      ),
    )
  if (isEmpty(state) || state.place.view === 'endpoints') return shown
  for (const { name, status } of state.endpoints ?? []) {
    if (status !== 'disabled') continue
    const link =
      may(state.session, 'alerts') && linkTo(app, { view: 'endpoints', alert: null }, {}, t.enable)
    shown.push(
      h(
        'p',
        { class: 'banner', 'data-status': 'critical', key: `disabled-${name}` },
        shape('critical'),
        t.endpointDisabled(name),
        link,
      ),
    )
  }
  if (state.endpoints?.every(({ alerts }) => !alerts) && state.place.view === 'alerts') {
    const link = linkTo(app, { view: 'endpoints', alert: null }, {}, t.addEndpoint)
    shown.push(
      h(
        'p',
        { class: 'banner', 'data-status': 'warning', key: 'no-endpoints' },
        shape('warning'),
        t.noEndpoints,
        link,
      ),
    )
  }
  return shown
}

/** @param {import('../state.js').State} state @param {import('../texts.js').Texts} t @param {string} at */
function lateText(state, t, at) {
  const { connection, asOfMs, clock } = state
  if (connection === 'forbidden') return forbiddenText(state.language)
  if (connection === 'stale' && isAstray(state))
    return clock?.problem === 'ahead' ? t.clockAhead(at) : t.clockJumped(at)
  if (connection === 'stale') return t.stale(at)
  if (connection === 'unreachable') return asOfMs === null ? t.neverReached : t.unreachable(at)
  return asOfMs === null ? t.neverRead : t.storeAway(at)
}

/** There is no such tenant, or none at all. @param {App} app */
export function welcome(app) {
  const { state, setting } = app
  const { t } = setting
  const { tenant } = state.place
  if (state.connection === 'no-tenant' || tenant === null)
    return empty(t.noTenantTitle, t.noTenantText)
  const links =
    state.places?.tenants.map((name) =>
      h('li', { key: name }, linkTo(app, { tenant: name, alert: null, ...noFilter }, {}, name)),
    ) ?? []
  return empty(
    t.unknownTenantTitle(tenant),
    links.length === 0 ? t.noTenantText : t.unknownTenantText,
    h('ul', {}, ...links),
  )
}

/** @param {App} app */
export function footer({ state, actions, setting: { t } }) {
  const onchange = (/** @type {Event} */ event) =>
    actions.nameAuthor(/** @type {HTMLInputElement} */ (event.target).value)
  const name = h('input', {
    id: 'author',
    maxlength: 128,
    autocomplete: 'name',
    value: state.author,
    onchange,
  })
  // Its key is the name: one that was said in a form stands here, too.
  return [
    isUnnamed(state.session) &&
      h('label', { class: 'author', key: `author-${state.author}` }, t.you, name),
    h('p', { key: 'text' }, t.footer),
  ]
}
