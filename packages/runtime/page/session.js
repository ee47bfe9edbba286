// Who is signed in, and what a page may offer them. Who is not is led to the page that signs in.
import { h } from './dom.js'
import { sessionTexts } from './session-texts.js'

/**
 * @typedef {import('./language.js').Language} Language
 * @typedef {'board' | 'read' | 'ingest' | 'alerts' | 'admin'} Scope
 * @typedef {{ mode: 'open' | 'keys', name: string | null, tenants: string[] | null, scopes: Scope[] }} Session
 * `name`: what changes are signed with, `null`: they say themselves who makes them; `tenants`: `null` is every one
 */

const timeoutMs = 5_000
/** Whether the server could not be told to end the session. */
let isStillSignedIn = false

/** As `fetch`. Without a session it has no answer: the page is left for the one that signs in, which leads back. @param {string} path @param {RequestInit} [init] @returns {Promise<Response>} */
export async function ask(path, init) {
  const response = await fetch(path, init)
  if (response.status !== 401) return response
  const to = location.pathname + location.search
  location.replace(`/sign-in?${new URLSearchParams({ to })}`)
  return new Promise(() => {})
}

/** @returns {Promise<Session | null>} `null`: the server cannot say it now. */
export async function currentSession() {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await ask('/v1/session', { cache: 'no-store', signal })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}

/** Whether it may do that for the tenants that it has. @param {Session | null} session @param {Scope} scope */
export function may(session, scope) {
  const held = session?.scopes ?? []
  return (
    held.includes('admin') || held.includes(scope) || (scope === 'board' && held.includes('read'))
  )
}

/** Whether it may do that for the whole installation. @param {Session | null} session @param {Scope} scope */
export const mayEverywhere = (session, scope) => may(session, scope) && session?.tenants === null

/** Whether it is that of a wall, which nobody stands at. @param {Session | null} session */
export const isOfBoard = (session) =>
  session !== null && session.scopes.every((scope) => scope === 'board')

/** Whether changes say themselves who makes them. @param {Session | null} session */
export const isUnnamed = (session) => session !== null && session.name === null

/** That a key lacks the scope. @param {Language} language */
export const forbiddenText = (language) => sessionTexts[language].forbidden

/** What the header says of who is signed in. @param {Session | null} session @param {Language} language @param {() => void} changed shows it anew @returns {import('./dom.js').Child[]} */
export function sessionParts(session, language, changed) {
  const t = sessionTexts[language]
  if (session === null) return []
  if (session.mode === 'open')
    return [
      h(
        'button',
        { type: 'button', key: 'open', class: 'open', popovertarget: 'open-at-length' },
        t.open,
      ),
      h('p', { id: 'open-at-length', popover: 'auto', key: 'text' }, t.openText),
    ]
  const { name } = session
  return [
    h('span', { class: 'who', title: name, key: 'who' }, name),
    h(
      'button',
      { type: 'button', id: 'sign-out', key: 'out', onclick: () => signOut(changed) },
      isStillSignedIn ? t.signOutFailed : t.signOut,
    ),
  ]
}

/** @param {() => void} changed */
async function signOut(changed) {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const { ok } = await fetch('/v1/session', { method: 'DELETE', signal })
    if (ok) return location.assign('/sign-in')
  } catch {
    // Said below.
  }
  isStillSignedIn = true
  changed()
}
