// What was issued of a card, the last one first, each with what it changed.
import { amount, moment, points } from '../amounts.js'
import { h } from '../dom.js'
import { bandMark } from './app.js'

/** @typedef {import('./app.js').App} App */
/** @typedef {import('../source.js').AgentScore} AgentScore */
/** @typedef {import('../source.js').Revision} Revision */

/** On paper stand the last ones: a card has one page. */
const printed = 3

/** @param {App} app @param {AgentScore} agent */
export function revisionList(app, agent) {
  const { t } = app.setting
  if (agent.revisions.length === 0) return h('p', { class: 'quiet', key: 'revisions' }, t.notClosed)
  return h(
    'div',
    { key: 'revisions' },
    h(
      'ol',
      { class: 'revisions', reversed: true },
      ...agent.revisions.toReversed().map((one) => revision(app, agent, one)),
    ),
    agent.revisions.length > printed && h('p', { class: 'on-paper quiet' }, t.earlierOnPage),
  )
}

/** @param {App} app @param {AgentScore} agent @param {Revision} one */
function revision(app, agent, { revision, closedAt, total, band, changes }) {
  const { setting } = app
  const { t } = setting
  return h(
    'li',
    { key: `revision-${revision}` },
    h('b', {}, t.revision(revision)),
    h('span', { class: 'quiet' }, ` · ${moment(closedAt, setting)} · `),
    h('b', {}, points(total)),
    ' ',
    bandMark(app, agent.card, band),
    changes.length === 0
      ? h('p', { class: 'quiet' }, t.firstIssue)
      : h('ul', {}, ...changes.map((change) => h('li', {}, changeText(setting, agent, change)))),
  )
}

/** @param {import('../amounts.js').Setting} setting @param {AgentScore} agent @param {import('../source.js').Change} change */
function changeText(setting, { card, items }, { kpi, slice, before, after, ...was }) {
  const place = items.findIndex((item) => item.kpi === kpi && item.slice === slice)
  const of = items[place]?.value ?? { unit: 'count' }
  return setting.t.changed(
    card.kpis[place]?.name ?? kpi,
    amount(before, of, setting),
    amount(after, of, setting),
    `${points(was.pointsBefore)} → ${points(was.pointsAfter)}`,
  )
}
