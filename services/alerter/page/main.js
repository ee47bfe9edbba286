// Looks at the tenant's alerts each second and shows what it saw. Between two looks durations tick.
import { actionsOf } from './actions.js'
import { h, render } from './dom.js'
import { chosenLanguage, placeInAddress } from './settings.js'
import { isEmpty, kpisOf, look, moveTo, newState, settingOf } from './state.js'
import { alertDetail } from './views/alert-detail.js'
import { firingList, historyList } from './views/alert-list.js'
import { endpointsView } from './views/endpoints.js'
import { rulesView } from './views/rules.js'
import { footer, header, nav, notices, welcome } from './views/shell.js'
import { silencesView } from './views/silences.js'

const everyMs = 1_000
const state = newState(chosenLanguage(), placeInAddress())
/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
let round = 0
/** Told to listeners when it changes. @type {string | null} */
let spoken = null
/** @type {string | null} */
let shownAlert = null

/** Looks at everything, also at what changes seldom. */
const actions = actionsOf(state, show, () => {
  round = 0
  return refresh()
})

async function refresh() {
  const asked = state.place
  await look(state, round)
  round += 1
  if (asked === state.place) show()
}

function show() {
  const app = { state, actions, setting: settingOf(state), kpis: kpisOf(state) }
  const { t, language } = app.setting
  const { connection, place, alerts } = state
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.body.dataset['state'] =
    connection === 'store-away' || connection === 'forbidden' ? 'unreachable' : connection
  document.title = `${alerts !== null && alerts.length > 0 ? `(${alerts.length}) ` : ''}${place.tenant ?? 'Deskpulse'} · ${t.page}`
  byId('skip').textContent = t.skip
  byId('nav').ariaLabel = t.viewsLabel
  byId('notices').ariaLabel = t.notices
  render(byId('header'), header(app))
  render(byId('nav'), nav(app))
  render(byId('notices'), notices(app))
  render(byId('main'), isEmpty(state) ? [welcome(app)] : [viewOf(app)])
  render(byId('footer'), footer(app))
  speak(alerts === null ? null : alerts.length === 0 ? t.allQuiet : t.firing(alerts.length))
  moveFocus()
}

/** @param {import('./views/app.js').App} app */
function viewOf(app) {
  switch (state.place.view) {
    case 'alerts':
      return split(app, firingList(app))
    case 'history':
      return split(app, historyList(app))
    case 'silences':
      return silencesView(app)
    case 'rules':
      return rulesView(app)
    case 'endpoints':
      return endpointsView(app)
  }
}

/** The list, and beside it the alert that was picked; where there is little room, instead of it. @param {import('./views/app.js').App} app @param {import('./dom.js').Child} list */
const split = (app, list) =>
  state.place.alert === null
    ? h('div', { class: 'split', key: 'split' }, list)
    : h('div', { class: 'split two', key: 'split' }, list, alertDetail(app))

/** A listener hears how many fire when that changes, not every second. @param {string | null} text */
function speak(text) {
  if (text === null || text === spoken) return
  spoken = text
  byId('spoken').textContent = text
}

/** To what was opened; and back to where it was opened from. */
function moveFocus() {
  const { alert } = state.place
  if (alert === shownAlert) return
  if (alert !== null) {
    const title = document.getElementById('detail-title')
    if (title === null) return // Not read yet.
    title.focus({ preventScroll: true })
    if (matchMedia('(max-width: 1099px)').matches) scrollTo({ top: 0 })
  } else
    document
      .querySelector(/** @type {'a'} */ (`[data-alert="${CSS.escape(shownAlert ?? '')}"]`))
      ?.focus()
  shownAlert = alert
}

addEventListener('popstate', () => {
  moveTo(state, placeInAddress())
  state.visits += 1
  show()
  void refresh()
})

addEventListener('keydown', (event) => {
  const isField = event.target instanceof HTMLElement && event.target.closest('form') !== null
  if (event.key === 'Escape' && state.place.alert !== null && !isField) actions.go({ alert: null })
})

async function run() {
  for (;;) {
    const startedMs = performance.now()
    await refresh()
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(100, everyMs - (performance.now() - startedMs))),
    )
  }
}

setInterval(show, 500)
show()
void run()
