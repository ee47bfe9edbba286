import type { ChannelClass, TenantConfig } from '../config/tenant-config.ts'
import { parseReadSlice, type ReadSlice, sliceText } from '../slices/slice.ts'
import type { Kpi, TargetRange } from './kpi.ts'

export type KpiStatus = 'ok' | 'warning' | 'breach' | 'no-data' | 'exempt'

/**
 * The class of channels that all contacts of a slice have, as far as the slice says so: by `class=`, or by a channel (one that is not listed is live).
 * `all`, a queue or an agent may hold several, and a target meant for chats would judge letters: then `null`.
 */
export function classOfSlice(
  slice: ReadSlice,
  config: Pick<TenantConfig, 'channelClasses'>,
): ChannelClass | null {
  for (const { dimension, value } of slice) {
    if (dimension === 'class' && isClass(value)) return value
    if (dimension === 'channel') return config.channelClasses[value] ?? 'live'
  }
  return null
}

const isClass = (text: string): text is ChannelClass =>
  text === 'live' || text === 'deferred' || text === 'voice'

/**
 * The target of a KPI in a slice: the one configured for it there, else the one configured for it, else the default of the slice's class, else
 * the default of any. A configured target without `min` and `max` takes the default away. `null`: there is none.
 */
export function targetOf(kpi: Kpi, slice: ReadSlice, config: TenantConfig): TargetRange | null {
  const own = config.targets.filter((target) => target.kpi === kpi.id)
  if (own.length > 0) {
    const text = sliceText(slice)
    const configured =
      own.findLast((target) => target.slice !== undefined && canonical(target.slice) === text) ??
      own.findLast((target) => target.slice === undefined)
    if (configured !== undefined) return rangeOf(configured)
  }
  const channelClass = classOfSlice(slice, config)
  return (channelClass === null ? undefined : kpi.targets[channelClass]) ?? kpi.targets.any ?? null
}

function canonical(text: string): string {
  const parsed = parseReadSlice(text)
  return parsed.ok ? parsed.text : text
}

function rangeOf({ min, max }: TargetRange): TargetRange | null {
  if (min === undefined && max === undefined) return null
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

const warningShare = 0.1
const rounding = 1e-9 // 0.72 misses 0.8 by 10 %, whatever binary fractions say.

/** Within the range, both ends included, is ok; missed by at most 10 % of the end that it misses is a warning, by more a breach. */
export function statusOf(value: number | null, target: TargetRange | null): KpiStatus {
  if (value === null) return 'no-data'
  const missed = shortfallOf(value, target)
  if (missed <= 0) return 'ok'
  return missed <= warningShare + rounding ? 'warning' : 'breach'
}

/** By which share of the end of the target that it misses a value is beyond it; 0: it misses none, or there is no value. */
export function shortfallOf(value: number | null, target: TargetRange | null): number {
  const { min, max } = target ?? {}
  if (value === null) return 0
  return Math.max(
    max === undefined ? 0 : miss(value - max, max),
    min === undefined ? 0 : miss(min - value, min),
  )
}

/** By which share of the target's end the value is beyond it. */
function miss(by: number, end: number): number {
  if (by <= 0) return 0
  return end === 0 ? Number.POSITIVE_INFINITY : by / Math.abs(end)
}
