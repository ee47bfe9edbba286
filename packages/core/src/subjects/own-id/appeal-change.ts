import type { AppealItems, AppealRow } from '../../open/entry.ts'
import type { EpochMs } from '../../time/time.ts'

export const appealDecisions = ['granted', 'partly-granted', 'refused'] as const
export type AppealDecision = (typeof appealDecisions)[number]

/** An appeal that was filed or decided, as people are told of it: how much of the agent's work it is about, and why. */
export type AppealChange = {
  readonly tenant: string
  readonly appealId: string
  readonly agentId: string
  /** Local dates; both are inside. */
  readonly start: string
  readonly end: string
  readonly contacts: number
  readonly scores: number
  readonly kpis: readonly string[]
  readonly reason: string
  readonly filedMs: EpochMs
  readonly filedBy: string | null
  /** `null`: it was filed. */
  readonly decided: {
    readonly atMs: EpochMs
    readonly by: string
    readonly decision: AppealDecision
    readonly note: string | null
  } | null
}

/** When it was filed or decided, as its source says. */
export const changedMs = ({ filedMs, decided }: AppealChange): EpochMs => decided?.atMs ?? filedMs

/**
 * What people are told when an appeal that stood as `before` stands as `now`: that it was filed, or decided, one of them at a time. A decision is another one at another time, or when it decides
 * otherwise. `null`: nothing, as when a decision is taken back.
 */
export function appealChange(
  tenant: string,
  before: AppealRow | null,
  now: AppealRow | null,
): AppealChange | null {
  if (now === null) return null
  const decided = decidedIn(now)
  if (before !== null && (decided === null || isSame(decidedIn(before), decided))) return null
  const { appealId, appealOf, start, end, contactIds, scores, kpis } = now
  const { reason, filedMs, filedBy } = now
  return {
    ...{ tenant, appealId, agentId: appealOf, start, end },
    ...{ contacts: contactIds.length, scores: scores.length, kpis },
    ...{ reason, filedMs, filedBy, decided },
  }
}

type Decided = AppealChange['decided']

const isSame = (before: Decided, now: NonNullable<Decided>): boolean =>
  before?.atMs === now.atMs && before.decision === now.decision

function decidedIn({ decided, ...asked }: AppealRow): Decided {
  if (decided === null) return null
  const { atMs, by, note } = decided
  return { atMs, by, decision: decisionOf(decided, asked), note }
}

/** A grant is in part where it leaves out less than was asked for. */
export function decisionOf(
  decided: NonNullable<AppealRow['decided']>,
  asked: AppealItems,
): AppealDecision {
  if (!decided.isGranted) return 'refused'
  const isWhole = (['contactIds', 'scores', 'kpis'] as const).every(
    (items) => decided[items].length === asked[items].length,
  )
  return isWhole ? 'granted' : 'partly-granted'
}
