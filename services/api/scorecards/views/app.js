/**
 * What every view is given.
 * @typedef {{ state: import('../state.js').State, setting: import('../amounts.js').Setting, actions: import('../main.js').Actions }} App
 * @typedef {import('../dom.js').Child} Child
 */
import { h, shape } from '../dom.js'
import { addressOf } from '../place.js'
import { bandRank } from '../table-model.js'

/** A link to another place of the page; a plain click stays on the page. @param {App} app @param {Partial<import('../place.js').Place>} change @param {import('../dom.js').Props} props @param {(Child | readonly Child[])[]} children */
export function linkTo({ state, actions }, change, props, ...children) {
  /** @param {Event} event */
  const onclick = (event) => {
    const { ctrlKey, metaKey, shiftKey, button } = /** @type {MouseEvent} */ (event)
    if (ctrlKey || metaKey || shiftKey || button !== 0) return
    event.preventDefault()
    actions.go(change)
  }
  const href = addressOf({ ...state.place, ...change }, state.language)
  return h('a', { ...props, href, onclick }, ...children)
}

/** What to do where there is nothing to show. @param {readonly string[]} words title and text @param {readonly Child[]} more */
export const empty = ([title = '', text = ''], ...more) =>
  h(
    'div',
    { class: 'empty', key: 'empty' },
    h('h2', {}, title),
    h('p', { class: 'quiet' }, text),
    ...more,
  )

/** A mark: its shape and its word. @param {string} status @param {Child} text @param {import('../dom.js').Props} [props] */
export const mark = (status, text, props = {}) =>
  h('span', { class: 'mark', 'data-status': status, ...props }, shape(status), ' ', text)

/** The band of a total, in colour, shape and word. @param {App} app @param {import('../source.js').Card} card @param {import('../source.js').Band | null} band */
export const bandMark = ({ setting: { t } }, card, band) =>
  mark(bandRank(card, band), band?.name ?? t.noBand)

/** Whether a score may still change. @param {App} app @param {import('../source.js').Row} row @returns {Child[]} */
export function standingMarks({ setting: { t } }, { closed, revision, provisionalUntil }) {
  const isProvisional = !closed || provisionalUntil !== undefined
  return [
    closed && h('span', { class: 'chip', key: 'closed' }, t.closed(String(revision ?? 1))),
    isProvisional && h('span', { class: 'chip open', key: 'provisional' }, t.provisional),
  ]
}

/** @param {App} app @param {import('../source.js').Card} card @param {number} lowInARow */
export const lowMark = ({ setting: { t } }, card, lowInARow) =>
  lowInARow > 0 && mark('lowest', t.lowInARow(lowInARow, card.bands.at(-1)?.name ?? ''))

/** `Contact c-7`; a KPI by its name on the card. @param {App} app @param {import('../appeal-items.js').Item} item */
export function itemName({ state, setting: { t } }, { kind, id }) {
  if (kind !== 'kpi') return `${t.itemKinds[kind] ?? kind} ${id}`
  const cards = [state.agent?.card, ...(state.cards ?? [])]
  const found = cards.flatMap((card) => card?.kpis ?? []).find(({ kpi }) => kpi === id)
  return found?.name ?? id
}
