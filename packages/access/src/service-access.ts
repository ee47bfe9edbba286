import { isLoopback } from '@deskpulse/contract'
import type { ServiceContext } from '@deskpulse/runtime'
import { siteOf } from '@deskpulse/runtime'
import { accessTopicSpecs, type EventLog, realTimer, type TopicNames } from '@deskpulse/stream'
import { type Access, openAccess } from './access.ts'

export type ServiceAccessDeps = {
  readonly log: Pick<EventLog, 'ensureTopics' | 'append' | 'read' | 'retained' | 'ends'>
  readonly topics: Pick<TopicNames, 'access' | 'audit'>
  /** `alerts.publicUrl` is the address of this server, as of the alerter's and of the whole product's. */
  readonly isAtPublicUrl?: boolean
}

/** Who may do what, for a process of an installation. @throws the log's error, while the log is away */
export async function serviceAccess(
  { config, logger, health }: ServiceContext,
  { log, topics, isAtPublicUrl = false }: ServiceAccessDeps,
): Promise<Access> {
  const site = siteOf(config)
  await log.ensureTopics(accessTopicSpecs(topics))
  const access = await openAccess({
    ...{ auth: config.auth, http: config.http, log, topics },
    site: isAtPublicUrl ? site : { origin: null, isSecure: config.http.tls !== undefined },
    timer: realTimer,
    nowMs: Date.now,
    onFailure: (err) => logger.warn({ err }, 'keys could not be read; they stay as they were'),
  })
  if (access.mode === 'keys' && !isLoopback(config.http.host) && !site.isSecure)
    logger.warn(
      'keys and sessions go over the network as they are: see http.tls, or put a proxy with TLS before it and say so (alerts.publicUrl)',
    )
  if (access.mode === 'keys') health.add('access', () => access.keys.check())
  return access
}
