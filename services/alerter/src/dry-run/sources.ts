import { deadlineRulesFor, type EpochMs, lateAfterMs, type SourceRule } from '@deskpulse/core'
import type { Watched } from './watched.ts'

const prefix = 'source/'

/** Sources and when each was last heard of. A source that only back-fills is none that could fall silent. */
export function watchedSources(rule: SourceRule): Watched {
  const { sources: rules } = deadlineRulesFor([rule])
  const last = new Map<string, EpochMs>()

  return {
    take({ event, receivedMs }) {
      if (event.timeMs < receivedMs - lateAfterMs) return null
      const heardMs = Math.min(event.timeMs, receivedMs)
      last.set(event.source, Math.max(heardMs, last.get(event.source) ?? 0) as EpochMs)
      return prefix + event.source
    },
    stand(subject, _nowMs, state) {
      const source = subject.slice(prefix.length)
      return { applied: rules.applied({ source, lastMs: last.get(source)! }, state), slice: 'all', nextMs: null }
    },
    isKnown: () => true,
  }
}
