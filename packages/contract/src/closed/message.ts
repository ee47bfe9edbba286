import { closedCauses, type ClosedRecord, namedMeasures } from '@deskpulse/core/closed'
import { type ClosedKind, closedKinds, type Interval } from '@deskpulse/core/time'
import * as z from 'zod'
import { instant } from '../api/instant.ts'

const whole = z.int().meta({ description: 'exact, also past 2^53' })

/** The value of a record of the topic `closed`: JSON. */
export const closedMessageSchema = z.object({
  tenant: z.string(),
  kind: z.enum(closedKinds),
  start: instant,
  end: instant,
  label: z.string(),
  timeZone: z.string(),
  slice: z.string(),
  revision: z.int().min(1),
  cause: z.enum(closedCauses),
  closedAt: instant,
  /** Records of the log's partition before this one are in it. */
  offset: z.int(),
  /** Of the folds that counted. */
  definition: z.int(),
  /** Ids of the configurations that were in force in the period, oldest first. */
  configurations: z.array(z.string()),
  /** By name; those that hold nothing are not there. */
  measures: z.record(
    z.string(),
    z.union([
      whole,
      z.record(z.string().regex(/^[A-Z]{3}$/), whole).meta({
        description: 'of money: minor units by currency',
      }),
      z.object({ count: z.int(), sumMs: whole, near: z.array(z.tuple([z.number(), z.int()])) }),
    ]),
  ),
})
export type ClosedMessage = z.infer<typeof closedMessageSchema>

/** What a closed record is of. */
export type ClosedPlace = Interval & {
  readonly tenant: string
  readonly kind: ClosedKind
  readonly label: string
  readonly timeZone: string
  /** Canonical text. */
  readonly slice: string
}

const iso = (atMs: number): string => new Date(atMs).toISOString()

declare global {
  interface JSON {
    /** A value that `stringify` writes as this very text. */
    rawJSON(text: string): unknown
  }
}
const exact = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value

/** Key and value of the record that tells of an issue: the topic keeps the last one of each key, so that every revision stays. */
export function encodeClosedMessage(
  { cause, closedAtMs, configurations, foldVersion, measures, offset, revision }: ClosedRecord,
  { tenant, kind, startMs, endMs, label, timeZone, slice }: ClosedPlace,
): { readonly key: string; readonly bytes: Uint8Array } {
  const [start, end] = [iso(startMs), iso(endMs)]
  const message = {
    ...{ tenant, kind, start, end, label, timeZone, slice, revision, cause },
    ...{ closedAt: iso(closedAtMs), offset, definition: foldVersion, configurations },
    measures: namedMeasures(measures),
  }
  return {
    key: [tenant, kind, start, slice, revision].join('/'),
    bytes: Buffer.from(JSON.stringify(message, exact)),
  }
}
