import * as z from 'zod'

/** What may be done, from least to most in what it opens; `admin` may do everything within its tenants. */
export const scopes = ['board', 'read', 'ingest', 'alerts', 'admin'] as const
export type Scope = (typeof scopes)[number]

export const scopeSchema = z.enum(scopes).meta({
  description:
    'board: what a wallboard shows; read: everything that is read; ingest: events, files and appeals; alerts: acknowledgements, silences, rules; admin: all of it, and keys',
})

/** Whether who has `held` may do what needs `wanted`. */
export function includesScope(held: ReadonlySet<Scope>, wanted: Scope): boolean {
  if (held.has('admin') || held.has(wanted)) return true
  return wanted === 'board' && held.has('read')
}
