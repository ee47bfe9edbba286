import type { Config } from './parse.ts'

const mask = '***'
const secretKeys = new Set(['pseudonymKey', 'password', 'secret'])

/** Credentials and query of a URL are hidden; `hidePath` for addresses whose path is the credential (chat robots). */
function maskUrl(text: string, hidePath: boolean): string {
  const url = new URL(text)
  if (url.password !== '') url.password = mask
  if (url.search !== '') url.search = mask
  return hidePath ? `${url.protocol}//${url.host}/${mask}` : url.href
}

function masked(key: string, value: unknown, inAlerts: boolean): unknown {
  if (typeof value === 'string' && secretKeys.has(key)) return mask
  if (typeof value === 'string' && key === 'url') return maskUrl(value, inAlerts)
  if (Array.isArray(value)) return value.map((one) => masked('', one, inAlerts))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, masked(name, part, inAlerts || name === 'alerts')]))
}

/** The configuration fit for printing: no key, password, secret or webhook path is in it. */
export function maskSecrets(config: Config): unknown {
  return masked('', config, false)
}
