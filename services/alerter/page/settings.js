// Tenant, language, view, alert and the history's filter stand in the address; language and the author's name are remembered by this browser.

export { author, rememberAuthor } from './author.js'
export { chosenLanguage, rememberLanguage } from './language.js'

/** @typedef {import('./language.js').Language} Language */
/** @typedef {'alerts' | 'history' | 'silences' | 'rules' | 'endpoints'} View */

/** @type {readonly View[]} */
export const views = ['alerts', 'history', 'silences', 'rules', 'endpoints']

/**
 * @typedef {{ rule: string | null, queue: string | null, from: string | null, to: string | null }} Filter of the history; instants, `from` before `to`
 * @typedef {{ tenant: string | null, view: View, alert: string | null } & Filter} Place
 */

/** @type {Filter} */
export const noFilter = { rule: null, queue: null, from: null, to: null }

/** @param {Filter} filter */
export const isFiltered = ({ rule, queue, from, to }) => (rule ?? queue ?? from ?? to) !== null

/** @returns {Place} */
export function placeInAddress() {
  const asked = new URLSearchParams(location.search)
  const view = views.find((one) => one === asked.get('view')) ?? 'alerts'
  return {
    tenant: asked.get('tenant'),
    view,
    alert: asked.get('alert'),
    ...filterOf((name) => asked.get(name)),
  }
}

/** What an address or a form says: an empty field does not matter, and times that stand the wrong way round are turned. @param {(name: string) => string | null} said @returns {Filter} */
export function filterOf(said) {
  const [first, second] = [instantOf(said('from')), instantOf(said('to'))]
  const isTurned = first !== null && second !== null && first > second
  const [from, to] = isTurned ? [second, first] : [first, second === first ? null : second]
  return { rule: said('rule') || null, queue: said('queue') || null, from, to }
}

/** @param {string | null} text */
function instantOf(text) {
  const atMs = Date.parse(text ?? '')
  return Number.isNaN(atMs) ? null : new Date(atMs).toISOString()
}

/** Address of a place, in the language that is chosen. @param {Place} place @param {Language} language */
export function addressOf({ tenant, view, alert, rule, queue, from, to }, language) {
  const filter = view === 'history' ? { rule, queue, from, to } : {}
  const parts = Object.entries({
    tenant,
    view: view === 'alerts' ? null : view,
    alert,
    ...filter,
    lang: language,
  })
  return `${location.pathname}?${new URLSearchParams(parts.flatMap(([name, value]) => (value === null ? [] : [[name, value]])))}`
}
