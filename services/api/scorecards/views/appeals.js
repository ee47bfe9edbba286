// Appeals as they stand: state, reason, who and when, and what of each is left out.
import { itemsOf } from '../appeal-items.js'
import { moment } from '../amounts.js'
import { h } from '../dom.js'
import { decisionForm, mayAppeal } from './appeal-forms.js'
import { itemName, mark } from './app.js'

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./app.js').Child} Child */
/** @typedef {import('../source.js').Appeal} Appeal */
/** @typedef {import('../source.js').AgentScore} AgentScore */

/** On paper stand the last ones: a card has one page. */
const printed = 3

/** Those about the period of a card, what was just filed first. @param {App} app @param {AgentScore} agent */
export function appealsOfCard(app, { appealsAbout }) {
  const { t } = app.setting
  const known = new Set(appealsAbout.map(({ appealId }) => appealId))
  const filed = [...app.state.sent.values()].flatMap(({ appeal }) =>
    known.has(appeal.appealId) ? [] : [appeal],
  )
  const all = [...filed.toReversed(), ...appealsAbout]
  return h(
    'section',
    { class: all.length === 0 ? 'appeals none' : 'appeals', key: 'appeals' },
    h('h3', { id: 'appeals-title', tabindex: -1 }, t.appeals),
    mayAppeal(app) && h('p', { class: 'quiet hint' }, t.howToAppeal),
    all.length > 0 && appealList(app, all),
    all.length > printed && h('p', { class: 'on-paper quiet' }, t.earlierAppeals),
  )
}

/** `headOf`: what stands above each of them. @param {App} app @param {readonly Appeal[]} appeals @param {(appeal: Appeal) => Child} [headOf] */
export const appealList = (app, appeals, headOf = () => null) =>
  h('ul', { class: 'appeal-list' }, ...appeals.map((one) => appealEntry(app, one, headOf(one))))

/** @param {App} app @param {Appeal} appeal @param {Child} head */
function appealEntry(app, appeal, head) {
  const { setting, state } = app
  const { t } = setting
  const { appealId, agentId, reason, filedAt, filedBy, decidedAt, decidedBy, note } = appeal
  const shown = state.sent.has(appealId) ? 'sent' : appeal.state
  return h(
    'li',
    { id: `appeal-${appealId}`, key: appealId, tabindex: -1, 'data-state': shown },
    h(
      'p',
      { class: 'marks' },
      head,
      mark(shown, t.appealStates[shown]),
      h('span', { class: 'quiet' }, t.filedBy(filedBy ?? agentId, moment(filedAt, setting))),
    ),
    h('p', { class: 'said' }, reason),
    h('ul', { class: 'chips' }, ...itemsOf(appeal).map((item) => itemChip(app, appeal, item))),
    decidedAt !== null &&
      h(
        'p',
        { class: 'said' },
        h('span', { class: 'quiet' }, t.decidedBy(decidedBy ?? '', moment(decidedAt, setting))),
        note !== null && ` ${note}`,
      ),
    shown !== 'sent' && mayAppeal(app) && decisionForm(app, appeal),
  )
}

/** What became of it, once that is known: in words. @param {App} app @param {Appeal} appeal @param {import('../appeal-items.js').AppealedItem} item */
function itemChip(app, { decidedAt }, item) {
  const { t } = app.setting
  const { leftOut, kept, kind, id } = item
  const fate = !kept ? t.notKnown : decidedAt === null ? '' : leftOut ? t.isLeftOut : t.counts
  return h(
    'li',
    {
      class: leftOut && kept ? 'chip left-out' : 'chip',
      key: `${kind} ${id}`,
      title: !kept && t.notKnownWhy,
    },
    itemName(app, item),
    fate !== '' && h('b', {}, ` · ${fate}`),
  )
}

/** Leads to the rows that appeals leave out of a figure, where any are. @param {App} app @param {import('../source.js').Item} item @param {string} name of its KPI */
export function leftOutButton({ state, actions, setting: { t } }, { kpi, leftOut }, name) {
  const { slice } = leftOut
  if (slice === null || !state.leftOut.has(`${kpi} ${slice}`)) return null
  const isOpen = state.rows?.kpi === kpi && state.rows.slice === slice
  return h(
    'button',
    {
      ...{ type: 'button', class: 'left-out', 'data-kpi': kpi, 'data-slice': slice },
      ...{ key: 'left-out', 'aria-expanded': isOpen ? 'true' : 'false' },
      title: t.showLeftOut(name),
      onclick: () => actions.openRows(kpi, slice, true),
    },
    t.someLeftOut,
    h('span', { class: 'unseen' }, `, ${t.showLeftOut(name)}`),
  )
}
