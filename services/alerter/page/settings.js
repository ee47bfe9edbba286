// Tenant, language, view and alert stand in the address; language and the author's name are remembered by this browser.

/** @typedef {'en' | 'zh'} Language */
/** @typedef {'alerts' | 'history' | 'silences' | 'rules' | 'endpoints'} View */

/** @type {readonly View[]} */
export const views = ['alerts', 'history', 'silences', 'rules', 'endpoints']

const languageKey = 'deskpulse.language' // The wallboard's, too.
const authorKey = 'deskpulse.author'

/** @param {string | null | undefined} text @returns {Language | null} */
function languageOf(text) {
  if (text?.toLowerCase().startsWith('zh')) return 'zh'
  return text?.toLowerCase().startsWith('en') ? 'en' : null
}

/** @param {string} key @returns {string | null} `null` where a browser lets nothing be stored. */
function stored(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** @param {string} key @param {string} value */
function store(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // It is asked for again next time.
  }
}

/** @param {Language} language */
export const rememberLanguage = (language) => store(languageKey, language)
/** @returns {string} Empty: nobody said so far. */
export const author = () => stored(authorKey) ?? ''
/** @param {string} name */
export const rememberAuthor = (name) => store(authorKey, name)

/** @returns {Language} `?lang=`, else what was chosen before, else the browser's. */
export function chosenLanguage() {
  const named = languageOf(new URLSearchParams(location.search).get('lang'))
  if (named !== null) rememberLanguage(named)
  return named ?? languageOf(stored(languageKey)) ?? languageOf(navigator.language) ?? 'en'
}

/** @typedef {{ tenant: string | null, view: View, alert: string | null, delivery: string | null }} Place `delivery`: `endpoint/id` */

/** @returns {Place} */
export function placeInAddress() {
  const asked = new URLSearchParams(location.search)
  const view = views.find((one) => one === asked.get('view')) ?? 'alerts'
  return { tenant: asked.get('tenant'), view, alert: asked.get('alert'), delivery: asked.get('delivery') }
}

/** Address of a place, in the language that is chosen. @param {Place} place @param {Language} language */
export function addressOf({ tenant, view, alert, delivery }, language) {
  const parts = Object.entries({ tenant, view: view === 'alerts' ? null : view, alert, delivery, lang: language })
  return `${location.pathname}?${new URLSearchParams(parts.flatMap(([name, value]) => (value === null ? [] : [[name, value]])))}`
}
