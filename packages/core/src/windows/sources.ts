import type { SliceIndex } from '../slices/slice-index.ts'
import {
  partText,
  type ReadSlice,
  type Slice,
  type SlicePart,
  sliceText,
  teamOf,
} from '../slices/slice.ts'
import type { Rosters } from '../rosters/rosters.ts'
import type { EpochMs, Interval } from '../time/time.ts'

/** A slice, by its number, that is part of what is asked for: in buckets that begin within one of these intervals. `isLeftOut`: it is taken off, as all of it is in another one. */
export type SliceSource = {
  readonly slice: number
  readonly during: readonly Interval[]
  readonly isLeftOut?: true
}

const always: readonly Interval[] = [
  { startMs: Number.NEGATIVE_INFINITY as EpochMs, endMs: Number.POSITIVE_INFINITY as EpochMs },
]

/** A slice that is read alone. `undefined`: nothing was ever counted there. */
export const wholeSlice = (slice: number | undefined): readonly SliceSource[] =>
  slice === undefined ? [] : [{ slice, during: always }]

export const isDuring = ({ during }: Pick<SliceSource, 'during'>, atMs: EpochMs): boolean =>
  during.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)

/** Those that are part of what is asked for at an instant. */
export const sourcesAt = (sources: readonly SliceSource[], atMs: EpochMs): readonly SliceSource[] =>
  sources.filter((source) => isDuring(source, atMs))

/** Whether what is asked for is one slice as it is counted, whatever the time. */
export const isOneSlice = (
  slice: ReadSlice,
  sources: readonly Pick<SliceSource, 'isLeftOut'>[],
): boolean => teamOf(slice) === null && sources.filter(({ isLeftOut }) => !isLeftOut).length <= 1

/** What a slice is read from: a team from its agents, an agent from itself and its aliases, any other from itself. Each slice is there once. */
export function sourcesOf(
  slice: ReadSlice,
  slices: Pick<SliceIndex, 'idOf'>,
  rosters: Rosters,
): readonly SliceSource[] {
  const team = teamOf(slice)
  const agent = slice.find(({ dimension }) => dimension === 'agent')?.value
  if (team === null && agent === undefined) return wholeSlice(slices.idOf(sliceText(slice)))
  const members = team === null ? rosters.ofAgent(agent!) : rosters.ofTeam(team)
  return [...members].flatMap(([member, during]) => {
    const text = team === null ? textWith(slice as Slice, member) : partText('agent', member)
    const id = slices.idOf(text)
    return id === undefined ? [] : [{ slice: id, during }]
  })
}

/** What appeals leave out of an agent's work, and of that of its aliases. */
export function leftOutOf(
  slice: Slice,
  slices: Pick<SliceIndex, 'idOf'>,
  rosters: Rosters,
): readonly SliceSource[] {
  const agent = slice.find(({ dimension }) => dimension === 'agent')?.value
  return [...rosters.ofAgent(agent!)].flatMap(([member, during]) => {
    const parts = slice.map((part): SlicePart => {
      return part.dimension === 'agent' ? { dimension: 'appeal', value: member } : part
    })
    const id = slices.idOf(sliceText(parts))
    return id === undefined ? [] : [{ slice: id, during, isLeftOut: true as const }]
  })
}

/** The same slice of another agent. */
const textWith = (slice: Slice, agent: string): string =>
  sliceText(slice.map((part) => (part.dimension === 'agent' ? { ...part, value: agent } : part)))
