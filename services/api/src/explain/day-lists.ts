import { grainsOf, type Kpi, type KpiValue, type ReadingPlan } from '@deskpulse/core/kpis'
import { otherValue, parseSlice } from '@deskpulse/core/measures'
import { daySubjectsKey, parseSubject, type Subject } from '@deskpulse/core/state'
import { dayMs, slotMs } from '@deskpulse/core/time'
import { type Buckets, canTell, type Place, type Tenant } from '@deskpulse/engine'
import type { TenantBasis } from '../reading/tenant.ts'
import type { Explained } from './request.ts'

/** The buckets that a plan reads of a slice; of a period that is too old for slots, those that it would read. */
function bucketsOf(
  { cells, isGone, startMs, endMs }: ReadingPlan,
  among: readonly number[],
): Buckets {
  if (!isGone) {
    const starts = new Set(among.map((cell): number => cells[cell]!.startMs))
    return { resolution: cells[0]?.resolution ?? 'minute', starts }
  }
  const starts = new Set<number>()
  for (let atMs: number = startMs; atMs < endMs!; atMs += slotMs) starts.add(atMs)
  return { resolution: 'slot', starts }
}

/** Where rows count that make a value; `null`: nowhere, as the KPI has none in such a slice, or nothing was ever counted in it. */
export function placeOf(
  { plan }: Explained,
  tenant: Tenant,
  { reason, clock, by, basis }: KpiValue,
): Place | null {
  if (plan.parts.length === 0 || reason === 'no-source' || reason === 'not-distinct-here')
    return null
  const slices = new Map(
    plan.parts.map(({ sliceId, cells }) => [sliceId, bucketsOf(plan, cells)] as const),
  )
  return { tenant, slices, period: plan.period, whole: plan.whole, clock, by, basis }
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

/** The subjects of lists that can have a part in the value of a KPI, each once, in the order of their texts. `agents`: of whose slices it is; `null`: of no agent's. */
export function subjectsIn(
  lists: readonly (Uint8Array | null)[],
  kpi: Kpi,
  agents: ReadonlySet<string> | null,
): readonly Subject[] {
  const grains = grainsOf(kpi)
  const found = new Set<Subject>()
  for (const list of lists) {
    if (list === null) continue
    for (const subject of Buffer.from(list).toString('utf8').split('\n'))
      if (subject !== '' && grains.some((grain) => canTell(subject, grain))) found.add(subject)
  }
  const all = agents === null ? [...found] : [...found].filter((one) => isOfAgents(one, agents))
  return all.sort()
}

/** The agents of whose slices a value is made; `null`: of no agent's. */
export function agentsOf(
  { slice: { slice }, plan }: Explained,
  { slices }: Pick<TenantBasis, 'slices'>,
): ReadonlySet<string> | null {
  const ofAgents = slice.some(({ dimension }) => dimension === 'agent' || dimension === 'team')
  if (!ofAgents) return null
  const texts = plan.question.sources.map((source) => slices.textOf(source.slice)!)
  return new Set(
    texts.flatMap((text) => {
      const parsed = parseSlice(text)
      const parts = parsed.ok ? parsed.slice : []
      return parts.flatMap(({ dimension, value }) => (dimension === 'agent' ? value : []))
    }),
  )
}

/** An agent's time is credited to no other agent; past the limit of agents it counts as `other`. */
function isOfAgents(subject: Subject, agents: ReadonlySet<string>): boolean {
  if (!subject.startsWith('a') || agents.has(otherValue)) return true
  const parsed = parseSubject(subject)
  return parsed.kind === 'agent-day' && agents.has(parsed.id)
}
