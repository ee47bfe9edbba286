import {
  deadlineRulesFor,
  isLive,
  silentSince,
  sourceForgottenAfterMs,
  type SourceRule,
} from '@deskpulse/core/alerts'
import { identityHash } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Watched } from './watched.ts'

const prefix = 'source/'

/** Sources and when each was last heard of, in log time. A source that only back-fills, or repeats, is none that could fall silent. */
export function watchedSources(rule: SourceRule): Watched {
  const { sources: rules } = deadlineRulesFor([rule])
  const heardAtMs = new Map<string, EpochMs>()
  const identities = new Set<number>()

  return {
    take({ event, receivedMs }, { atMs }) {
      const identity = identityHash(event)
      if (identities.has(identity)) return null
      identities.add(identity)
      if (!isLive(event.timeMs, atMs)) return null
      heardAtMs.set(event.source, receivedMs)
      return prefix + event.source
    },
    view(subject, nowMs, state, clock) {
      const source = subject.slice(prefix.length)
      const heardMs = heardAtMs.get(source)!
      const forgottenMs = (heardMs + sourceForgottenAfterMs) as EpochMs
      const isForgotten = nowMs >= forgottenMs
      const lastMs = silentSince(heardMs, state, clock)
      const applied = isForgotten ? [] : rules.applied({ source, lastMs }, state)
      return { applied, slice: 'all', nextMs: isForgotten ? null : forgottenMs }
    },
    isKnown: () => true,
  }
}
