import { minuteMs, slotMs } from '../time/time.ts'
import { defaultTenantConfig, type ConfigVersion, type TenantConfig } from './tenant-config.ts'

/** The start of time, as a number that JSON can hold: the earliest instant of a Date. */
export const beginningOfTimeMs = -8.64e15

/** A tenant whose first entry is no configuration has the default in force from the beginning, under this id. */
export const defaultVersion: ConfigVersion = {
  id: 'default',
  takenMs: beginningOfTimeMs,
  fromMs: beginningOfTimeMs,
  config: defaultTenantConfig,
}

/** The version in force at an instant. `versions` ascend by `fromMs`, the first one from the beginning of time. */
export function configAt(versions: readonly ConfigVersion[], atMs: number): TenantConfig {
  for (let index = versions.length - 1; index > 0; index -= 1) {
    if (versions[index]!.fromMs <= atMs) return versions[index]!.config
  }
  return versions[0]!.config
}

export type Proposal = {
  readonly id: string
  readonly predecessor: string | null
  readonly config: TenantConfig
}

export type ProposalOutcome =
  | { readonly kind: 'taken'; readonly versions: readonly ConfigVersion[] }
  /** It is the current version already. */
  | { readonly kind: 'known' }
  /** It names a predecessor that is not the current version. */
  | { readonly kind: 'conflict'; readonly current: string | null }

/** An event further ahead of its append than this is refused: one wrong clock must not open tomorrow's buckets. */
export const futureMaxMs = 5 * minuteMs

/**
 * A proposed version, met in the log at `logTimeMs`. The first one is in force from the beginning of time, each later one from the first quarter-hour that
 * no event accepted before it can have reached: nothing that was counted changes its version, so no subject has to be folded again, and no bucket holds
 * what two versions counted. One that another follows before it is in force never is.
 */
export function propose(
  versions: readonly ConfigVersion[],
  proposal: Proposal,
  logTimeMs: number,
): ProposalOutcome {
  const current = versions.at(-1)?.id ?? null
  if (proposal.id === current) return { kind: 'known' }
  if (proposal.predecessor !== current) return { kind: 'conflict', current }
  const times =
    versions.length === 0
      ? { takenMs: beginningOfTimeMs, fromMs: beginningOfTimeMs }
      : { takenMs: logTimeMs, fromMs: firstSlotAfter(logTimeMs + futureMaxMs) }
  return {
    kind: 'taken',
    versions: [...versions, { id: proposal.id, ...times, config: proposal.config }],
  }
}

const firstSlotAfter = (atMs: number): number => (Math.floor(atMs / slotMs) + 1) * slotMs
