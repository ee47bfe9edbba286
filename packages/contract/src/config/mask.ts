import type { Config } from './parse.ts'

const mask = '***'
const secretKeys = new Set([
  'pseudonymKey',
  'password',
  'secret',
  'secrets',
  'sessionSecret',
  'clientSecret',
])

/** The password of each address is hidden. */
function maskPassword(text: string): string {
  return text.replaceAll(/([/,][^:@/,]*):[^/,]*@/g, `$1:${mask}@`)
}

/** A chat robot's path and query are its credential. */
function maskPath(text: string): string {
  const { protocol, host } = new URL(text)
  return `${protocol}//${host}/${mask}`
}

function masked(key: string, value: unknown, inAlerts: boolean): unknown {
  if (typeof value === 'string' && secretKeys.has(key)) return mask
  if (typeof value === 'string' && key === 'url')
    return inAlerts ? maskPath(value) : maskPassword(value)
  if (Array.isArray(value))
    return value.map((one) => masked(secretKeys.has(key) ? key : '', one, inAlerts))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      masked(name, part, inAlerts || name === 'alerts'),
    ]),
  )
}

/** The configuration fit for printing: no key, password, secret or webhook path is in it. */
export function maskSecrets(config: Config): unknown {
  return masked('', config, false)
}
