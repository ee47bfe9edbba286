// Tenant and language: the address first, then what this browser remembers.

export { chosenLanguage, rememberLanguage } from './language.js'

/** @typedef {import('./language.js').Language} Language */

/** `null`: the address names none. */
export const askedTenant = () => new URLSearchParams(location.search).get('tenant')

/** @param {string} name @param {string} value */
export function nameInAddress(name, value) {
  const address = new URL(location.href)
  address.searchParams.set(name, value)
  history.replaceState(null, '', address)
}
