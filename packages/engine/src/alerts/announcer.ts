import { alertIdOf, encodeAlertRecord } from '@deskpulse/contract'
import type {
  AlertFacts,
  AlertTransition,
  DeadlineChange,
  DeadlineClock,
  FoldedRule,
} from '@deskpulse/core/alerts'
import type { AppealChange } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { OutboxEntry, PartitionId } from '@deskpulse/stream'

/** A record of the log at which something is decided, the log time by which it is, and what the clocks say then. */
export type Moment = {
  readonly offset: number
  readonly nowMs: EpochMs
  readonly clock: DeadlineClock
}

/** What an alert is about: what a transition says of its subject. */
export type About = Pick<AlertFacts, 'slice' | 'contactId' | 'agentId' | 'state' | 'channel'> & {
  readonly tenant: string
  readonly subject: string
}

/** Makes what the folds tell people into what leaves by the outbox: transitions of alerts, and appeals. */
export class Announcer {
  /** How many, by status. */
  readonly counts: Record<AlertTransition['status'], number> = { firing: 0, resolved: 0 }
  readonly #partition: PartitionId
  readonly #topic: string
  readonly #out: (entry: OutboxEntry) => void

  constructor(partition: PartitionId, topic: string, out: (entry: OutboxEntry) => void) {
    this.#partition = partition
    this.#topic = topic
    this.#out = out
  }

  /** `rule`: in force, or as it last was, if that is known. A repeat of the fold gives the same id: an alert begins once and ends once. */
  announce(
    about: About,
    rule: FoldedRule | null,
    change: DeadlineChange,
    { offset, nowMs }: Moment,
  ): void {
    this.tell(transitionOf(about, rule, change, nowMs), { offset })
  }

  /** A transition that is decided at this record of the log. */
  tell(transition: AlertTransition, { offset }: Pick<Moment, 'offset'>): void {
    this.counts[transition.status] += 1
    this.#out({
      id: `${this.#partition}-${offset}-${alertIdOf(transition)}-${transition.status}`,
      topic: this.#topic,
      key: transition.tenant,
      bytes: encodeAlertRecord({ kind: 'transition', transition }),
    })
  }

  /** Appeals that the entries of a record of the log have changed, in their order. */
  tellAppeals(changes: readonly AppealChange[], { offset, nowMs: atMs }: Moment): void {
    for (const [index, appeal] of changes.entries())
      this.#out({
        id: `${this.#partition}-${offset}-${appeal.tenant}-appeal-${index}`,
        topic: this.#topic,
        key: appeal.tenant,
        bytes: encodeAlertRecord({ kind: 'appeal', announced: { atMs, offset, index }, appeal }),
      })
  }
}

function transitionOf(
  about: About,
  rule: FoldedRule | null,
  change: DeadlineChange,
  nowMs: EpochMs,
): AlertTransition {
  const { active, status, endedMs, end } = change
  const { number, sinceMs, startedMs, late } = active
  return {
    ...about,
    rule: change.rule,
    number,
    kind: 'deadline',
    severity: rule?.severity ?? 'warning',
    kpi: null,
    value: (endedMs ?? startedMs) - sinceMs,
    limit: rule?.limitMs ?? startedMs - sinceMs,
    unit: 'ms',
    labels: rule?.labels ?? {},
    status,
    sinceMs,
    startedMs,
    endedMs,
    end,
    detectedMs: nowMs,
    late,
  }
}
