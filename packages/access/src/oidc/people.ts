import { type OidcConfig, type Scope, tenantName } from '@deskpulse/contract'
import type { Principal } from '@deskpulse/runtime'

type Role = keyof OidcConfig['roles']

const scopesOf: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  supervisor: ['read', 'ingest', 'alerts'],
  admin: ['admin'],
}

const nameMax = 128
/** Stands for every tenant, and the installation. */
const everyTenant = '*'

/** A claim as words: a list, or text with words between spaces or commas. */
function wordsOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.filter((one) => typeof one === 'string')
  return typeof claim === 'string' ? claim.split(/[\s,]+/).filter((word) => word !== '') : []
}

/** A claim by its name, or by a path to it: `realm_access.roles`. */
function claimAt(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name
    .split('.')
    .reduce<unknown>(
      (part, key) =>
        typeof part === 'object' && part !== null && Object.hasOwn(part, key)
          ? (part as Readonly<Record<string, unknown>>)[key]
          : undefined,
      claims,
    )
}

/** As changes can be signed with it: `word` of the events. Empty: it is nothing. */
function asWord(claim: unknown): string {
  if (typeof claim !== 'string') return ''
  const plain = claim
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
  return Array.from(plain).slice(0, nameMax).join('')
}

/**
 * Who somebody is by what an OpenID provider says of them.
 * @returns why they may do nothing here, in words, where they have no role, or no tenant
 */
export function personOf(
  claims: Readonly<Record<string, unknown>> & { readonly sub: string },
  { claims: named, roles }: Pick<OidcConfig, 'claims' | 'roles'>,
): Principal | string {
  const said = new Set(wordsOf(claimAt(claims, named.roles)))
  const held = (Object.keys(roles) as Role[]).filter((role) =>
    roles[role].some((value) => said.has(value)),
  )
  if (held.length === 0) return `the claim ${named.roles} names no role that is configured`
  const tenants = wordsOf(claimAt(claims, named.tenants)).filter(
    (one) => one === everyTenant || tenantName.safeParse(one).success,
  )
  if (tenants.length === 0) return `the claim ${named.tenants} names no tenant`
  const names = [named.name, 'name', 'preferred_username', 'email', 'sub']
  const [name = 'somebody'] = names
    .map((one) => asWord(claimAt(claims, one)))
    .filter((one) => one !== '')
  return {
    id: `person/${claims.sub}`,
    name,
    tenants: tenants.includes(everyTenant) ? 'all' : new Set(tenants),
    scopes: new Set(held.flatMap((role) => scopesOf[role])),
  }
}
