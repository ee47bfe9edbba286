import {
  decodeAlertRecord,
  encodeConfigVersions,
  encodeRuleVersions,
  entryKinds,
} from '@deskpulse/contract'
import type { AgentRule, AlertTransition, ContactRule, SourceRule } from '@deskpulse/core/alerts'
import type { ConfigVersion } from '@deskpulse/core/config'
import { configKey, rulesKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { MemoryStore, OwnRecords, replayTopics, TenantReplay } from '@deskpulse/engine'
import type { OutboxEntry } from '@deskpulse/stream'
import { Openings } from './openings.ts'
import type { DryRunAlert } from './result.ts'

export type FoldedRule = ContactRule | AgentRule | SourceRule

/** A deadline rule over the log, decided by the folds themselves, which know no other rule. */
export type DeadlineRun = {
  /** The tenant's events, out of all that the log has. */
  readonly own: OwnRecords
  readonly replay: TenantReplay
  /** Time passes up to `toMs`, and the run is over. `leftOut`: alerts of subjects of which too little was read. */
  finish(
    toMs: EpochMs,
  ): Promise<{ readonly alerts: readonly DryRunAlert[]; readonly leftOut: number }>
}

/** What the rule says of `enabled` does not matter. `versions`: the tenant's configuration, those that came later than what is read as well. */
export function deadlineRun(
  rule: FoldedRule,
  tenant: string,
  versions: readonly ConfigVersion[],
): DeadlineRun {
  const openings = new Openings()
  const found = new FoundAlerts()
  const own = new OwnRecords(tenant, (entry) => {
    if (entry.kind !== entryKinds.event) return false
    if (rule.subject === 'contact') openings.read(entry)
    return true
  })
  const replay = new TenantReplay({
    store: storeWith(tenant, rule, versions),
    isStepwise: rule.subject === 'agent',
    contactsOnly: rule.subject === 'contact',
    told: (entries) => found.take(entries),
  })
  const isBelieved = ({ contactId }: AlertTransition): boolean =>
    contactId === undefined || openings.isKnown(contactId)

  return {
    own,
    replay,
    async finish(toMs) {
      await replay.passTo(toMs)
      const alerts = found.all(isBelieved).map((alert) => upTo(replay.nowMs, alert))
      return { alerts, leftOut: found.count - alerts.length }
    },
  }
}

function storeWith(
  tenant: string,
  asked: FoldedRule,
  versions: readonly ConfigVersion[],
): MemoryStore {
  const rule = { ...asked, enabled: true, ...('warnAt' in asked && { warnAt: null }) }
  const origin = { id: 'dry-run', fromMs: 0, origin: 'api', author: null } as const
  const store = new MemoryStore()
  store.records.set(configKey(tenant), encodeConfigVersions(versions.map(withoutSlices)))
  store.records.set(rulesKey(tenant), encodeRuleVersions([{ ...origin, base: [], own: [rule] }]))
  return store
}

/** Nobody reads what is counted. */
const withoutSlices = ({ config, ...version }: ConfigVersion): ConfigVersion => ({
  ...version,
  config: { ...config, slices: { ...config.slices, dimensions: [], pairs: [] } },
})

type Found = { readonly slice: string; readonly foundMs: EpochMs; readonly last: AlertTransition }

/** Alerts as the folds told of them. */
class FoundAlerts {
  readonly #alerts = new Map<string, Found>()

  get count(): number {
    return this.#alerts.size
  }

  take(entries: readonly OutboxEntry[]): void {
    for (const { topic, bytes } of entries) {
      const record = topic === replayTopics.alerts ? decodeAlertRecord(bytes) : null
      if (record?.kind === 'transition') this.#takeOne(record.transition)
    }
  }

  all(isBelieved: (transition: AlertTransition) => boolean): DryRunAlert[] {
    return [...this.#alerts.values()]
      .filter(({ last }) => isBelieved(last))
      .map(({ slice, last: { subject, sinceMs, startedMs, endedMs, end, value, late } }) => ({
        ...{ subject, slice, sinceMs, startedMs, endedMs, end, value, late },
      }))
  }

  #takeOne(last: AlertTransition): void {
    const { subject, number, end, detectedMs } = last
    const key = `${subject}\n${number}`
    const began = this.#alerts.get(key)
    if (end === 'retracted' && began?.foundMs === detectedMs)
      this.#alerts.delete(key) // Begun and taken back in one step of the log: nobody is told of that.
    else this.#alerts.set(key, { slice: last.slice, foundMs: detectedMs, ...began, last })
  }
}

/** What still fires goes on until now. */
const upTo = (nowMs: EpochMs, alert: DryRunAlert): DryRunAlert =>
  alert.endedMs === null ? { ...alert, value: nowMs - alert.sinceMs } : alert
