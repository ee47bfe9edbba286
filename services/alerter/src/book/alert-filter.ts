import type { AlertTransition } from '@deskpulse/core/alerts'
import { parseSlice } from '@deskpulse/core/measures'
import type { EpochMs } from '@deskpulse/core/time'

/** Which alerts are asked for; what is left out, or `null`, does not matter. */
export type AlertFilter = {
  readonly rule?: string | undefined
  /** The slice fixes this queue, alone or beside another dimension; `none`: the contact has none. */
  readonly queue?: string | undefined
  /** It fired at some time of `[fromMs, toMs)`. */
  readonly fromMs: EpochMs | null
  readonly toMs: EpochMs | null
}

type Filtered = Pick<AlertTransition, 'rule' | 'slice' | 'startedMs' | 'endedMs'>

export function passes({ rule, queue, fromMs, toMs }: AlertFilter, alert: Filtered): boolean {
  if (rule !== undefined && alert.rule !== rule) return false
  if (queue !== undefined && queueOf(alert.slice) !== queue) return false
  const { startedMs, endedMs } = alert
  if (toMs !== null && startedMs >= toMs) return false
  return fromMs === null || endedMs === null || endedMs > fromMs || startedMs >= fromMs
}

export const isFiltering = ({ rule, queue, fromMs, toMs }: AlertFilter): boolean =>
  rule !== undefined || queue !== undefined || fromMs !== null || toMs !== null

function queueOf(slice: string): string | null {
  const parsed = parseSlice(slice)
  return parsed.ok
    ? (parsed.slice.find(({ dimension }) => dimension === 'queue')?.value ?? null)
    : null
}
