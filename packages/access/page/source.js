// What the page asks of its server.

/**
 * @typedef {import('./session.js').Session} Session
 * @typedef {'unknown' | 'revoked' | 'expired' | 'over' | 'busy'} Reason why a key or session is not taken
 * @typedef {{ kind: 'session', session: Session } | { kind: 'refused', reason: Reason | null } | { kind: 'forbidden' }
 *   | { kind: 'too-many', seconds: number } | { kind: 'failed' } | { kind: 'unreachable' }} Answer `reason`: `null` is that no key was brought
 */

const timeoutMs = 10_000

/** By what the server says. @type {Record<string, Reason>} */
const reasons = {
  'there is no such key': 'unknown',
  'the key was revoked': 'revoked',
  'the key has expired': 'expired',
  'the session is over: sign in again': 'over',
}

/** @param {RequestInit} init @returns {Promise<Answer>} */
async function request(init) {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch('/v1/session', { cache: 'no-store', signal, ...init })
    const body = await response.json()
    if (response.ok) return { kind: 'session', session: body }
    if (response.status === 401) return { kind: 'refused', reason: reasons[body.detail] ?? null }
    if (response.status === 429)
      return { kind: 'too-many', seconds: Number(response.headers.get('retry-after') ?? 60) }
    if (body.code === 'busy') return { kind: 'refused', reason: 'busy' }
    return { kind: body.code === 'forbidden' ? 'forbidden' : 'failed' }
  } catch {
    return { kind: 'unreachable' } // No answer, or one that is not ours: a proxy's.
  }
}

/** Who is signed in already. */
export const sessionNow = () => request({})

/** Whether people sign in at an OpenID provider, too. @returns {Promise<boolean>} */
export async function hasProvider() {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch('/sign-in/ways.json', { cache: 'no-store', signal })
    return response.ok && (await response.json()).provider
  } catch {
    return false
  }
}

/** Keys are plain text: what cannot stand in a header is none. @param {string} key @returns {Promise<Answer>} */
export async function signIn(key) {
  if (!/^[!-~]+$/.test(key)) return { kind: 'refused', reason: 'unknown' }
  return request({ method: 'POST', headers: { authorization: `Bearer ${key}` } })
}
