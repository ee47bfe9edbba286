import { randomBytes } from 'node:crypto'
import type { AuthConfig, HttpConfig } from '@deskpulse/contract'
import type { Guard, Principal, Site } from '@deskpulse/runtime'
import type { EventLog, Timer, TopicNames } from '@deskpulse/stream'
import { type AuditTrail, auditTrail } from './audit/trail.ts'
import { type Erasures, erasures } from './erasures/erasures.ts'
import { type KeyAuthenticator, keyAuthenticator } from './keys/authenticator.ts'
import { type KeyStore, keyStore } from './keys/key-store.ts'
import { bearersOf } from './oidc/bearer.ts'
import { providerOf } from './oidc/provider.ts'
import type { SignInDeps } from './oidc/routes.ts'
import { type Holder, type Sessions, sessionsOf } from './session/sessions.ts'
import { signingWith } from './session/signing.ts'

export type AccessDeps = {
  readonly auth: AuthConfig
  readonly http: Pick<HttpConfig, 'requestsPerMinute'>
  readonly site: Pick<Site, 'isSecure' | 'origin'>
  readonly log: Pick<EventLog, 'append' | 'read' | 'retained' | 'ends'>
  readonly topics: Pick<TopicNames, 'access' | 'audit'>
  readonly timer: Timer
  readonly nowMs: () => number
  /** Told when keys cannot be read; they stay as they were, and it is tried again. */
  readonly onFailure: (error: unknown) => void
}

/** Who may do what in an installation, for a server. */
export type Access = {
  /** `open`: nobody is asked who they are. */
  readonly mode: 'open' | 'keys'
  readonly guard: Guard
  /** What was changed, by whom. */
  readonly audit: AuditTrail
  readonly keys: KeyStore
  /** Customers whom answers no longer name. */
  readonly erased: Erasures
  /** `null`: none are needed. */
  readonly sessions: Sessions | null
  /** Whose a session is that somebody begins. */
  readonly holderOf: (principal: Principal) => Holder
  /** Where people sign in; `null`: with keys alone. */
  readonly signIn: SignInDeps | null
  /** Who has a key, or what is wrong with it. */
  readonly ofKey: KeyAuthenticator['ofKey']
  /** Of what this process asks of its own server. */
  readonly ownKey: string
  stop(): Promise<void>
}

const noKeys: KeyStore = {
  open: () => Promise.resolve(),
  find: () => undefined,
  list: () => [],
  lastUsedMs: () => null,
  put: () => Promise.reject(new Error('there are no keys')),
  used: () => {},
  check: () => {},
  stop: () => Promise.resolve(),
}

/** Of a server that nobody is asked at who they are, and that has no keys. */
export const openToAll: Pick<Access, 'mode' | 'sessions' | 'keys' | 'holderOf' | 'signIn'> = {
  ...{ mode: 'open', sessions: null, signIn: null },
  keys: noKeys,
  holderOf: (principal) => ({ kind: 'person', principal }),
}

/** Reads the keys that there are, and goes on to. The topics are there. @throws the log's error */
export async function openAccess(deps: AccessDeps): Promise<Access> {
  const { auth, http, log, topics, timer, nowMs, onFailure } = deps
  const { mode = 'open', sessionSecret, sessionLasts, oidc } = auth
  const erased = erasures({ put: (record) => keys.put(record), nowMs })
  const keys = keyStore({
    ...{ log, topic: topics.access, timer, onFailure },
    onErasure: erased.take,
  })
  await keys.open()
  const audit = auditTrail({ log, topic: topics.audit })
  const ownKey = randomBytes(32).toString('hex')
  const signing = signingWith(sessionSecret ?? randomBytes(32).toString('hex'), nowMs)
  const { isSecure, origin } = deps.site
  const sessions = sessionsOf({ signing, lastsMs: sessionLasts, nowMs, isSecure })
  const bearers = oidc === undefined ? null : bearersOf(oidc, nowMs)
  const authenticator = keyAuthenticator({ keys, sessions, bearers, nowMs, ownKey })
  const { requestsPerMinute } = http
  const isOpen = mode === 'open'
  return {
    ...{ mode, keys, erased, audit, ownKey, ofKey: authenticator.ofKey },
    sessions: isOpen ? null : sessions,
    holderOf: (principal) =>
      keys.find(principal.id) === undefined
        ? { kind: 'person', principal }
        : { kind: 'key', keyId: principal.id },
    signIn:
      isOpen || oidc === undefined
        ? null
        : { provider: providerOf(oidc), sessions, signing, origin },
    guard: {
      ...{ requestsPerMinute, authenticator: isOpen ? null : authenticator },
      audit: audit.write,
    },
    stop: () => keys.stop(),
  }
}
