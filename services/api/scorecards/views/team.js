// The table of a card and a period: a row for each agent.
import { number, points } from '../amounts.js'
import { h, shape } from '../dom.js'
import { periodName } from '../periods.js'
import { columnsOf, rowsInOrder } from '../table-model.js'
import { bandMark, empty, linkTo, mark, standingMarks } from './app.js'

/** @typedef {import('./app.js').App} App */
/** @typedef {import('../source.js').Row} Row */
/** @typedef {import('../source.js').Card} Card */

/** @param {App} app */
export function teamTable(app) {
  const { state, setting } = app
  const { t, language } = setting
  const { scores, place, order } = state
  if (scores === null) return h('p', { class: 'quiet', key: 'reading' }, t.reading)
  if (scores.rows.length === 0) return empty(t.noAgents)
  const columns = columnsOf(scores.card, t)
  const rows = rowsInOrder(scores.rows, place.team, columns, order, language)
  if (rows.length === 0) return empty(t.noAgentsInTeam)
  const caption = t.caption(scores.card.name, periodName(scores.label, t, language))
  return h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0, key: 'team' },
    h(
      'table',
      { class: 'team' },
      h('caption', { class: 'unseen' }, `${caption}. ${t.sortHint}`),
      h('thead', {}, h('tr', {}, ...columns.map((column) => headCell(app, scores.card, column)))),
      h('tbody', {}, ...rows.map((row) => bodyRow(app, scores.card, row))),
    ),
  )
}

/** @param {App} app @param {Card} card @param {import('../table-model.js').Column} column */
function headCell({ state: { order }, actions, setting: { t } }, card, column) {
  const isBy = order.by === column.id
  const kpi = /^kpi-(\d+)$/.exec(column.id)?.[1]
  const weight = kpi === undefined ? undefined : card.kpis[Number(kpi)]?.weight
  return h(
    'th',
    {
      ...{ scope: 'col', key: column.id, class: column.isNumber ? 'number' : false },
      'aria-sort': isBy ? (order.isDown ? 'descending' : 'ascending') : 'none',
    },
    h(
      'button',
      { type: 'button', onclick: () => actions.sort(column) },
      column.name,
      weight !== undefined && h('small', {}, t.weightOf(String(weight))),
      h('i', { class: 'arrow', 'aria-hidden': 'true' }, isBy ? (order.isDown ? '▼' : '▲') : ''),
    ),
  )
}

/** @param {App} app @param {Card} card @param {Row} row */
function bodyRow(app, card, row) {
  const { t, language } = app.setting
  const { rank, agentId, team, total, band, top, lowInARow, missingWeight } = row
  return h(
    'tr',
    { key: agentId },
    h(
      'td',
      { class: 'number rank' },
      top && h('span', { class: 'mark', 'data-status': 'top', title: t.top }, shape('top', t.top)),
      rank === null ? '–' : String(rank),
    ),
    h('th', { scope: 'row' }, linkTo(app, { agent: agentId }, { 'data-agent': agentId }, agentId)),
    h('td', { class: 'name' }, team ?? h('span', { class: 'quiet' }, t.noTeam)),
    h('td', { class: 'number total' }, h('b', {}, points(total)), bandMark(app, card, band)),
    h('td', { class: 'standing' }, ...standingMarks(app, row), appealMark(app, row)),
    h(
      'td',
      { class: 'number' },
      missingWeight > 0
        ? mark('none', number(missingWeight, language), { class: 'mark missing' })
        : '0',
    ),
    h('td', { class: 'number' }, lowInARow > 0 ? mark('lowest', String(lowInARow)) : '0'),
    ...row.items.map((item, place) => pointsCell(app, row, item, place)),
  )
}

/** How many appeals of the agent wait for a decision. @param {App} app @param {Row} row */
const appealMark = ({ setting: { t } }, { appeals: { open } }) =>
  open > 0 && mark('open', t.appealsOpen(open), { key: 'appeals' })

/** @param {App} app @param {Row} row @param {import('../source.js').Item} item @param {number} place */
function pointsCell({ setting: { t } }, { weakest }, item, place) {
  const isWeakest = item.kpi === weakest && item.points !== null
  const why = item.leftOut.byAppeal === null ? t.noValue : t.noPointsByAppeal
  return h(
    'td',
    { class: 'number', key: `kpi-${place}`, title: item.points === null && why },
    isWeakest &&
      h(
        'span',
        { class: 'mark', 'data-status': 'weakest', title: t.weakest },
        shape('weakest', t.weakest),
      ),
    points(item.points),
  )
}
