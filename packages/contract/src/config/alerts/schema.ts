import * as z from 'zod'
import { endpointSchema, httpUrl } from './endpoint-schema.ts'
import { hoursSchema } from './hours.ts'
import { ruleInputSchema } from './rule-input.ts'

/** An address that paths are added to. */
function isBase(text: string): boolean {
  return httpUrl(text) && !/[?#]/u.test(text)
}

/** The block `alerts` of the file; what follows from several of its keys: `alertsFaults`. */
export const alertsSchema = z.strictObject({
  /** Loopback, private, link-local and metadata addresses are refused unless true. */
  allowPrivateAddresses: z.boolean().default(false),
  /** Where people reach the alert page: messages link to it. */
  publicUrl: z
    .string()
    .max(2_000)
    .refine(isBase, { error: 'an http or https URL without user, query and fragment' })
    .optional(),
  hours: hoursSchema.optional(),
  endpoints: z.array(endpointSchema).max(100).default([]),
  rules: z.array(ruleInputSchema).max(500).default([]),
})
