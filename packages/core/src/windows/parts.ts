import {
  decodeRolledTo,
  type RunningMinute,
  type RunningMinutes,
} from '../measures/running-minutes.ts'
import { measureKey, rolledToKey } from '../state/keys.ts'
import { bucketStart, slotMs } from '../time/time.ts'
import type { Cell } from './cells.ts'

/** A record that is part of a bucket: its own, or that of a running minute in it. `isFirst`: of the first one, of which some slices may be rolled. */
export type Part = { readonly cell: number; readonly isFirst: boolean }

/** `keys`: of each cell in order, then of running minutes. A further one is `rolled-to:<tenant>`, where one of them is the first. `cells`: those that the slice is read in. */
export type Parts = {
  readonly sliceId: number
  readonly cells: readonly number[]
  readonly keys: readonly string[]
  readonly parts: readonly Part[]
  /** It is taken off. */
  readonly isLeftOut?: true
}

/** What makes up these buckets of a slice at a moment at which these minutes run. `among`: in which of the cells; left out: in all. */
export function partsOf(
  tenant: string,
  sliceId: number,
  cells: readonly Cell[],
  running: RunningMinutes,
  among: readonly number[] = cells.map((_, cell) => cell),
): Parts {
  const keys = among.map((cell) => {
    const { resolution, startMs } = cells[cell]!
    return measureKey(tenant, sliceId, resolution, startMs)
  })
  const parts = among.map((cell): Part => ({ cell, isFirst: false }))
  for (const [place, minute] of running.entries()) {
    const cell = among.find((one) => holds(cells[one]!, minute))
    if (cell === undefined) continue
    keys.push(measureKey(tenant, sliceId, 'minute', minute.startMs))
    parts.push({ cell, isFirst: place === 0 })
  }
  if (parts.some(({ isFirst }) => isFirst)) keys.push(rolledToKey(tenant))
  return { sliceId, cells: among, keys, parts }
}

/** Whether a minute is to be added to a bucket. A day is found by its start, which the zone of the time gave it. */
function holds({ resolution, startMs }: Cell, minute: RunningMinute): boolean {
  if (resolution === 'minute') return false
  return (
    startMs === (resolution === 'day' ? minute.dayStartMs : bucketStart(minute.startMs, slotMs))
  )
}

export type StoredPart = { readonly cell: number; readonly bytes: Uint8Array }

/** What there is of each bucket, by what is stored under the keys. What is rolled of the first running minute is in its slot and its day. */
export function storedParts(
  { sliceId, parts }: Pick<Parts, 'sliceId' | 'parts'>,
  values: readonly (Uint8Array | null)[],
): readonly StoredPart[] {
  const isRolled = sliceId < decodeRolledTo(values[parts.length] ?? null)
  return parts.flatMap(({ cell, isFirst }, place) => {
    const bytes = values[place] ?? null
    return bytes === null || (isFirst && isRolled) ? [] : [{ cell, bytes }]
  })
}
