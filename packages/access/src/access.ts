import { randomBytes } from 'node:crypto'
import type { AuthConfig, HttpConfig } from '@deskpulse/contract'
import type { Guard, Site } from '@deskpulse/runtime'
import type { EventLog, Timer, TopicNames } from '@deskpulse/stream'
import { type AuditTrail, auditTrail } from './audit/trail.ts'
import { type KeyAuthenticator, keyAuthenticator } from './keys/authenticator.ts'
import { type KeyStore, keyStore } from './keys/key-store.ts'
import { type Sessions, sessionsOf } from './session/sessions.ts'

export type AccessDeps = {
  readonly auth: AuthConfig
  readonly http: Pick<HttpConfig, 'requestsPerMinute'>
  readonly site: Pick<Site, 'isSecure'>
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
  /** `null`: none are needed. */
  readonly sessions: Sessions | null
  /** Who has a key, or what is wrong with it. */
  readonly ofKey: KeyAuthenticator['ofKey']
  /** Of what this process asks of its own server. */
  readonly ownKey: string
  stop(): Promise<void>
}

/** Reads the keys that there are, and goes on to. The topics are there. @throws the log's error */
export async function openAccess(deps: AccessDeps): Promise<Access> {
  const { auth, http, log, topics, timer, nowMs, onFailure } = deps
  const { mode = 'open', sessionSecret, sessionLasts } = auth
  const keys = keyStore({ log, topic: topics.access, timer, onFailure })
  await keys.open()
  const audit = auditTrail({ log, topic: topics.audit })
  const ownKey = randomBytes(32).toString('hex')
  const sessions = sessionsOf({
    secret: sessionSecret ?? randomBytes(32).toString('hex'),
    ...{ lastsMs: sessionLasts, nowMs, isSecure: deps.site.isSecure },
  })
  const authenticator = keyAuthenticator({ keys, sessions, nowMs, ownKey })
  const { requestsPerMinute } = http
  const isOpen = mode === 'open'
  return {
    ...{ mode, keys, audit, ownKey, ofKey: authenticator.ofKey },
    sessions: isOpen ? null : sessions,
    guard: {
      ...{ requestsPerMinute, authenticator: isOpen ? null : authenticator },
      audit: audit.write,
    },
    stop: () => keys.stop(),
  }
}
