import { type ClockProblem, clockProblems, type EpochMs } from '@deskpulse/core/time'
import * as z from 'zod'
import { shaped } from './shaped.ts'

const problem = z.object({
  kind: z.enum(clockProblems),
  byMs: z.int(),
  sinceMs: z.int().transform((ms) => ms as EpochMs),
}) satisfies z.ZodType<ClockProblem>

/** What stands in a partition's store of the clocks in its log. */
export const encodeClockProblem = (value: ClockProblem): Uint8Array =>
  Buffer.from(JSON.stringify(value), 'utf8')

/** @throws EntryUnreadable */
export const decodeClockProblem = (bytes: Uint8Array): ClockProblem =>
  shaped(problem, bytes, 'log clock')
