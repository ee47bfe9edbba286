// Every appeal of the tenant that nobody has decided yet, each with the way to its card.
import { h } from '../dom.js'
import { labelOf } from '../periods.js'
import { chosenCard } from '../state.js'
import { appealList } from './appeals.js'
import { empty, linkTo } from './app.js'

/** @typedef {import('./app.js').App} App */

/** @param {App} app */
export function openAppeals(app) {
  const { state, setting } = app
  const { t, language } = setting
  const { openAppeals: open } = state
  const back = linkTo(app, { appeals: null }, { class: 'back', key: 'back' }, `‹ ${t.back}`)
  if (open === null) return h('div', { key: 'open' }, back, h('p', { class: 'quiet' }, t.reading))
  const { count, appeals } = open
  const shown = t.appealsShown(
    appeals.length.toLocaleString(language),
    count.toLocaleString(language),
  )
  return h(
    'section',
    { class: 'card', key: 'open', 'aria-labelledby': 'open-title' },
    back,
    h('h2', { id: 'open-title', tabindex: -1 }, t.openAppeals),
    count > 0 && h('p', { class: 'quiet', key: 'count' }, shown),
    count === 0
      ? empty(t.noOpenAppeals)
      : appealList(app, appeals, (appeal) => cardLink(app, appeal)),
  )
}

/** To the card of the period in which that of the appeal begins. @param {App} app @param {import('../source.js').Appeal} appeal */
function cardLink(app, { agentId, period: { start, end } }) {
  const kind = chosenCard(app.state)?.period ?? 'month'
  const period = labelOf(new Date(`${start}T00:00:00Z`), kind)
  const change = { agent: agentId, period, team: null, appeals: null }
  return linkTo(app, change, { key: 'agent' }, `${agentId} · ${start} – ${end}`)
}
