import type { EpochMs } from '../time/time.ts'

/** The numbers under which measures of a family are stored; numbers are for good, from 0 to 7. */
const familyNumbers = { response: 0, contact: 1, agent: 2 } as const
export type Family = keyof typeof familyNumbers

/** So many numbers a family can have. */
export const familiesMax = 8
/** A measure owns so many cells of a record. */
export const cellsPerField = 4_096

const familyByNumber: ReadonlyMap<number, Family> = new Map(
  (Object.keys(familyNumbers) as Family[]).map((family) => [familyNumbers[family], family]),
)

export const numberOfFamily = (family: Family): number => familyNumbers[family]

/** @throws RangeError when no family has the number. */
export function familyOf(number: number): Family {
  const family = familyByNumber.get(number)
  if (family === undefined) throw new RangeError(`no family ${number}`)
  return family
}

/**
 * - `count`: adds its value at an instant.
 * - `duration`: adds 1 to a count, its value in ms to a sum, and 1 to a histogram bin, at an instant.
 * - `span`: adds the overlap of an interval with each bucket that it covers, in ms.
 */
export type MeasureKind = 'count' | 'duration' | 'span'

/** `field` is the number under which a measure is stored; numbers are never reused. */
export type Measure = { readonly field: number; readonly family: Family; readonly kind: MeasureKind }

function measure(field: number, family: Family, kind: MeasureKind): Measure {
  return { field, family, kind }
}

/** The first of a measure's cells in a record, which holds measures of all families. */
export function firstCell({ field, family }: Pick<Measure, 'field' | 'family'>): number {
  return (field * familiesMax + familyNumbers[family]) * cellsPerField
}

/** Every measure that a fact can add to. Meanings: docs/kpis.md and semantics in each fold. */
export const measures = {
  /** Owed replies at their answer: how long the customer waited. */
  replyTime: measure(1, 'response', 'duration'),
  /** First owed replies at their answer. */
  firstReplyTime: measure(2, 'response', 'duration'),
  /** Owed replies answered at or before their limit, at the answer. */
  replyWithin: measure(3, 'response', 'count'),
  firstReplyWithin: measure(4, 'response', 'count'),
  /** Owed replies that became due, at min(answer, since + limit). */
  replyDue: measure(5, 'response', 'count'),
  replyDueWithin: measure(6, 'response', 'count'),
  firstReplyDue: measure(7, 'response', 'count'),
  firstReplyDueWithin: measure(8, 'response', 'count'),
  replyCancelled: measure(9, 'response', 'count'),
  /** Waits given up, at since + the longest wait: owed replies and calls in a queue whose end never came. */
  lostWait: measure(10, 'response', 'count'),

  contactOpened: measure(1, 'contact', 'count'),
  contactHandled: measure(2, 'contact', 'count'),
  contactResolved: measure(3, 'contact', 'count'),
  resolution: measure(4, 'contact', 'count'),
  reopening: measure(5, 'contact', 'count'),
  /** From the customer's request to the first resolution, at that resolution. */
  resolutionTimeFromRequest: measure(6, 'contact', 'duration'),
  /** First resolutions in the FCR denominator; those solved at first contact; those whose contact has a customer. */
  fcrDue: measure(7, 'contact', 'count'),
  fcrSolved: measure(8, 'contact', 'count'),
  fcrIdentified: measure(9, 'contact', 'count'),

  /** Signed-in agent time by class. */
  agentHandling: measure(1, 'agent', 'span'),
  agentAvailable: measure(2, 'agent', 'span'),
  agentNotReady: measure(3, 'agent', 'span'),
} as const satisfies Record<string, Measure>

/** Thresholds are configuration, so their measures are made: field 1000 + 2 × seconds (due) and + 1 (within). */
export function thresholdMeasures(seconds: number): { readonly due: Measure; readonly within: Measure } {
  return { due: measure(1_000 + 2 * seconds, 'response', 'count'), within: measure(1_001 + 2 * seconds, 'response', 'count') }
}

const measureByField: ReadonlyMap<string, Measure> = new Map(
  Object.values(measures).map((known) => [`${known.family}/${known.field}`, known]),
)

/** The measure that is stored under a number. @throws RangeError when no measure has it. */
export function measureOf(family: Family, field: number): Measure {
  if (family === 'response' && field >= 1_000) return measure(field, family, 'count')
  const known = measureByField.get(`${family}/${field}`)
  if (known === undefined) throw new RangeError(`no measure ${family}/${field}`)
  return known
}

/** Dimension values of a fact; absent = the fact is in no slice of that dimension. An agent may be in several queues at once. */
export type FactDimensions = {
  readonly queue?: string | readonly string[]
  readonly agent?: string
  readonly channel?: string
  readonly class?: string
  readonly topic?: string
  readonly priority?: string
  readonly skill?: string
  readonly shop?: string
  readonly intent?: string
}

/** Dimensions that describe the whole contact: its last word counts, also for what it contributed before (`contact.updated`). */
export const attributeNames = ['topic', 'priority', 'skill', 'shop', 'intent'] as const
export type ContactAttributes = Pick<FactDimensions, (typeof attributeNames)[number]>

/** `wide`: slices without the agent dimension alone; `agent`: slices with it alone; `both`: all that match. */
export type FactScope = 'both' | 'wide' | 'agent'

/** One contribution of a subject to the measures; `id` is unique in its subject, so that a change of it can be seen. */
export type Fact = {
  readonly id: string
  readonly measure: Measure
  readonly atMs: EpochMs
  /** `span` alone: the interval is [atMs, endMs). */
  readonly endMs?: EpochMs
  /** `count`: what is added (may be negative); `duration`: ms; `span`: 1. */
  readonly value: number
  readonly dimensions: FactDimensions
  readonly scope: FactScope
}
