import { decodeConfigVersions, encodeConfigVersions } from '@deskpulse/contract'
import {
  calendarOf,
  configAt,
  configKey,
  defaultVersion,
  openKey,
  propose,
  rulesKey,
  sliceIndex,
  sliceDaysKey,
  slicesKey,
  type CanonicalEvent,
  type Calendar,
  type ConfigVersion,
  type Dimension,
  type EpochMs,
  type Fact,
  type FactDimensions,
  type OpenInterval,
  type OpenKind,
  type Proposal,
  type ProposalOutcome,
  type SliceIndex,
  type TenantConfig,
} from '@deskpulse/core'
import { Sources } from '../alerts/sources.ts'
import { TenantRules } from '../alerts/tenant-rules.ts'
import type { ChangeSet } from './change-set.ts'
import { Identities } from './identities.ts'
import { SliceDays } from './slice-days.ts'

/** What all folds of a tenant share: its configuration versions, its alert rules, its numbered slices; and what it last heard of its sources. */
export class Tenant {
  readonly name: string
  #versions: readonly ConfigVersion[]
  #configChanged = false
  readonly slices: SliceIndex
  readonly rules: TenantRules
  readonly sources: Sources
  readonly identities: Identities
  readonly sliceDays: SliceDays
  readonly #openKeys: Map<OpenKind, string>[] = []

  /** `stored`: parallel to `Tenant.keys`. */
  constructor(
    name: string,
    [config = null, slices = null, rules = null, sources = null, days = null, ...identities]: readonly (Uint8Array | null)[],
  ) {
    this.name = name
    this.#versions = config === null ? [] : decodeConfigVersions(config)
    this.slices = sliceIndex(slices)
    this.rules = new TenantRules(rules)
    this.sources = new Sources(this, sources)
    this.identities = new Identities(name, identities)
    this.sliceDays = new SliceDays(name, days)
  }

  static keys(
    name: string,
  ): readonly [config: string, slices: string, rules: string, sources: string, days: string, ...identities: readonly string[]] {
    return [configKey(name), slicesKey(name), rulesKey(name), Sources.key(name), sliceDaysKey(name), ...Identities.keys(name)]
  }

  /** The tenant's first entry is no configuration: the default is in force from the beginning. */
  useDefault(): void {
    if (this.#versions.length > 0) return
    this.#versions = [defaultVersion]
    this.#configChanged = true
  }

  propose(proposal: Proposal, logTimeMs: EpochMs): ProposalOutcome {
    const outcome = propose(this.#versions, proposal, logTimeMs)
    if (outcome.kind === 'taken') {
      this.#versions = outcome.versions
      this.#configChanged = true
    }
    return outcome
  }

  readonly configAt = (atMs: number): TenantConfig => configAt(this.#versions, atMs)

  calendarAt(atMs: EpochMs): Calendar {
    return calendarOf(this.configAt(atMs).timeZone)
  }

  slicesOfFact(fact: Fact): readonly number[] {
    return this.slices.idsOf(fact.dimensions, fact.scope, this.configAt(fact.atMs))
  }

  /** An interval is in the slices that were kept when it began: its end must find the same ones. */
  slicesOf(interval: OpenInterval): readonly number[] {
    return this.slices.idsOf(interval.dimensions, 'both', this.configAt(interval.sinceMs))
  }

  /**
   * Counts the dimension values that an event itself names, in log order, so that what is past the hard limit does not depend on batches.
   * @returns the dimension that is full, or `null`.
   */
  admit({ timeMs, data }: CanonicalEvent): Dimension | null {
    const { queue, agentId: agent, channel, topic, priority, skill, shop, intent } = data
    const named: FactDimensions = { queue, agent, channel, topic, priority, skill, shop, intent }
    const config = this.configAt(timeMs)
    const full = this.slices.overLimit(named, config)
    if (full === null) this.slices.idsOf(named, 'both', config)
    return full
  }

  /** Kept, as every interval of every slice asks for them. */
  openKeyOf(slice: number, kind: OpenKind): string {
    const keys = (this.#openKeys[slice] ??= new Map())
    let key = keys.get(kind)
    if (key === undefined) keys.set(kind, (key = openKey(this.name, slice, kind)))
    return key
  }

  write(changes: ChangeSet): void {
    const [configName, slicesName, rulesName] = Tenant.keys(this.name)
    if (this.#configChanged) changes.put(configName, encodeConfigVersions(this.#versions))
    if (this.slices.grew()) changes.put(slicesName, this.slices.encode())
    const rules = this.rules.takeChange()
    if (rules !== null) changes.put(rulesName, rules)
    this.sources.write(changes)
    this.identities.write(changes)
    this.sliceDays.write(changes)
    this.#configChanged = false
  }
}
