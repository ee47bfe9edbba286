import { problemOf } from '@deskpulse/contract'
import { type EpochMs, parseBoundary } from '@deskpulse/core/time'
import { Refused } from '@deskpulse/runtime'
import type { Tenant } from './tenant.ts'

/** `[fromMs, toMs)`; `null`: open on that side. */
export type TimeRange = { readonly fromMs: EpochMs | null; readonly toMs: EpochMs | null }

/** Dates are days of the tenant. `prefix`: of the members' paths in a refusal, `/` in a body. @throws Refused 400 */
export function timeRange(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  { config }: Tenant,
  prefix = '',
): TimeRange {
  const boundary = (name: string, text: string | undefined): EpochMs | null => {
    if (text === undefined) return null
    return (
      parseBoundary(text, config.timeZone) ??
      wrong(
        `${prefix}${name}`,
        'a date YYYY-MM-DD, or an RFC 3339 instant with its offset, as 2026-03-02T09:00:00Z',
        text,
      )
    )
  }
  const range = { fromMs: boundary('from', from), toMs: boundary('to', to) }
  if (range.fromMs !== null && range.toMs !== null && range.fromMs >= range.toMs)
    wrong(`${prefix}to`, 'a time after from', String(to))
  return range
}

function wrong(path: string, expected: string, got: string): never {
  throw new Refused(
    problemOf('bad-request', `not what it must be: ${path}`, [{ path, expected, got }]),
  )
}
