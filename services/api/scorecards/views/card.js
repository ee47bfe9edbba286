// One agent's card: the total, what it is made of, how it came, and what was issued of it.
import { amount, madeOf, moment, number, points, targetText } from '../amounts.js'
import { h } from '../dom.js'
import { periodName } from '../periods.js'
import { draftForm } from './appeal-forms.js'
import { appealsOfCard, leftOutButton } from './appeals.js'
import { bandMark, linkTo, lowMark, mark, standingMarks } from './app.js'
import { courseTable } from './course.js'
import { revisionList } from './revisions.js'
import { rowsPanel } from './rows.js'

/** @typedef {import('./app.js').App} App */
/** @typedef {import('../source.js').AgentScore} AgentScore */
/** @typedef {import('../source.js').Item} Item */

/** @param {App} app */
export function agentCard(app) {
  const { state, setting } = app
  const { t, language } = setting
  const { agent } = state
  const back = linkTo(app, { agent: null }, { class: 'back' }, `‹ ${t.back}`)
  if (agent === null) return h('div', { key: 'card' }, back, h('p', { class: 'quiet' }, t.reading))
  return h(
    'article',
    { class: 'card', key: `card-${agent.agentId}`, 'aria-labelledby': 'agent-title' },
    back,
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'agent-title', tabindex: -1 }, agent.agentId),
      h(
        'p',
        { class: 'quiet' },
        [agent.team, agent.role, agent.card.name, periodName(agent.label, t, language)]
          .filter(Boolean)
          .join(' · '),
      ),
    ),
    summary(app, agent),
    h('h3', {}, t.madeOfTitle),
    itemTable(app, agent),
    h('p', { class: 'quiet' }, spreadText(app, agent)),
    state.rows !== null && rowsPanel(app, state.rows),
    state.draft !== null && draftForm(app, state.draft),
    appealsOfCard(app, agent),
    h('h3', { key: 'course-title' }, t.course),
    h('div', {
      id: 'course-chart',
      role: 'img',
      'aria-label': t.courseChart,
      key: 'chart',
      foreign: true,
    }),
    courseTable(app, agent),
    h('h3', { key: 'revisions-title' }, t.revisions),
    revisionList(app, agent),
  )
}

/** @param {App} app @param {AgentScore} agent */
function summary(app, agent) {
  const { t, language } = app.setting
  const { card, rank, ranked, team, top, lowInARow, topQuartersInARow, salesIndex } = agent
  const placed =
    rank !== null && ranked !== null
      ? `${t.rankOf(rank, ranked)}${team === null ? '' : ` ${t.inTeam(team)}`}`
      : ''
  return h(
    'div',
    { class: 'summary' },
    h(
      'p',
      { class: 'grand' },
      h('b', {}, points(agent.total)),
      ' ',
      h('span', { class: 'quiet' }, t.outOf100),
    ),
    h(
      'p',
      { class: 'marks' },
      bandMark(app, card, agent.band),
      placed !== '' && h('span', {}, placed),
      top && mark('top', t.top),
      lowMark(app, card, lowInARow),
      topQuartersInARow > 0 &&
        mark('best', t.topQuarters(topQuartersInARow, card.bands[0]?.name ?? '')),
      salesIndex.value !== null &&
        h('span', {}, t.salesIndex(ratio(salesIndex.value, language), salesIndex.agents)),
    ),
    h('p', { class: 'marks' }, ...standingMarks(app, agent), standingText(app, agent)),
  )
}

/** @param {number} value @param {string} language */
const ratio = (value, language) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value)

/** @param {App} app @param {AgentScore} agent */
function standingText({ setting }, { closed, closedAt, provisionalUntil }) {
  const { t } = setting
  const since = closed && closedAt !== undefined ? t.closedAt(moment(closedAt, setting)) : ''
  const until =
    provisionalUntil === undefined ? '' : t.provisionalUntil(moment(provisionalUntil, setting))
  return h('span', { class: 'quiet' }, [since, until].filter(Boolean).join(' · '))
}

/** @param {App} app @param {AgentScore} agent */
function itemTable(app, agent) {
  const { t, language } = app.setting
  const head = [t.kpi, t.value, t.madeOf, t.target, t.points, t.weight, t.adds]
  return h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': t.madeOfTitle, tabindex: 0 },
    h(
      'table',
      { class: 'items' },
      h('caption', { class: 'unseen' }, t.madeOfTitle),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...head.map((name, place) =>
            h('th', { scope: 'col', class: place > 0 && 'number', key: name }, name),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...agent.items.map((item, place) => itemRow(app, agent, item, nameOf(agent, place))),
      ),
      h(
        'tfoot',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'row', colspan: 5 }, t.total),
          h('td', { class: 'number' }, number(sum(agent.items, 'weight'), language)),
          h('td', { class: 'number' }, h('b', {}, points(agent.total))),
        ),
      ),
    ),
  )
}

const sum = (/** @type {readonly Item[]} */ items, /** @type {'weight'} */ name) =>
  items.reduce((all, item) => all + item[name], 0)

/** With the percentile that is scored, where it is one. @param {AgentScore} agent @param {number} place */
function nameOf({ card }, place) {
  const { name = '', statistic = 'value' } = card.kpis[place] ?? {}
  return statistic === 'value' ? name : `${name} (${statistic.toUpperCase()})`
}

/** The part of the agent's work that is scored, without the agent. @param {Item} item */
const partOf = ({ slice }) =>
  slice
    .split(',')
    .filter((one) => !one.startsWith('agent='))
    .map((one) => decodeURIComponent(one))
    .join(', ')

/** @param {App} app @param {AgentScore} agent @param {Item} item @param {string} name */
function itemRow(app, agent, item, name) {
  const { actions, setting } = app
  const { t, language } = setting
  const { kpi, slice, statistic, value, weight, rule, adds } = item
  const shown = statistic === 'value' ? value.value : value[statistic]
  const { rows } = app.state
  return h(
    'tr',
    { key: `${kpi} ${slice} ${statistic}` },
    h(
      'th',
      { scope: 'row' },
      name,
      partOf(item) !== '' && h('small', {}, t.ofSlice(partOf(item))),
      kpi === agent.weakest && mark('weakest', t.weakest),
    ),
    h(
      'td',
      { class: 'number' },
      h(
        'button',
        {
          ...{ type: 'button', class: 'figure', 'data-kpi': kpi, 'data-slice': slice },
          title: t.showRows(name),
          'aria-expanded': rows?.kpi === kpi && rows.slice === slice ? 'true' : 'false',
          onclick: () => actions.openRows(kpi, slice),
        },
        amount(shown, value, setting, value.target),
        h('span', { class: 'unseen' }, `, ${t.showRows(name)}`),
      ),
      value.value === null &&
        value.reason !== undefined &&
        h('small', {}, t.reasons[value.reason] ?? value.reason),
      leftOutButton(app, item, name),
    ),
    h('td', { class: 'number' }, madeOf(value, setting)),
    h('td', { class: 'number' }, targetText(value, setting)),
    h(
      'td',
      { class: 'number' },
      points(item.points),
      (rule === 'few' || rule === 'empty') && h('small', {}, t[rule]),
      item.leftOut.byAppeal !== null && h('small', {}, t.noPointsByAppeal),
    ),
    h('td', { class: 'number' }, number(weight, language)),
    h('td', { class: 'number' }, adds === null ? '–' : number(adds, language)),
  )
}

/** @param {App} app @param {AgentScore} agent */
function spreadText({ setting: { t, language } }, agent) {
  if (agent.missingWeight === 0) return t.noSpread
  const names = agent.items.flatMap(({ points }, place) =>
    points === null ? [nameOf(agent, place)] : [],
  )
  return t.spread(
    number(agent.missingWeight, language),
    new Intl.ListFormat(language).format(names),
  )
}
