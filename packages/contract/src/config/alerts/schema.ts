import * as z from 'zod'
import { endpointExpected } from './complete-common.ts'
import { endpointSchema, httpUrl } from './endpoint-schema.ts'
import { ruleFaults } from './file-rules.ts'
import { hoursSchema } from './hours.ts'
import { ruleInputSchema } from './rule-input.ts'

/** An address that paths are added to. */
function isBase(text: string): boolean {
  return httpUrl(text) && !/[?#]/u.test(text)
}

const rule = ruleInputSchema.check(({ value, issues }) => {
  for (const { path, expected, code } of ruleFaults(value)) {
    issues.push({ code: 'custom', path: [...path], message: expected, input: value, params: { code } })
  }
})

function repeated(names: readonly string[]): number {
  return names.findIndex((one, at) => names.indexOf(one) !== at)
}

/** The block `alerts` of the file. */
export const alertsSchema = z
  .strictObject({
    /** Loopback, private, link-local and metadata addresses are refused unless true. */
    allowPrivateAddresses: z.boolean().default(false),
    /** Where people reach the alert page: messages link to it. */
    publicUrl: z.string().max(2_000).refine(isBase, { error: 'an http or https URL without user, query and fragment' }).optional(),
    hours: hoursSchema.optional(),
    endpoints: z.array(endpointSchema).max(100).default([]),
    rules: z.array(rule).max(500).default([]),
  })
  .check(({ value: { endpoints, rules }, issues }) => {
    const report = (path: PropertyKey[], message: string, input: unknown) => issues.push({ code: 'custom', path, message, input })
    for (const [part, all] of [
      ['endpoints', endpoints],
      ['rules', rules],
    ] as const) {
      const at = repeated(all.map((one) => one.name))
      if (at >= 0) report([part, at, 'name'], 'a name that no other has', all[at]!.name)
    }
    const known = endpoints.map((one) => one.name)
    rules.forEach((one, at) => {
      for (const [index, name] of (one.endpoints ?? []).entries()) {
        if (!known.includes(name)) report(['rules', at, 'endpoints', index], endpointExpected(name, known), name)
      }
    })
  })
