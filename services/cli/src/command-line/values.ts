import { usageFailure } from './failure.ts'

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `15m`, `8h`, `2d`, `1.5h`, `250ms` in milliseconds, whole. A number without a unit is refused: nobody knows what it means. */
export function durationMs(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  if (match === null)
    throw usageFailure(
      `--${option} must be a duration such as 90s, 15m, 8h or 2d, not ${JSON.stringify(text)}`,
    )
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs])
}

/** A finite number in (0, max]. */
export function positiveNumber(option: string, text: string, max: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  if (!(value > 0 && value <= max))
    throw usageFailure(
      `--${option} must be a number above 0, at most ${max}, not ${JSON.stringify(text)}`,
    )
  return value
}

/** An integer in [min, max]. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
  if (!(value >= min && value <= max))
    throw usageFailure(
      `--${option} must be a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`,
    )
  return value
}

/** An instant with a zone (RFC 3339) in epoch milliseconds. */
export function instantMs(option: string, text: string): number {
  const value = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : NaN
  if (Number.isNaN(value))
    throw usageFailure(
      `--${option} must be an instant such as 2026-03-02T08:00:00Z, not ${JSON.stringify(text)}`,
    )
  return value
}

export function tenantName(text: string | undefined): string {
  if (text === undefined) throw usageFailure('--tenant is missing')
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) {
    throw usageFailure(
      `--tenant must be 1 to 63 of a-z, 0-9 and -, not beginning with -; not ${JSON.stringify(text)}`,
    )
  }
  return text
}

/** The address of something of a tenant on a server. */
export function tenantAddress(url: string, tenant: string, path: string): string {
  return serverAddress(url, `v1/tenants/${tenant}/${path}`)
}

/** The address of something on a server; a path before it is kept. */
export function serverAddress(url: string, path: string): string {
  const base = URL.parse(url)
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    throw usageFailure(
      `--url must be an address such as http://127.0.0.1:8080, not ${JSON.stringify(url)}`,
    )
  }
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}/${path}`
}
