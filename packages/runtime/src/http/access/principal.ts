import { includesScope, type Scope, scopes } from '@deskpulse/contract'

/** Who sends a request, as far as it was asked. */
export type Principal = {
  /** The same for every request of the same key: what is limited and audited. */
  readonly id: string
  /** What changes are signed with. `null`: nobody was asked, and a change says itself who makes it. */
  readonly name: string | null
  /** Whose data it may touch. */
  readonly tenants: ReadonlySet<string> | 'all'
  readonly scopes: ReadonlySet<Scope>
}

/** Whoever reaches a server that asks nobody who they are. */
export const everybody: Principal = {
  ...{ id: 'everybody', name: null },
  ...{ tenants: 'all', scopes: new Set(scopes) },
}

export const mayTouch = ({ tenants }: Principal, tenant: string): boolean =>
  tenants === 'all' || tenants.has(tenant)

export const mayDo = ({ scopes: held }: Principal, scope: Scope): boolean =>
  includesScope(held, scope)
