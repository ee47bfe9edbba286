// What was chosen, and what the server said of it.

/**
 * @typedef {import('./source.js').Imported} Imported
 * @typedef {import('./source.js').Kind} Kind
 * @typedef {{ name: string, changedAt: string, bytes: ArrayBuffer }} ChosenFile
 * @typedef {{ is: 'none' } | { is: 'checking' | 'sending' } | { is: 'checked' | 'sent', file: string, tenant: string, imported: Imported }
 *   | { is: 'failed', text: (t: import('./texts.js').Texts) => string }} Result
 */

const named = new URLSearchParams(location.search)

/** @returns {string} the zone of this browser. */
const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export const state = {
  /** @type {import('./session.js').Session | null} */
  session: null,
  /** @type {string[]} */
  tenants: [],
  /** @type {string | null} */
  boardPage: null,
  tenant: named.get('tenant'),
  /** @type {Kind[]} */
  kinds: [],
  kind: named.get('kind') ?? '',
  timeZone: ownZone(),
  /** @type {ChosenFile | null} */
  file: null,
  /** @type {Result} */
  result: { is: 'none' },
}

export const zones = () => [...new Set([ownZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])]

export const kindChosen = () => state.kinds.find(({ kind }) => kind === state.kind)

export const isBusy = () => state.result.is === 'checking' || state.result.is === 'sending'

export const canCheck = () => state.file !== null && kindChosen() !== undefined && !isBusy()

/** Only what was checked just so, and is right: whatever is chosen anew takes the check back. */
export const canSend = () =>
  state.result.is === 'checked' &&
  state.result.imported.errorCount === 0 &&
  state.result.imported.rows > 0

/** Something is chosen anew: what was said is of something else. @param {Partial<typeof state>} change */
export function choose(change) {
  Object.assign(state, change)
  state.result = { is: 'none' }
  nameInAddress()
}

function nameInAddress() {
  const address = new URL(location.href)
  if (state.tenant !== null) address.searchParams.set('tenant', state.tenant)
  if (kindChosen() !== undefined) address.searchParams.set('kind', state.kind)
  history.replaceState(null, '', address)
}
