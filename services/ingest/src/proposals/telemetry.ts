import type { Logger, Metrics } from '@deskpulse/runtime'
import type { Proposable } from './proposable.ts'
import type { Version } from './standing.ts'

/** What the file says of a tenant is not in force, and is not proposed again: another process, with another file, has replaced it. */
export type Replaced = {
  readonly tenant: string
  readonly what: Proposable<Version>['what']
  /** Ids of the version that stands, and of the file's. */
  readonly current: string
  readonly ours: string
}

export type ProposalTelemetry = {
  /** Once for each version that is found to stand against the file's. */
  replaced(replaced: Replaced): void
  /** For how many tenants another version stands against the file's, after each look. */
  standsAgainst(what: Replaced['what'], tenants: number): void
  /** What the tenants have could not be found out, or not be proposed: it is tried again. */
  failed(error: unknown, tenants: readonly string[]): void
}

export const noProposalTelemetry: ProposalTelemetry = {
  replaced() {},
  standsAgainst() {},
  failed() {},
}

export function proposalTelemetry(
  metrics: Pick<Metrics, 'proposalsReplaced'>,
  logger: Logger,
): ProposalTelemetry {
  return {
    replaced: (replaced) =>
      logger.error(
        replaced,
        'the file is not in force: a process with another file has replaced it; give all of them the same one',
      ),
    standsAgainst: (what, tenants) => metrics.proposalsReplaced.set({ what }, tenants),
    failed: (error, tenants) =>
      logger.warn(
        { err: error, tenants: tenants.slice(0, 10) },
        'what is in force could not be looked at; trying again',
      ),
  }
}
