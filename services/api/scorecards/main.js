// Looks at the scores every few seconds and shows what it saw.
import { appealing } from './appealing.js'
import { render } from './dom.js'
import { chosenLanguage, rememberLanguage } from './language.js'
import { addressOf, placeInAddress } from './place.js'
import { look, moveTo, newState, readRows, settingOf } from './state.js'
import { orderedBy } from './table-model.js'
import { agentCard } from './views/card.js'
import { openAppeals } from './views/open-appeals.js'
import { drawCourse, resizeCourse } from './views/course.js'
import { choices, footer, header, nothing, notices } from './views/shell.js'
import { teamTable } from './views/team.js'

/** Scores are of weeks and months: they change with each contact, but not by much. */
const everyMs = 10_000
/** What was sent is in the log in no time. */
const soonMs = 500
const state = newState(chosenLanguage(), placeInAddress())
/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
/** What has the focus next, once it is there. @type {string | null} */
let wanted = null

/** @typedef {typeof actions} Actions */
const actions = {
  /** @param {Partial<import('./place.js').Place>} change */
  go(change) {
    const before = state.place.agent
    moveTo(state, { ...state.place, ...change })
    history.pushState(null, '', addressOf(state.place, state.language))
    if (change.agent !== undefined)
      wanted = change.agent === null ? `[data-agent="${CSS.escape(before ?? '')}"]` : '#agent-title'
    show()
    void refresh()
  },
  /** @param {import('./language.js').Language} language */
  speak(language) {
    state.language = language
    rememberLanguage(language)
    history.replaceState(null, '', addressOf(state.place, language))
    show()
    void refresh()
  },
  /** @param {import('./table-model.js').Column} column */
  sort(column) {
    state.order = orderedBy(state.order, column)
    show()
  },
  /** @param {string} kpi @param {string} slice @param {boolean} [isLeftOut] */
  openRows(kpi, slice, isLeftOut = false) {
    if (state.rows?.kpi === kpi && state.rows.slice === slice) return actions.closeRows()
    state.rows = { kpi, slice, isLeftOut, rows: [], last: null, failed: null, isReading: true }
    wanted = '#rows-title'
    return readRows(state, show)
  },
  moreRows: () => readRows(state, show),
  closeRows() {
    const { kpi = '', slice = '' } = state.rows ?? {}
    state.rows = null
    wanted = `[data-kpi="${CSS.escape(kpi)}"][data-slice="${CSS.escape(slice)}"]`
    show()
  },
  print: () => print(),
  show,
  ...appealing(state, {
    show,
    lookSoon() {
      show()
      void refresh()
    },
    focusOn: (selector) => void (wanted = selector),
  }),
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let next

/** Looks now, and again after a while. */
async function refresh() {
  await look(state)
  show()
  clearTimeout(next)
  next = setTimeout(() => void refresh(), state.sent.size > 0 ? soonMs : everyMs)
}

function show() {
  const setting = settingOf(state)
  const { t, language } = setting
  const { connection, place, agent } = state
  const app = { state, actions, setting }
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.body.dataset['state'] =
    connection === 'store-away' || connection === 'forbidden' ? 'unreachable' : connection
  document.title = [place.agent, place.tenant ?? 'Deskpulse', t.page].filter(Boolean).join(' · ')
  byId('skip').textContent = t.skip
  render(byId('header'), header(app))
  render(byId('notices'), notices(app))
  const isList = place.appeals !== null
  const scored = place.agent === null ? teamTable : agentCard
  const content = nothing(app) ?? (isList ? openAppeals : scored)(app)
  render(byId('main'), [isList ? null : choices(app), content])
  render(byId('footer'), footer(app))
  drawCourse(place.agent === null || isList ? null : agent, language)
  if (byId('spoken').textContent !== state.spoken) byId('spoken').textContent = state.spoken
  moveFocus()
}

/** To what was opened, and back to where it was opened from. */
function moveFocus() {
  if (wanted === null) return
  const found = /** @type {HTMLElement | null} */ (document.querySelector(wanted))
  if (found === null) return // Not read yet.
  found.focus()
  wanted = null
}

addEventListener('popstate', () => {
  moveTo(state, placeInAddress())
  show()
  void refresh()
})
addEventListener('resize', resizeCourse)
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && state.rows !== null) actions.closeRows()
})

show()
void refresh()
