import type { EpochMs } from '@deskpulse/core/time'

/** Names of the tenants that have a record here: JSON array. */
export const bookTenantsKey = 'desk:tenants'
export const tenantBookKey = (tenant: string): string => `desk:tenant:${tenant}`
export const alertKey = (tenant: string, alertId: string): string =>
  `desk:alert:${tenant}:${alertId}`
/** What is remembered of the clocks in the log, where the installation's alerts are kept. */
export const clockKey = 'desk:clock'
export const windowsKey = (tenant: string): string => `desk:windows:${tenant}`

/** Alerts that fire, the newest first. */
export const firingListKey = (tenant: string): string => `o:desk:firing:${tenant}`
/** Alerts that are over, the newest end first. */
export const historyListKey = (tenant: string): string => `o:desk:history:${tenant}`
/** Those of them of which nothing is to be told any more, in the order in which that came about: those that leave first. */
export const endedListKey = (tenant: string): string => `o:desk:ended:${tenant}`
/** Alerts of which something may still be told, those first that were asked about longest ago. */
export const openListKey = (tenant: string): string => `o:desk:open:${tenant}`
/** When to ask again, of all tenants. Members are `memberOf`. */
export const dueListKey = 'o:desk:due'

/** Scores of the two above. A list shows what has a score up to now: with this taken off, times to come are shown too, and their order stays. */
const farMs = 1e14
export const scoreOf = (atMs: EpochMs): number => atMs - farMs
export const timeOf = (score: number): EpochMs => (score + farMs) as EpochMs

export type AlertRef = { readonly tenant: string; readonly alertId: string }
export const memberOf = ({ tenant, alertId }: AlertRef): string => `${tenant}/${alertId}`

export function refOf(member: string): AlertRef {
  const slash = member.indexOf('/')
  return { tenant: member.slice(0, slash), alertId: member.slice(slash + 1) }
}
