import { type FoundGap, type Gap, type GapAcknowledgement, gapTopics } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import * as z from 'zod'
import { shaped } from './shaped.ts'

const epochMs = z.custom<EpochMs>((value) => Number.isSafeInteger(value), {
  error: 'milliseconds since 1970',
})
const found = {
  topic: z.enum(gapTopics),
  partition: z.int().min(0),
  from: z.int().min(0),
  to: z.int().min(0),
  sinceMs: epochMs,
  untilMs: epochMs,
}
const acknowledgement = { author: z.string(), comment: z.string(), atMs: epochMs }

const foundShape = z.object(found) satisfies z.ZodType<FoundGap>
/** `gapId`: which gap it is about, `gapIdOf`. */
export type GapAcknowledgementEntry = GapAcknowledgement & { readonly gapId: string }
const acknowledgementShape = z.object({
  ...acknowledgement,
  gapId: z.string(),
}) satisfies z.ZodType<GapAcknowledgementEntry>
const gapsShape = z.array(
  z.object({
    ...found,
    number: z.int().min(1),
    foundMs: epochMs,
    acknowledged: z.object(acknowledgement).nullable(),
  }),
) satisfies z.ZodType<Gap[]>

const encoded = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8')

/** Records that are gone from the raw topic: an entry of every partition of the log, since nobody knows whose they were. */
export const encodeGapEntry = (gap: FoundGap): Uint8Array => encoded(gap)
/** @throws EntryUnreadable */
export const decodeGapEntry = (bytes: Uint8Array): FoundGap =>
  shaped(foundShape, bytes, 'gap entry')

/** Somebody knows that the records are missing, and has done what can be done: an entry of every partition of the log. */
export const encodeGapAcknowledgement = (entry: GapAcknowledgementEntry): Uint8Array =>
  encoded(entry)
/** @throws EntryUnreadable */
export const decodeGapAcknowledgement = (bytes: Uint8Array): GapAcknowledgementEntry =>
  shaped(acknowledgementShape, bytes, 'acknowledgement of a gap')

/** The record `gaps`: those that a partition knows of, as they were found. */
export const encodeGaps = (gaps: readonly Gap[]): Uint8Array => encoded(gaps)
/** @throws EntryUnreadable */
export const decodeGaps = (bytes: Uint8Array): readonly Gap[] =>
  shaped(gapsShape, bytes, 'record of gaps')
