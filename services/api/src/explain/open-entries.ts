import {
  openTimeKinds,
  openTimeMeasures,
  openTimeMs,
  openTimeMembersMax,
} from '@deskpulse/core/kpis'
import {
  isForecastAhead,
  isWaitingRow,
  type OpenAnswer,
  type OpenKind,
  type OpenQuestion,
  type OpenRow,
} from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { termsOf } from '@deskpulse/engine'
import { iso } from '../questions/answer.ts'
import type { Entry } from './entry.ts'
import type { Explained } from './request.ts'

/** Who stands open in a slice, by kind; nobody where nothing was ever counted. */
export type OpenOf = (kind: OpenKind) => OpenAnswer

/** Waits that are over their limit stand at the instant at which they came to be: since when they wait is said by those that they are of. */
const whole = {
  'reply.live.due': 'reply.live',
  'reply.deferred.due': 'reply.deferred',
  'queue.voice.due': 'queue.voice',
} as const satisfies Partial<Record<OpenKind, OpenKind>>
const isDue = (kind: OpenKind): kind is keyof typeof whole => kind in whole

/** What names those that a kind counts. */
const namingKind = (kind: OpenKind): OpenKind => (kind === 'backlog' ? 'backlog.member' : kind)

/** Kinds of what goes on that make the value, or a part of it. */
export function openKindsOf({ kpi: { terms }, plan }: Explained): readonly OpenKind[] {
  if (terms !== null && 'kinds' in terms) {
    if (plan.endMs !== null) return [] // A period has none of what goes on now.
    const kinds = terms.kinds.map(namingKind)
    return [...new Set(kinds.flatMap((kind) => (isDue(kind) ? [kind, whole[kind]] : [kind])))]
  }
  return openTimeKinds.filter((kind) => plan.open.some((asked) => asked.kind === kind))
}

/** The questions about them. */
export const openQuestionsOf = (explained: Explained): readonly OpenQuestion[] => {
  const { kpi, plan } = explained
  const { tenant, sliceId } = plan.question
  const members = kpi.terms !== null && 'kinds' in kpi.terms ? Infinity : openTimeMembersMax
  return sliceId === undefined
    ? []
    : openKindsOf(explained).map((kind) => {
        const aging = plan.open.find((asked) => asked.kind === kind)?.aging
        return { tenant, slice: sliceId, kind, members, aging }
      })
}

/** What goes on and makes the value, or has a part in it, in a fixed order. */
export function openEntries(explained: Explained, openOf: OpenOf, asOfMs: EpochMs): Entry[] {
  const { terms } = explained.kpi
  if (terms === null || !('kinds' in terms)) return timeEntries(explained, openOf, asOfMs)
  if (explained.plan.endMs !== null) return []
  const entries = terms.kinds.flatMap((kind) => standingEntries(namingKind(kind), openOf, asOfMs))
  if (terms.shape !== 'longest') return entries
  const longest = entries.reduce<Entry | null>(
    (oldest, entry) => (oldest === null || entry.atMs < oldest.atMs ? entry : oldest),
    null,
  )
  return longest === null ? [] : [{ ...longest, of: longest.durationMs! }]
}

function standingEntries(kind: OpenKind, openOf: OpenOf, asOfMs: EpochMs): Entry[] {
  const since = new Map(
    isDue(kind) ? openOf(whole[kind]).oldest.map(({ row, sinceMs }) => [idOf(row), sinceMs]) : [],
  )
  return openOf(kind).oldest.map(({ row, sinceMs: atMs, ageMs }) => {
    const sinceMs = since.get(idOf(row)) ?? atMs
    const durationMs = ageMs ?? asOfMs - sinceMs
    return {
      atMs,
      of: 1,
      per: 0,
      ms: durationMs,
      durationMs,
      show: () => shown(kind, sinceMs, row),
    }
  })
}

/** Time that goes on and that no row has yet, as the value has it. */
function timeEntries({ kpi, plan }: Explained, openOf: OpenOf, asOfMs: EpochMs): Entry[] {
  const window = { startMs: plan.startMs, endMs: plan.endMs ?? asOfMs }
  return openTimeKinds.flatMap((kind) => {
    const { isOf, isPer } = termsOf(kpi, openTimeMeasures[kind])
    if (!isOf && !isPer) return []
    return openOf(kind).oldest.flatMap(({ row, sinceMs }) => {
      const ms = openTimeMs({ count: 1, oldest: [{ sinceMs }] }, window, asOfMs)
      if (ms === 0) return []
      const fromMs = Math.min(asOfMs, window.endMs) - ms
      return [
        {
          ...{ atMs: fromMs as EpochMs, of: isOf ? ms : 0, per: isPer ? ms : 0, ms: 0 },
          ...{ durationMs: null, show: () => shown(kind, sinceMs, row) },
        },
      ]
    })
  })
}

/** No KPI counts forecasts that are ahead. */
function whoOf(row: OpenRow): { readonly contactId: string } | { readonly agentId: string } {
  if (isForecastAhead(row)) throw new TypeError(`a forecast that counts: ${row.forecastId}`)
  return isWaitingRow(row) ? { contactId: row.contactId } : { agentId: row.agentId }
}

const idOf = (row: OpenRow): string => Object.values(whoOf(row))[0]!

function shown(kind: OpenKind, sinceMs: EpochMs, row: OpenRow): ReturnType<Entry['show']> {
  const who = whoOf(row)
  return {
    row: null,
    open: { kind: kind === 'backlog.member' ? 'backlog' : kind, since: iso(sinceMs), ...who },
  }
}
