// Tenant and language: the address first, then what this browser remembers.

/** @typedef {'en' | 'zh'} Language */

const remembered = 'deskpulse.language'
const asked = new URLSearchParams(location.search)

/** @param {string | null | undefined} text @returns {Language | null} */
function languageOf(text) {
  if (text?.toLowerCase().startsWith('zh')) return 'zh'
  return text?.toLowerCase().startsWith('en') ? 'en' : null
}

/** @returns {string | null} `null` where a browser lets nothing be stored. */
function stored() {
  try {
    return localStorage.getItem(remembered)
  } catch {
    return null
  }
}

/** @param {Language} language */
export function remember(language) {
  try {
    localStorage.setItem(remembered, language)
  } catch {
    // The address still names it.
  }
}

/** @returns {Language} `?lang=`, else what was chosen before, else the browser's. */
export function chosenLanguage() {
  const named = languageOf(asked.get('lang'))
  if (named !== null) remember(named)
  return named ?? languageOf(stored()) ?? languageOf(navigator.language) ?? 'en'
}

/** `null`: the address names none. */
export const askedTenant = () => asked.get('tenant')

/** @param {string} name @param {string} value */
export function nameInAddress(name, value) {
  const address = new URL(location.href)
  address.searchParams.set(name, value)
  history.replaceState(null, '', address)
}
