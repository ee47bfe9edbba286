import { type DeadLetter, foldRefusalCodes, nearest, refusalCodes } from '@deskpulse/contract'
import { usageFailure } from '../command-line/failure.ts'
import type { OptionSpec, Typed } from '../command-line/spec.ts'
import { instantMs, tenantName } from '../command-line/values.ts'

/** Options that choose letters. */
export const filterOptions = {
  code: { value: 'CODE', help: 'Only letters of this code, e.g. bad-schema. Default: all.' },
  source: { value: 'URI', help: 'Only letters of events of this source. Default: all.' },
  tenant: { value: 'T', help: 'Only letters of this tenant. Default: all.' },
  since: {
    value: 'TIME',
    help: 'Only letters that were refused at this time or later, e.g. 2026-03-02T08:00:00Z.',
  },
  until: { value: 'TIME', help: 'Only letters that were refused before this time.' },
} as const satisfies Record<string, OptionSpec>

export type Filter = {
  /** `true`: no option narrows it. */
  readonly isAll: boolean
  matches(letter: DeadLetter): boolean
}

/** Equal letters that were refused together match when the last of them does. @throws CommandFailure (usage) */
export function filterOf(typed: Typed): Filter {
  const [code, source, tenant, since, until] = Object.keys(filterOptions).map((name) =>
    typed.text(name),
  )
  if (code !== undefined) refuseUnknownCode(code)
  if (tenant !== undefined) tenantName(tenant)
  const sinceMs = since === undefined ? -Infinity : instantMs('since', since)
  const untilMs = until === undefined ? Infinity : instantMs('until', until)
  return {
    isAll: [code, source, tenant, since, until].every((option) => option === undefined),
    matches(letter) {
      if (code !== undefined && letter.code !== code) return false
      if (source !== undefined && letter.source !== source) return false
      if (tenant !== undefined && letter.tenant !== tenant) return false
      return letter.lastMs >= sinceMs && letter.lastMs < untilMs
    },
  }
}

function refuseUnknownCode(code: string): void {
  const known = [...new Set([...Object.keys(refusalCodes), ...Object.keys(foldRefusalCodes)])]
  if (known.includes(code)) return
  const near = nearest(code, known)
  throw usageFailure(
    `--code must be one of ${known.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`,
  )
}
