import { h, shape } from '../dom.js'
import { moment } from '../format.js'
import { forbiddenText, mayEverywhere } from '../session.js'
import { empty, tag } from './app.js'
import { deliveryCard } from './deliveries.js'
import { periodText } from '../words.js'
import { oneClick } from './forms.js'

/** @typedef {import('./app.js').App} App @typedef {import('../source.js').Endpoint} Endpoint */

const example = `alerts:
  endpoints:
    - { name: floor, kind: wecom, url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…" }
    - { name: lead, kind: webhook, url: "https://…", secret: "whsec_…" }`

/** Nobody is told of anything: where to add somebody. @param {App} app */
const noEndpoints = ({ setting: { t } }) =>
  empty(t.noEndpoints, t.noEndpointsText, h('pre', { tabindex: 0 }, example))

/** @param {App} app */
export function endpointsView(app) {
  const { state, setting } = app
  const { session } = state
  if (session !== null && !mayEverywhere(session, 'read'))
    return h(
      'div',
      { class: 'list', key: 'endpoints' },
      empty(forbiddenText(setting.language), setting.t.endpointsOfAll),
    )
  if (state.endpoints === null) return h('div', { class: 'list', key: 'endpoints' })
  const gravestFirst = state.endpoints.toSorted(
    (a, b) => order.indexOf(a.status) - order.indexOf(b.status),
  )
  const cards = gravestFirst.map((endpoint) => h('li', { key: endpoint.name }, card(app, endpoint)))
  return h(
    'div',
    { class: 'list', key: 'endpoints' },
    cards.length === 0 ? noEndpoints(app) : h('ul', {}, ...cards),
  )
}

/** @type {readonly Endpoint['status'][]} */
const order = ['disabled', 'failing', 'healthy']
const statuses = /** @type {const} */ ({ healthy: 'ok', failing: 'warning', disabled: 'critical' })

/** @param {App} app @param {Endpoint} endpoint */
function card(app, endpoint) {
  const { actions, setting } = app
  const { t, language, nowMs } = setting
  const {
    name,
    kind,
    host,
    status,
    failingSince,
    lastDeliveredAt,
    disabled,
    waiting,
    severity,
    tenants,
    alerts,
    closedPeriods,
    appeals,
  } = endpoint
  const at = (/** @type {string} */ time) => moment(time, language, nowMs)
  const state = statuses[status]
  const facts = [
    lastDeliveredAt === null ? t.neverDelivered : t.lastDelivered(at(lastDeliveredAt)),
    status === 'failing' && failingSince !== null ? t.failingSince(at(failingSince)) : '',
    waiting > 0 ? t.waitingToBeSent(waiting) : '',
    severity === 'info' ? '' : t.severityFrom(t.severity[severity]),
    closedPeriods.length === 0 && !appeals
      ? ''
      : t.toldOf(
          alerts,
          appeals,
          closedPeriods.map((kind) => periodText(kind, setting)),
        ),
    tenants === null ? '' : t.ofTenants(tenants.join(t.comma)),
  ].filter(Boolean)
  const [testKey, enableKey] = [`test-${name}`, `enable-${name}`]
  return h(
    'article',
    { class: 'card', 'data-status': state, id: `endpoint-${name}` },
    h(
      'div',
      { class: 'line-of' },
      shape(state),
      h('h2', {}, name),
      h('span', { class: 'word' }, t.health[status]),
      tag(kind),
      h('span', { class: 'quiet' }, host),
    ),
    h('p', { class: 'quiet' }, facts.join(' · ')),
    disabled !== null &&
      h(
        'p',
        { class: 'wrong' },
        `${t.disabledBecause[disabled.reason]} ${disabled.detail} (${at(disabled.since)})`,
      ),
    mayEverywhere(app.state.session, 'alerts') &&
      h(
        'div',
        { class: 'actions' },
        status === 'disabled' &&
          oneClick(
            app,
            enableKey,
            t.enable,
            (element) => actions.endpoint(enableKey, element, name, 'enable'),
            { isMain: true },
          ),
        oneClick(app, testKey, t.test, (element) =>
          actions.endpoint(testKey, element, name, 'test'),
        ),
      ),
    deliveries(app, name),
  )
}

/** @param {App} app @param {string} endpoint */
function deliveries(app, endpoint) {
  const { state, actions, setting } = app
  const { t } = setting
  const rows = state.openEndpoints.has(endpoint) ? state.deliveries.get(endpoint) : undefined
  /** @param {Event} event */
  const ontoggle = (event) =>
    void actions.openDeliveries(endpoint, /** @type {HTMLDetailsElement} */ (event.target).open)
  const list = rows?.map((delivery) =>
    h('li', { key: delivery.id }, deliveryCard(app, endpoint, delivery, null)),
  )
  return h(
    'details',
    { ontoggle },
    h('summary', {}, t.deliveries),
    list !== undefined &&
      (list.length === 0 ? h('p', { class: 'quiet' }, t.noDeliveries) : h('ul', {}, ...list)),
  )
}
