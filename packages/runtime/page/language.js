// The language of a page: the address first, then what this browser remembers for all of them.

/** @typedef {'en' | 'zh'} Language */

const languageKey = 'deskpulse.language'

/** @param {string | null | undefined} text @returns {Language | null} */
function languageOf(text) {
  if (text?.toLowerCase().startsWith('zh')) return 'zh'
  return text?.toLowerCase().startsWith('en') ? 'en' : null
}

/** @param {string} key @returns {string | null} `null` where a browser lets nothing be stored. */
export function stored(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** @param {string} key @param {string} value */
export function store(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // The address still names it, or it is asked for again next time.
  }
}

/** @param {Language} language */
export const rememberLanguage = (language) => store(languageKey, language)

/** @returns {Language} `?lang=`, else what was chosen before, else the browser's. */
export function chosenLanguage() {
  const named = languageOf(new URLSearchParams(location.search).get('lang'))
  if (named !== null) rememberLanguage(named)
  return named ?? languageOf(stored(languageKey)) ?? languageOf(navigator.language) ?? 'en'
}
