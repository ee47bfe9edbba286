import { type KeyRecord, type KeyText, parseKey, type Scope } from '@deskpulse/contract'
import { type Authenticated, type Authenticator, type Principal, refuse } from '@deskpulse/runtime'
import type { FastifyRequest } from 'fastify'
import type { Bearers } from '../oidc/bearer.ts'
import type { Holder, Sessions } from '../session/sessions.ts'
import type { KeyStore } from './key-store.ts'
import { fingerprintOf, isSecret } from './secret.ts'

export type KeyAuthenticatorDeps = {
  readonly keys: Pick<KeyStore, 'find' | 'used'>
  readonly sessions: Pick<Sessions, 'tokenOf' | 'recognise' | 'verify'>
  /** `null`: tokens of other issuers are not taken. */
  readonly bearers: Bearers | null
  readonly nowMs: () => number
  /** Of what this process itself asks; nobody else knows it. */
  readonly ownKey: string
}

export type KeyAuthenticator = Authenticator & {
  /** Who has the key, or what is wrong with it. */
  ofKey(text: string): Promise<Principal | string>
}

/** Secrets that are looked at for the first time at once: more would keep the processor from all else. */
const verifyingMax = 2
/** That wait for their turn, as when every screen of a center starts with the product. */
const waitingMax = 100

const own: Principal = {
  ...{ id: 'own', name: 'deskpulse' },
  ...{ tenants: 'all', scopes: new Set<Scope>(['ingest']) },
}

const principalOf = ({ id, name, tenant, scopes }: KeyRecord): Principal => ({
  id,
  name,
  tenants: tenant === null ? 'all' : new Set([tenant]),
  scopes: new Set(scopes),
})

/** Recognises keys and the sessions that began with one. A key that is revoked or has expired takes its sessions with it. */
export function keyAuthenticator({
  keys,
  sessions,
  bearers,
  nowMs,
  ownKey,
}: KeyAuthenticatorDeps): KeyAuthenticator {
  /** Fingerprints of secrets that were right, by the id of their key. */
  const known = new Map<string, string>()
  /** Made once for each record of a key, which never changes. */
  const principals = new WeakMap<KeyRecord, Principal>()
  let verifying = 0
  const waiting: (() => void)[] = []

  function valid(key: KeyRecord): Principal | string {
    const now = nowMs()
    const over = overOf(key, now)
    if (over !== null) return over
    keys.used(key.id, now)
    const principal = principals.get(key) ?? principalOf(key)
    principals.set(key, principal)
    return principal
  }

  const keyOf = ({ id, tenant }: KeyText): KeyRecord | undefined => {
    const key = keys.find(id)
    return key?.tenant === tenant ? key : undefined
  }

  function recogniseKey(text: string): Principal | string | undefined {
    if (text === ownKey) return own
    const parts = parseKey(text)
    const key = parts === null ? undefined : keyOf(parts)
    if (parts === null || key === undefined) return unknownKey
    // What is over is so whoever asks: no secret of it is looked at.
    const over = overOf(key, nowMs())
    if (over !== null) return over
    return known.get(key.id) === fingerprintOf(parts.secret) ? valid(key) : undefined
  }

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (verifying < verifyingMax) verifying += 1
    else await new Promise<void>((turn) => waiting.push(turn))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) verifying -= 1
      else next()
    }
  }

  async function verifyKey(text: string): Promise<Principal | string> {
    const parts = parseKey(text)
    const key = parts === null ? undefined : keyOf(parts)
    if (parts === null || key === undefined) return unknownKey
    if (waiting.length >= waitingMax)
      refuse('busy', 'too many keys are looked at for the first time; try again')
    if (!(await inTurn(() => isSecret(parts.secret, key.secret)))) return unknownKey
    known.set(key.id, fingerprintOf(parts.secret))
    return valid(keys.find(key.id) ?? key) // It may be revoked by now.
  }

  function ofSession(holder: Holder | null): Authenticated {
    if (holder?.kind === 'person') return holder.principal
    const key = holder === null ? undefined : keys.find(holder.keyId)
    return key === undefined ? 'the session is over: sign in again' : valid(key)
  }

  return {
    brings(request) {
      const said = credentialsOf(request, sessions)
      return typeof said === 'string' || said === null ? null : said.kind
    },
    recognise(request) {
      const said = credentialsOf(request, sessions)
      if (typeof said === 'string' || said === null) return said
      if (said.kind === 'key') return recogniseKey(said.key)
      if (said.kind === 'token')
        return bearers === null ? unknownKey : bearers.recognise(said.token)
      const holder = sessions.recognise(said.token)
      return holder === undefined ? undefined : ofSession(holder)
    },
    async verify(request) {
      const said = credentialsOf(request, sessions)
      if (typeof said === 'string' || said === null) return said
      if (said.kind === 'key') return verifyKey(said.key)
      if (said.kind === 'token') return bearers === null ? unknownKey : bearers.verify(said.token)
      return ofSession(await sessions.verify(said.token))
    },
    ofKey: async (text) => recogniseKey(text) ?? (await verifyKey(text)),
  }
}

const unknownKey = 'there is no such key'

/** `null`: it is valid. */
function overOf({ revokedAtMs, expiresAtMs }: KeyRecord, nowMs: number): string | null {
  if (revokedAtMs !== null) return 'the key was revoked'
  return expiresAtMs !== null && expiresAtMs <= nowMs ? 'the key has expired' : null
}

/** Of an OpenID provider: three parts of base64url; the first begins with a brace. */
const looksLikeToken = /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/

type Credentials =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'session' | 'token'; readonly token: string }

/** What a request brings: a key before a session. Text: what is wrong with how it brings it. */
function credentialsOf(
  request: FastifyRequest,
  sessions: KeyAuthenticatorDeps['sessions'],
): Credentials | string | null {
  const { authorization } = request.headers
  if (authorization === undefined) {
    const token = sessions.tokenOf(request)
    return token === undefined ? null : { kind: 'session', token }
  }
  const [scheme = '', value = ''] = authorization.split(' ', 2)
  if (/^bearer$/i.test(scheme))
    return looksLikeToken.test(value)
      ? { kind: 'token', token: value }
      : { kind: 'key', key: value }
  if (!/^basic$/i.test(scheme))
    return 'Authorization must be Bearer, or Basic with the key as password'
  // A browser that was once asked for a password sends it with what other sites make it send.
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return 'what changes something needs Authorization: Bearer'
  const [, password = ''] = Buffer.from(value, 'base64').toString().split(':', 2)
  return { kind: 'key', key: password }
}
