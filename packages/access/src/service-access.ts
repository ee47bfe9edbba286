import type { ServiceContext } from '@deskpulse/runtime'
import { siteOf } from '@deskpulse/runtime'
import { accessTopicSpecs, type EventLog, realTimer, type TopicNames } from '@deskpulse/stream'
import { type Access, openAccess } from './access.ts'

export type ServiceAccessDeps = {
  readonly log: Pick<EventLog, 'ensureTopics' | 'append' | 'read' | 'retained' | 'ends'>
  readonly topics: Pick<TopicNames, 'access' | 'audit'>
}

/** Who may do what, for a process of an installation. @throws the log's error, while the log is away */
export async function serviceAccess(
  { config, logger, health }: ServiceContext,
  { log, topics }: ServiceAccessDeps,
): Promise<Access> {
  await log.ensureTopics(accessTopicSpecs(topics))
  const access = await openAccess({
    ...{ auth: config.auth, http: config.http, site: siteOf(config), log, topics },
    timer: realTimer,
    nowMs: Date.now,
    onFailure: (err) => logger.warn({ err }, 'keys could not be read; they stay as they were'),
  })
  if (access.mode === 'keys') health.add('access', () => access.keys.check())
  return access
}
