// What goes on and who is there: waits, agents, slices, what was refused.
import * as z from 'zod'
import { foldRefusalCodes } from '../../errors/refusals.ts'
import { anyEventSchema } from '../events-in.ts'
import { instant } from '../instant.ts'
import { incomplete, knownAsOf } from './values.ts'

export const waitingSchema = z
  .object({
    ...knownAsOf,
    incomplete,
    count: z.int(),
    rows: z.array(
      z.object({
        contactId: z.string(),
        kind: z.enum(['reply', 'queue']),
        since: instant,
        dueAt: instant,
        first: z.boolean(),
        queue: z.string().nullable(),
        channel: z.string(),
        agentId: z.string().nullable(),
        priority: z.string().nullable(),
        position: z.int().nullable().meta({
          description:
            'of a caller: the place in the queue, 1 = the next one; null: an owed reply, a call in no queue, or a wait that was given up',
        }),
        estimatedWaitMs: z.int().nullable().meta({
          description:
            'how long a caller will probably wait from now on, by the calls that the queue answered in the last 30 minutes; null: it answered none, or there is no position',
        }),
      }),
    ),
  })
  .meta({ id: 'Waiting' })
export type WaitingResponse = z.infer<typeof waitingSchema>

const reason = z.string().nullable().meta({
  description: 'why the agent is in its state, in the word of the source; null: it gave none',
})

export const agentsSchema = z
  .object({
    ...knownAsOf,
    incomplete,
    rows: z.array(
      z.object({
        id: z.string(),
        state: z.string(),
        reason,
        since: instant,
        contacts: z.int(),
        capacity: z.int().nullable(),
        queues: z.array(z.string()),
        missedInARow: z.int().meta({
          description: 'offers that it missed since the last one that it accepted',
        }),
        /** Of today, as rosters say. */
        teams: z.array(z.string()),
        role: z.string().nullable(),
        aliases: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'Agents' })
export type AgentsResponse = z.infer<typeof agentsSchema>

export const agentTimelineSchema = z
  .object({
    tenant: z.string(),
    agentId: z.string(),
    timeZone: z.string(),
    ...knownAsOf,
    incomplete,
    start: instant,
    end: instant.meta({ description: 'as it was asked for; rows end at `asOf`' }),
    rows: z
      .array(
        z.object({
          state: z.string(),
          reason,
          class: z
            .enum(['handling', 'available', 'not_ready'])
            .nullable()
            .meta({ description: 'as what the time counts; null: the agent is not signed in' }),
          start: instant,
          end: instant.nullable().meta({ description: 'null: it goes on' }),
          durationMs: z.int(),
          queues: z.array(z.string()),
          signedOutBy: z.enum(['heartbeat', 'silence', 'shift-max']).nullable().meta({
            description: 'the timeout that set the agent offline; null: none did',
          }),
        }),
      )
      .meta({ description: 'in order of time' }),
    totals: z
      .array(z.object({ state: z.string(), reason, count: z.int(), durationMs: z.int() }))
      .meta({ description: 'how often and how long in each state with each reason' }),
  })
  .meta({ id: 'AgentTimeline' })
export type AgentTimelineResponse = z.infer<typeof agentTimelineSchema>

export const slicesSchema = z
  .object({
    ...knownAsOf,
    dimension: z.string(),
    values: z.array(z.object({ value: z.string(), slice: z.string(), name: z.string() })),
    /** Of queue, agent and channel. */
    limit: z
      .object({ values: z.int(), max: z.int(), other: z.array(z.string()) })
      .optional()
      .meta({
        description:
          'how many values have slices of their own, of how many; the first hundred of those that count as `other`: none = no one does',
      }),
  })
  .meta({ id: 'Slices' })
export type SlicesResponse = z.infer<typeof slicesSchema>

/** What the folds refused of a tenant: the last 1,000 of them. */
export const refusalsSchema = z
  .object({
    ...knownAsOf,
    /** All that were refused since the log began. */
    total: z.int(),
    /** Of those listed, how many are asked for. */
    count: z.int(),
    /** The newest first. */
    rows: z.array(
      z.object({
        at: instant.meta({ description: 'log time of the entry at which it was refused' }),
        code: z.enum(Object.keys(foldRefusalCodes)),
        reason: z.string(),
        source: z.string().nullable(),
        id: z.string().nullable(),
        type: z.string().nullable(),
        time: instant.nullable(),
        event: anyEventSchema.nullable().meta({
          description: 'as the log has it, pseudonymised; null: no event, or more than 2 KiB',
        }),
        place: z
          .object({ partition: z.int(), offset: z.int(), index: z.int() })
          .meta({ description: 'of that entry in the log' }),
      }),
    ),
    /** Ask again with it for the rows after these; absent = there are none. */
    cursor: z.string().optional(),
  })
  .meta({ id: 'Refusals' })
export type RefusalsResponse = z.infer<typeof refusalsSchema>
