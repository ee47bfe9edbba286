import * as z from 'zod'

export const livenessSchema = z.object({ alive: z.boolean() }).meta({ id: 'Liveness' })
/** `checks`: by name, whether it passed just now; `reasons`: why those that did not have not. */
export const readinessSchema = z
  .object({
    ready: z.boolean(),
    stopping: z.boolean(),
    checks: z.record(z.string(), z.boolean()),
    reasons: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Readiness' })
