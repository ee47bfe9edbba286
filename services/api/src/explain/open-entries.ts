import { openTime, openTimeKinds, openMembersMax } from '@deskpulse/core/kpis'
import {
  type CountedRow,
  isAgentRow,
  isForecastAhead,
  isWaitingRow,
  type OpenAnswer,
  type OpenKind,
  type OpenQuestion,
} from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { weightsOf } from '@deskpulse/engine'
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
  const { tenant } = plan.question
  const members = kpi.terms !== null && 'kinds' in kpi.terms ? Infinity : openMembersMax
  const slices = [...new Set(plan.open.map(({ slice }) => slice))]
  return openKindsOf(explained).flatMap((kind) => {
    const aging = plan.open.find((asked) => asked.kind === kind)?.aging
    return slices.map((slice) => ({ tenant, slice, kind, members, aging }))
  })
}

/** What goes on and makes the value, or has a part in it, in a fixed order. */
export function openEntries(explained: Explained, openOf: OpenOf, asOfMs: EpochMs): Entry[] {
  const { terms } = explained.kpi
  if (terms === null || !('kinds' in terms)) return timeEntries(explained, openOf, asOfMs)
  if (explained.plan.endMs !== null) return []
  if (terms.shape === 'most') return mostMissed(terms.kinds, openOf, asOfMs)
  const entries = terms.kinds.flatMap((kind) =>
    standingEntries(
      namingKind(kind),
      terms.shape === 'open' ? terms.each : undefined,
      openOf,
      asOfMs,
    ),
  )
  if (terms.shape !== 'longest') return entries
  const longest = entries.reduce<Entry | null>(
    (oldest, entry) => (oldest === null || entry.atMs < oldest.atMs ? entry : oldest),
    null,
  )
  return longest === null ? [] : [{ ...longest, of: longest.durationMs! }]
}

/** The agent that missed the most; of several the one that has for longest. */
function mostMissed(kinds: readonly OpenKind[], openOf: OpenOf, asOfMs: EpochMs): Entry[] {
  const all = kinds.flatMap((kind) => {
    const entries = standingEntries(kind, undefined, openOf, asOfMs)
    return openOf(kind).oldest.map(({ row }, place) => ({
      ...entries[place]!,
      of: isAgentRow(row) ? (row.missedInARow ?? 0) : 0,
    }))
  })
  const [first, ...others] = all
  if (first === undefined) return []
  return [others.reduce((most, entry) => (entry.of > most.of ? entry : most), first)]
}

/** `each`: how much each of them counts; those that count nothing are not there. */
function standingEntries(
  kind: OpenKind,
  each: ((row: CountedRow) => number) | undefined,
  openOf: OpenOf,
  asOfMs: EpochMs,
): Entry[] {
  const since = new Map(
    isDue(kind) ? openOf(whole[kind]).oldest.map(({ row, sinceMs }) => [idOf(row), sinceMs]) : [],
  )
  return openOf(kind).oldest.flatMap(({ row, sinceMs: atMs, ageMs }) => {
    const of = each?.(row) ?? 1
    if (of === 0) return []
    const sinceMs = since.get(idOf(row)) ?? atMs
    const durationMs = ageMs ?? asOfMs - sinceMs
    return {
      atMs,
      of,
      per: 0,
      ms: durationMs,
      currency: null,
      durationMs,
      show: () => shown(kind, sinceMs, row),
    }
  })
}

/** Time that goes on and that no row has yet, as the value has it. */
function timeEntries({ kpi, plan }: Explained, openOf: OpenOf, asOfMs: EpochMs): Entry[] {
  const window = { startMs: plan.startMs, endMs: plan.endMs ?? asOfMs }
  return openTimeKinds.flatMap((kind) => {
    const found = new Map<
      OpenAnswer['oldest'][number],
      { atMs: EpochMs; of: number; per: number }
    >()
    openTime(kind, openOf(kind).oldest, window, asOfMs, (measure, ms, member, atMs) => {
      const { of, per } = weightsOf(kpi, measure)
      if (ms === 0 || (of === 0 && per === 0)) return
      const sum = found.getOrInsertComputed(member, () => ({ atMs, of: 0, per: 0 }))
      sum.of += of * ms
      sum.per += per * ms
    })
    return Array.from(found, ([{ sinceMs, row }, sums]) => ({
      ...{ ...sums, ms: 0, currency: null, durationMs: null },
      show: () => shown(kind, sinceMs, row),
    }))
  })
}

/** No KPI counts forecasts that are ahead. */
function whoOf(row: CountedRow): { readonly contactId: string } | { readonly agentId: string } {
  if (isForecastAhead(row)) throw new TypeError(`a forecast that counts: ${row.forecastId}`)
  return isWaitingRow(row) ? { contactId: row.contactId } : { agentId: row.agentId }
}

const idOf = (row: CountedRow): string => Object.values(whoOf(row))[0]!

function shown(kind: OpenKind, sinceMs: EpochMs, row: CountedRow): ReturnType<Entry['show']> {
  const who = whoOf(row)
  return {
    row: null,
    open: { kind: kind === 'backlog.member' ? 'backlog' : kind, since: iso(sinceMs), ...who },
  }
}
