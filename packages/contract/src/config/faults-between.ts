import type * as z from 'zod'
import { isLoopback } from '../access/loopback.ts'
import { alertsFaults } from './alerts/alerts-faults.ts'
import { type Fault, under } from './fault.ts'
import { type IsSure, type Readable, sureBelow } from './readable.ts'
import type { configSchema } from './schema.ts'
import { certificateFaults, type ReadFile } from './wires.ts'
import { keyFaults, outlineOf, tenantFaults } from './tenant-faults.ts'

type Blocks = Readable<z.output<typeof configSchema>>

/** What the process that starts knows beside the file. */
export type StartRules = {
  /** It has a server, of which must be said whom it lets in. */
  readonly isServed?: boolean
  /** One process of several. Keys for customer ids are not made: each tenant needs one, or says that its sources already send pseudonyms. */
  readonly keysRequired?: boolean
  /** Tenants that there are, though the file does not name them. */
  readonly tenantsBeside?: readonly string[]
  /** Reads the files that are named. Without it there are none, and those of `http.tls` are not looked at. */
  readonly readFile?: ReadFile
}

/** What is wrong between the keys of the file, judged by those that can be read. */
export function faultsBetween(
  blocks: Blocks,
  { keysRequired = false, isServed = false, tenantsBeside = [], readFile }: StartRules,
  isSure: IsSure,
): Fault[] {
  const tenants = Object.entries(blocks.tenants ?? {}).map(([name, tenant]) => {
    return {
      name,
      tenant: tenant === null ? {} : tenant,
      isSure: sureBelow(isSure, 'tenants', name),
    }
  })
  const outlines = tenants.map(({ name, tenant, isSure }) => {
    const isKnown = tenant !== undefined && isSure('thresholds') && isSure('slices')
    return [name, isKnown ? outlineOf(tenant, isSure) : null] as const
  })
  const installation = {
    tenants: blocks.tenants === undefined ? null : new Map(outlines),
    isOpen: blocks.openTenants ?? true,
    tenantsBeside,
  }
  return [
    ...tenants.flatMap(({ name, tenant, isSure }) => {
      if (tenant === undefined) return []
      return under(
        ['tenants', name],
        [...tenantFaults(tenant, isSure), ...(keysRequired ? keyFaults(tenant, isSure) : [])],
      )
    }),
    ...(keysRequired && blocks.openTenants === true ? [openFault] : []),
    ...(blocks.alerts === undefined
      ? []
      : under(['alerts'], alertsFaults(blocks.alerts, installation, sureBelow(isSure, 'alerts')))),
    ...ingestFaults(blocks.ingest),
    ...oidcFaults(blocks.auth),
    ...(isServed ? authFaults(blocks, keysRequired) : []),
    ...redisFaults(blocks.redis),
    ...(blocks.http?.tls === undefined || readFile === undefined
      ? []
      : under(['http', 'tls'], certificateFaults(blocks.http.tls, readFile))),
  ]
}

function oidcFaults(auth: Blocks['auth']): Fault[] {
  if (auth?.oidc === undefined || auth.mode === 'keys') return []
  return [{ path: ['auth', 'mode'], expected: 'keys: with open, nobody is asked to sign in' }]
}

/** Nobody is let in from elsewhere by an oversight. */
function authFaults({ auth, http, alerts }: Blocks, keysRequired: boolean): Fault[] {
  if (auth === undefined) return []
  if (keysRequired && auth.mode === 'keys' && auth.sessionSecret === undefined)
    return [sessionFault]
  const reached = reachedBy(http, alerts)
  if (auth.mode !== undefined || reached === null) return []
  return [{ path: ['auth', 'mode'], expected: authModeExpected(reached) }]
}

/** By which other machines than its own reach the server; `null`: none that the file knows of. */
function reachedBy(http: Blocks['http'], alerts: Blocks['alerts']): string | null {
  if (http?.host !== undefined && !isLoopback(http.host)) return http.host
  if ((http?.trustProxy?.length ?? 0) > 0) return 'the proxy of http.trustProxy'
  const address = typeof alerts?.publicUrl === 'string' ? URL.parse(alerts.publicUrl) : null
  return address === null || isLoopback(address.hostname) ? null : address.host
}

const sessionFault: Fault = {
  path: ['auth', 'sessionSecret'],
  expected: 'the same 32 characters or more in every service: sessions are signed with it',
}

/** What must be said of a server that other machines reach. */
export const authModeExpected = (host: string): string =>
  `keys or open, since other machines may reach ${host}: with open, whoever does may read and change everything`

const openFault: Fault = {
  path: ['openTenants'],
  expected: 'false: tenants that the file does not name have no key',
}

function ingestFaults({
  inFlightBytesMax,
  bodyBytesMax,
}: NonNullable<Blocks['ingest']> = {}): Fault[] {
  if (
    inFlightBytesMax === undefined ||
    bodyBytesMax === undefined ||
    inFlightBytesMax >= bodyBytesMax
  )
    return []
  return [{ path: ['ingest', 'inFlightBytesMax'], expected: 'at least ingest.bodyBytesMax' }]
}

function redisFaults({ cluster, sentinel }: NonNullable<Blocks['redis']> = {}): Fault[] {
  if (cluster !== true || sentinel === undefined) return []
  return [{ path: ['redis', 'sentinel'], expected: 'sentinel or cluster, not both' }]
}
