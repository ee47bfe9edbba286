// Where the page is: the address says it, so that a link opens what its sender saw.

/** @typedef {import('./language.js').Language} Language */
/**
 * @typedef {{ tenant: string | null, card: string | null, period: string | null, team: string | null, agent: string | null, appeals: string | null }} Place
 * `null`: the first tenant or card, the period that runs, every team, no agent's card, no list of appeals; `appeals` is `open`
 */

/** @type {readonly (keyof Place)[]} */
const names = ['tenant', 'card', 'period', 'team', 'agent', 'appeals']

/** @returns {Place} */
export function placeInAddress() {
  const asked = new URLSearchParams(location.search)
  const of = (/** @type {string} */ name) => asked.get(name) || null
  return {
    tenant: of('tenant'),
    card: of('card'),
    period: of('period'),
    team: of('team'),
    agent: of('agent'),
    appeals: of('appeals'),
  }
}

/** @param {Place} place @param {Language} language */
export function addressOf(place, language) {
  const query = new URLSearchParams()
  for (const name of names) {
    const value = place[name]
    if (value !== null) query.set(name, value)
  }
  query.set('lang', language)
  return `/scorecards?${query}`
}
