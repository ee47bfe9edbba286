import type { Scope } from '@deskpulse/contract'
import type { RouteOptions } from 'fastify'

/**
 * Who may use a route. `anyone`: it says nothing of tenants, and asks nobody who they are. `holder`: who may do this for any tenant; the route cuts its
 * answer to the holder's. `tenant`: who may do this for the tenant of its address. `installation`: who may do this for all tenants.
 */
export type RouteAccess =
  | { readonly to: 'anyone' }
  | { readonly to: 'holder' | 'tenant' | 'installation'; readonly scope: Scope }

export const toAnyone: RouteAccess = { to: 'anyone' }
export const toHolder = (scope: Scope): RouteAccess => ({ to: 'holder', scope })
export const toTenant = (scope: Scope): RouteAccess => ({ to: 'tenant', scope })
export const toInstallation = (scope: Scope): RouteAccess => ({ to: 'installation', scope })

declare module 'fastify' {
  interface FastifySchema {
    /** Of a route that the OpenAPI document does not have; the others say it in their `operation`. */
    readonly access?: RouteAccess
  }
}

type Declaring = Pick<RouteOptions, 'schema'>

/** @returns `undefined`: the route does not say it. */
export const accessOf = ({ schema }: Declaring): RouteAccess | undefined =>
  schema?.access ?? schema?.operation?.access
