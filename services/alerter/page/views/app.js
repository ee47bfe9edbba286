/**
 * What every view is given.
 * @typedef {{ state: import('../state.js').State, actions: import('../actions.js').Actions, setting: import('../model.js').Setting,
 *   kpis: import('../rule-model.js').Kpis }} App
 * @typedef {import('../dom.js').Child} Child
 */
import { h } from '../dom.js'
import { addressOf } from '../settings.js'

/** A link to another place of the page; a plain click stays on the page. @param {App} app @param {Partial<import('../settings.js').Place>} change @param {import('../dom.js').Props} props @param {(Child | readonly Child[])[]} children */
export function linkTo({ state, actions }, change, props, ...children) {
  const place = { ...state.place, ...change }
  /** @param {Event} event */
  const onclick = (event) => {
    const { ctrlKey, metaKey, shiftKey, button } = /** @type {MouseEvent} */ (event)
    if (ctrlKey || metaKey || shiftKey || button !== 0) return
    event.preventDefault()
    actions.go(change)
  }
  return h('a', { ...props, href: addressOf(place, state.language), onclick }, ...children)
}

/** What to do where there is nothing to show. @param {string} title @param {string} text @param {readonly Child[]} more */
export const empty = (title, text, ...more) =>
  h(
    'div',
    { class: 'empty', key: 'empty' },
    h('h2', {}, title),
    h('p', { class: 'quiet' }, text),
    ...more,
  )

/** @param {string} text @param {import('../model.js').Status} [status] */
export const tag = (text, status) => h('span', { class: 'tag', 'data-status': status }, text)
