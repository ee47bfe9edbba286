import { deadlineRulesFor, type EpochMs, lateAfterMs, type SourceRule } from '@deskpulse/core'
import type { Watched } from './watched.ts'

const prefix = 'source/'

/** Sources and when each was last heard of, in log time. A source that only back-fills is none that could fall silent. */
export function watchedSources(rule: SourceRule): Watched {
  const { sources: rules } = deadlineRulesFor([rule])
  const last = new Map<string, EpochMs>()

  return {
    take({ event, receivedMs }) {
      if (event.timeMs < receivedMs - lateAfterMs) return null
      last.set(event.source, receivedMs)
      return prefix + event.source
    },
    stand(subject, _nowMs, state) {
      const source = subject.slice(prefix.length)
      return {
        applied: rules.applied({ source, lastMs: last.get(source)! }, state),
        slice: 'all',
        nextMs: null,
      }
    },
    isKnown: () => true,
  }
}
