import { decodeConfigVersions, decodeGaps, problemOf, type Problem } from '@deskpulse/contract'
import { type ClosedTo, decodeClosedTo } from '@deskpulse/core/closed'
import {
  alwaysInForce,
  type TenantHistory,
  type Dimension,
  historyOf,
  type TenantConfig,
} from '@deskpulse/core/config'
import type { Gap } from '@deskpulse/core/events'
import { noRosters, Rosters, type SliceSource, sourcesOf } from '@deskpulse/core/kpis'
import {
  decodeRunning,
  openVocabularies,
  otherValue,
  type ReadDimension,
  type ReadSlice,
  type RunningMinutes,
  type SliceIndex,
  sliceIndex,
  teamDimension,
} from '@deskpulse/core/measures'
import {
  type AppealRow,
  closedToKey,
  configKey,
  gapsKey,
  type RosterRow,
  runningKey,
  slicesKey,
} from '@deskpulse/core/state'
import type { EpochMs, LocalTime } from '@deskpulse/core/time'
import { decodedOnce } from './decoded-once.ts'
import type { Answer } from './held.ts'
import type { Question, Step } from './question.ts'

/** A tenant as it stands at one moment. */
export type TenantBasis = {
  readonly tenant: string
  /** In force at that moment. */
  readonly config: TenantConfig
  readonly history: TenantHistory
  readonly slices: SliceIndex
  readonly logTimeMs: EpochMs
  /** Minutes whose records a slot or a day still lacks. */
  readonly running: RunningMinutes
  /** Records that were lost before they were counted, of whatever tenant. */
  readonly gaps: readonly Gap[]
  /** How far periods are closed; `null`: the tenant has no entry in the log. */
  readonly closedTo: ClosedTo | null
  /** Empty where the question asked for none (`Beside`). */
  readonly rosters: Rosters
  /** By id; likewise. */
  readonly appeals: readonly AppealRow[]
  /** What a slice is read from. */
  sourcesOf(slice: ReadSlice): readonly SliceSource[]
  /** Configured, ever named by an event, without a value, in that order; a closed vocabulary is always whole. Every team that ever had an agent. */
  valuesOf(dimension: ReadDimension): readonly string[]
  /** Whether the value is there without being counted: configured, the whole of a closed vocabulary, or what has no value. */
  isConfigured(dimension: Dimension, value: string): boolean
  /** Whether `valuesOf` lists it. */
  knows(dimension: ReadDimension, value: string): boolean
}

export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem }
export const refused = (problem: Problem): { readonly ok: false; readonly problem: Problem } => ({
  ok: false,
  problem,
})
export const granted = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({
  ok: true,
  value,
})

const historyIn = decodedOnce<TenantHistory>((bytes) => historyOf(decodeConfigVersions(bytes)))
const indexOf = decodedOnce<SliceIndex>(sliceIndex)
const runningOf = decodedOnce<RunningMinutes>(decodeRunning)
const gapsOf = decodedOnce<readonly Gap[]>(decodeGaps)
const closedToOf = decodedOnce<ClosedTo>(decodeClosedTo)
const noSlices = sliceIndex(null)
const rostersKnown = new WeakMap<
  readonly RosterRow[],
  { readonly localTime: LocalTime; readonly rosters: Rosters }
>()

/** Made once of a list, which stays the same until a roster changes. */
function rostersOf(rows: readonly RosterRow[], localTime: LocalTime): Rosters {
  const known = rostersKnown.get(rows)
  if (known?.localTime === localTime) return known.rosters
  const rosters = new Rosters(rows, localTime)
  rostersKnown.set(rows, { localTime, rosters })
  return rosters
}
const classes = ['live', 'deferred', 'voice']

/** Where a contact counts that has no queue, no owner or no known channel. Whether one ever stood there, for a moment, depends on the order of its events. */
const withoutValue: Readonly<Partial<Record<Dimension, readonly string[]>>> = {
  queue: ['none'],
  agent: ['none'],
  channel: ['unknown'],
}

/**
 * Values that are there without being counted: those configured, the classes, and what the other values of an open vocabulary or of a full dimension
 * are counted as. One that was configured when its dimension was full already has no slice: to show it at 0 would be wrong.
 */
function namedValues(
  config: TenantConfig,
  slices: SliceIndex,
  dimension: Dimension,
): readonly string[] {
  const configured = (config.slices.values[dimension] ?? []).filter(
    (value) => !slices.isOther(dimension, value),
  )
  if (dimension === 'class') return [...configured, ...classes]
  return openVocabularies.has(dimension) || slices.isFull(dimension)
    ? [...configured, otherValue]
    : configured
}

/** Configured, then counted so far, by name, then what has no value: the same for the same log, in whatever order it came. */
function listedValues(
  config: TenantConfig,
  slices: SliceIndex,
  dimension: Dimension,
): readonly string[] {
  const without = withoutValue[dimension] ?? []
  const seen = [...slices.valuesSeen(dimension)].filter((value) => !without.includes(value)).sort()
  return [...new Set([...namedValues(config, slices, dimension), ...seen, ...without])]
}

function basisOf(
  known: Omit<TenantBasis, 'isConfigured' | 'valuesOf' | 'knows' | 'sourcesOf'>,
): TenantBasis {
  const { config, slices, rosters } = known
  return {
    ...known,
    sourcesOf: (slice) => sourcesOf(slice, slices, rosters),
    isConfigured: (dimension, value) =>
      namedValues(config, slices, dimension).includes(value) ||
      (withoutValue[dimension]?.includes(value) ?? false),
    valuesOf: (dimension) =>
      dimension === teamDimension ? rosters.teams : listedValues(config, slices, dimension),
    knows: (dimension, value) =>
      dimension === teamDimension
        ? rosters.hasTeam(value)
        : slices.valuesSeen(dimension).has(value) ||
          listedValues(config, slices, dimension).includes(value),
  }
}

/** What else a plan is made of than what every tenant has; it is made again when some of it changes meanwhile. */
export type Beside = {
  readonly keys?: readonly string[]
  /** It is about agents or teams: who is on which roster, and who has aliases. */
  readonly rosters?: boolean
  /** It is about score cards. */
  readonly appeals?: boolean
}

/**
 * A question about one tenant. A tenant exists when the partition has its configuration, or when the file names it (`configured`), which it does
 * from the start; else 404 `unknown-tenant`.
 */
export function tenantQuestion<Value>(
  tenant: string,
  configured: TenantConfig | undefined,
  plan: (basis: TenantBasis, beside: Answer['values']) => Step<Outcome<Value>>,
  { keys = [], rosters: isOfAgents = false, appeals: isOfAppeals = false }: Beside = {},
): Question<Outcome<Value>> {
  return {
    basis: {
      keys: [
        ...[configKey(tenant), slicesKey(tenant), runningKey(tenant), gapsKey, closedToKey(tenant)],
        ...keys,
      ],
      open: (['roster', 'appeal'] as const)
        .filter((kind) => (kind === 'roster' ? isOfAgents : isOfAppeals))
        .map((kind) => ({ tenant, slice: 0, kind, members: 0 })),
    },
    plan({ values: [stored, table, minutes, lost, closed, ...beside], open, logTimeMs }: Answer) {
      const history = stored ? historyIn(stored) : configured && alwaysInForce(configured)
      if (history === undefined)
        return {
          kind: 'settled',
          result: refused(problemOf('unknown-tenant', 'there is no such tenant')),
        }
      const config = history.configAt(logTimeMs)
      const slices = table ? indexOf(table) : noSlices
      const running = minutes ? runningOf(minutes) : []
      const gaps = lost ? gapsOf(lost) : []
      const closedTo = closed ? closedToOf(closed) : null
      const rows = open.find((one) => one.rosters !== undefined)?.rosters
      const appeals = open.find((one) => one.appeals !== undefined)?.appeals ?? []
      const rosters = rows === undefined ? noRosters : rostersOf(rows, history.localTime)
      const times = { running, gaps, closedTo, logTimeMs }
      return plan(basisOf({ tenant, config, history, slices, rosters, appeals, ...times }), beside)
    },
  }
}
