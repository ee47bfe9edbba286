import { decodeGaps, encodeGaps, type GapAcknowledgementEntry } from '@deskpulse/contract'
import {
  type AlertTransition,
  installationTenant,
  type RecordsRule,
  recordsSubject,
  shippedRules,
} from '@deskpulse/core/alerts'
import { type FoundGap, type Gap, gapIdOf, withAcknowledged, withGap } from '@deskpulse/core/events'
import { gapsKey } from '@deskpulse/core/state'
import { type PartitionId, partitionOf } from '@deskpulse/stream'
import type { Announcer, Moment } from '../alerts/announcer.ts'
import type { ChangeSet } from './change-set.ts'

const rule = shippedRules.find(
  (one): one is RecordsRule => one.kind === 'deadline' && one.subject === 'records',
)!

/**
 * Records that were gone before they were counted, as far as this partition is concerned: those of its log, and all of the raw topic's. Each is an alert
 * of the installation until it is acknowledged. What is gone from the raw topic every partition knows of, and one of them tells.
 */
export class Gaps {
  readonly #partition: PartitionId
  readonly #tellsOfRaw: boolean
  #gaps: readonly Gap[]
  #changed = false

  /** `stored`: the record under `gapsKey`. `partitions`: of the log. */
  constructor(partition: PartitionId, partitions: number, stored: Uint8Array | null) {
    this.#partition = partition
    this.#tellsOfRaw = partitionOf(installationTenant, partitions) === partition
    this.#gaps = stored === null ? [] : decodeGaps(stored)
  }

  /** The log lacks the records [from, to), which came in after `sinceMs`, and before the moment at which they are missed. */
  inLog(
    { from, to }: Pick<FoundGap, 'from' | 'to'>,
    sinceMs: FoundGap['sinceMs'],
    moment: Moment,
    announcer: Announcer,
  ): void {
    this.found(
      { topic: 'log', partition: this.#partition, from, to, sinceMs, untilMs: moment.nowMs },
      moment,
      announcer,
    )
  }

  found(found: FoundGap, moment: Moment, announcer: Announcer): void {
    const known = withGap(this.#gaps, found, moment.nowMs)
    if (known === null) return
    this.#take(known.gaps)
    if (known.isNew) this.#tell(known.gap, 'firing', moment, announcer)
  }

  acknowledge(
    { gapId, author, comment, atMs }: GapAcknowledgementEntry,
    moment: Moment,
    announcer: Announcer,
  ): void {
    const known = withAcknowledged(this.#gaps, gapId, { author, comment, atMs })
    if (known === null) return
    this.#take(known.gaps)
    this.#tell(known.gap, 'resolved', moment, announcer)
  }

  write(changes: ChangeSet): void {
    if (this.#changed) changes.put(gapsKey, encodeGaps(this.#gaps))
    this.#changed = false
  }

  #take(gaps: readonly Gap[]): void {
    this.#gaps = gaps
    this.#changed = true
  }

  #tell(gap: Gap, status: AlertTransition['status'], moment: Moment, announcer: Announcer): void {
    if (gap.topic === 'log' || this.#tellsOfRaw)
      announcer.tell(transitionOf(gap, status, moment), moment)
  }
}

function transitionOf(
  gap: Gap,
  status: AlertTransition['status'],
  { nowMs }: Moment,
): AlertTransition {
  const { number, sinceMs, foundMs, from, to } = gap
  const isOver = status === 'resolved'
  return {
    ...{
      tenant: installationTenant,
      rule: rule.name,
      subject: recordsSubject(gapIdOf(gap)),
      number,
    },
    ...{
      kind: 'deadline',
      severity: rule.severity,
      slice: 'all',
      kpi: null,
      value: to - from,
      limit: 0,
      unit: 'count',
      labels: rule.labels,
    },
    ...{ status, sinceMs, startedMs: foundMs, late: false, detectedMs: nowMs },
    endedMs: isOver ? nowMs : null,
    end: isOver ? 'over' : null,
  }
}
