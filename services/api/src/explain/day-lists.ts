import { grainsOf, type Kpi, type KpiValue, type ReadingPlan } from '@deskpulse/core/kpis'
import type { Slice } from '@deskpulse/core/measures'
import { daySubjectsKey, parseSubject, type Subject } from '@deskpulse/core/state'
import { dayMs, slotMs } from '@deskpulse/core/time'
import { type Buckets, canTell, type Place, type Tenant } from '@deskpulse/engine'
import type { Explained } from './request.ts'

/** The buckets that a plan reads; of a period that is too old for slots, those that it would read. */
function bucketsOf({ cells, isGone, startMs, endMs }: ReadingPlan): Buckets {
  if (!isGone) {
    const starts = new Set(cells.map((cell): number => cell.startMs))
    return { resolution: cells[0]?.resolution ?? 'minute', starts }
  }
  const starts = new Set<number>()
  for (let atMs: number = startMs; atMs < endMs!; atMs += slotMs) starts.add(atMs)
  return { resolution: 'slot', starts }
}

/** Where rows count that make a value; `null`: nowhere, as the KPI has none in such a slice, or nothing was ever counted in it. */
export function placeOf(
  { slice: { text }, plan }: Explained,
  tenant: Tenant,
  { reason, clock, by }: KpiValue,
): Place | null {
  const slice = tenant.slices.idOf(text)
  return slice === undefined || reason === 'no-source' || reason === 'not-distinct-here'
    ? null
    : { tenant, slice, buckets: bucketsOf(plan), period: plan.period, clock, by }
}

/** The lists of the UTC days that a plan reaches into, piece by piece. `days`: how many each has. */
export function listKeysOf(
  { cells, startMs, endMs, question }: ReadingPlan,
  days: ReadonlyMap<number, number>,
): string[] {
  const lastMs = (cells.at(-1)?.endMs ?? endMs ?? startMs + 1) - 1
  const keys: string[] = []
  for (let day = Math.floor(startMs / dayMs); day <= Math.floor(lastMs / dayMs); day += 1)
    for (let piece = 0; piece < (days.get(day) ?? 0); piece += 1)
      keys.push(daySubjectsKey(question.tenant, day, piece))
  return keys
}

/** The subjects of lists that can have a part in the value of a KPI in a slice, each once, in the order of their texts. */
export function subjectsIn(
  lists: readonly (Uint8Array | null)[],
  kpi: Kpi,
  slice: Slice,
): readonly Subject[] {
  const grains = grainsOf(kpi)
  const agent = slice.find(({ dimension }) => dimension === 'agent')?.value
  const found = new Set<Subject>()
  for (const list of lists) {
    if (list === null) continue
    for (const subject of Buffer.from(list).toString('utf8').split('\n'))
      if (subject !== '' && grains.some((grain) => canTell(subject, grain))) found.add(subject)
  }
  const all = agent === undefined ? [...found] : [...found].filter((one) => isOfAgent(one, agent))
  return all.sort()
}

/** An agent's time is credited to no other agent; past the limit of agents it counts as `other`. */
function isOfAgent(subject: Subject, agent: string): boolean {
  if (!subject.startsWith('a') || agent === 'other') return true
  const parsed = parseSubject(subject)
  return parsed.kind === 'agent-day' && parsed.id === agent
}
