import { decodeConfigVersions, encodeConfigVersions, EntryUnreadable } from '@deskpulse/contract'
import {
  configAt,
  localTimeOf,
  type ConfigVersion,
  defaultVersion,
  haveSameHours,
  type Proposal,
  type ProposalOutcome,
  propose,
  type TenantConfig,
} from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import {
  type DimensionValues,
  type LimitedDimension,
  limitedDimensions,
  type SliceIndex,
  sliceIndex,
} from '@deskpulse/core/measures'
import { configKey, rulesKey, sliceDaysKey, slicesKey, subjectDaysKey } from '@deskpulse/core/state'
import { dayStartAt, type EpochMs, type Interval, type LocalTime } from '@deskpulse/core/time'
import { DeskpulseError } from '@deskpulse/stream'
import { Dimensions } from '../alerts/dimensions.ts'
import { Sources } from '../alerts/sources.ts'
import { TenantRules } from '../alerts/tenant-rules.ts'
import { Backlog } from './backlog.ts'
import type { ChangeSet } from './change-set.ts'
import { Identities } from './identities.ts'
import { SliceDays } from './slice-days.ts'
import { SubjectDays } from './subject-days.ts'
import { TenantMinutes } from './tenant-minutes.ts'
import { WrittenBuckets } from './written-buckets.ts'

/** A value that came past its dimension's limit. */
export type PastValue = { readonly dimension: LimitedDimension; readonly value: string }

/** `past`: values that are the first to count as `other`. `isFuller`: a dimension has one value more. */
type Admitted = { readonly past: readonly PastValue[]; readonly isFuller: boolean }

/**
 * What all folds of a tenant share: its configuration versions, its alert rules, its numbered slices; what it last heard of its sources, and which of its
 * dimensions are nearly full.
 */
export class Tenant {
  readonly name: string
  #versions: readonly ConfigVersion[]
  #changes: readonly ConfigVersion[]
  #configChanged = false
  readonly slices: SliceIndex
  readonly rules: TenantRules
  readonly sources: Sources
  readonly dimensions: Dimensions
  readonly identities: Identities
  readonly sliceDays: SliceDays
  readonly subjectDays: SubjectDays
  readonly minutes: TenantMinutes
  readonly written: WrittenBuckets
  readonly backlog: Backlog

  /**
   * `stored`: parallel to `Tenant.keys`. `backlog`: the hash of `backlogKey`. `configured`: what this process' file says of the tenant; where nothing is stored yet, so that a state that is
   * made again from the log begins under the limit of today.
   */
  constructor(
    name: string,
    [
      config = null,
      slices = null,
      rules = null,
      sources = null,
      dimensions = null,
      days = null,
      running = null,
      rolledTo = null,
      subjectDays = null,
      ...identities
    ]: readonly (Uint8Array | null)[],
    backlog: ReadonlyMap<string, Uint8Array> = new Map(),
    configured?: TenantConfig,
  ) {
    this.name = name
    this.#versions = config === null ? [] : storedVersions(name, config)
    this.#changes = this.#versions.slice(1)
    this.slices = sliceIndex(slices)
    if (slices === null && config === null && configured !== undefined)
      this.slices.configure(configured)
    this.rules = new TenantRules(rules)
    this.sources = new Sources(this, sources)
    this.dimensions = new Dimensions(this, dimensions)
    this.identities = new Identities(name, identities)
    this.sliceDays = new SliceDays(name, days)
    this.subjectDays = new SubjectDays(name, subjectDays)
    this.minutes = new TenantMinutes(name, [running, rolledTo])
    this.written = new WrittenBuckets(name)
    this.backlog = new Backlog(this, backlog)
  }

  static keys(name: string): readonly string[] {
    const watched = [Sources.key(name), Dimensions.key(name)]
    return [
      configKey(name),
      slicesKey(name),
      rulesKey(name),
      ...watched,
      sliceDaysKey(name),
      ...TenantMinutes.keys(name),
      subjectDaysKey(name),
      ...Identities.keys(name),
    ]
  }

  /** Whether any configuration was met: without one it has counted nothing. */
  get isConfigured(): boolean {
    return this.#versions.length > 0
  }

  /** The tenant's first entry is no configuration: the default is in force from the beginning. */
  useDefault(): void {
    if (this.#versions.length > 0) return
    this.#versions = [defaultVersion]
    this.slices.configure(defaultVersion.config)
    this.#configChanged = true
  }

  propose(proposal: Proposal, logTimeMs: EpochMs): ProposalOutcome {
    const outcome = propose(this.#versions, proposal, logTimeMs)
    if (outcome.kind === 'taken') {
      this.#versions = outcome.versions
      this.#changes = outcome.versions.slice(1)
      this.slices.configure(proposal.config)
      this.#configChanged = true
    }
    return outcome
  }

  readonly configAt = (atMs: number): TenantConfig => configAt(this.#versions, atMs)

  /** The versions after the first one. */
  readonly configChanges = (): readonly ConfigVersion[] => this.#changes

  /** By what its periods are reckoned. */
  get localTime(): LocalTime {
    return localTimeOf(this.#versions)
  }

  /** By the newest version other hours are open than by the one before. */
  get hasNewHours(): boolean {
    const [before, newest] = this.#versions.slice(-2)
    return (
      before !== undefined && newest !== undefined && !haveSameHours(before.config, newest.config)
    )
  }

  get newestConfig(): TenantConfig {
    return this.#versions.at(-1)?.config ?? defaultVersion.config
  }

  /** Ids of the versions that are in force in an interval, oldest first. */
  configurationsIn({ startMs, endMs }: Interval): string[] {
    return this.#versions.flatMap(({ id, fromMs }, place) => {
      const untilMs = this.#versions[place + 1]?.fromMs ?? Infinity
      return fromMs < endMs && untilMs > Math.max(startMs, fromMs) ? [id] : []
    })
  }

  /** Where the day record begins that an instant is in. A slot is of one day: both begin at a quarter-hour. */
  dayStart(atMs: EpochMs): EpochMs {
    return dayStartAt(this.localTime, atMs)
  }

  /** What goes on is in the slices that were kept when it began: its end must find the same ones. */
  slicesAt(sinceMs: EpochMs, dimensions: DimensionValues): readonly number[] {
    return this.slices.idsOf(dimensions, 'both', this.configAt(sinceMs))
  }

  /** Decides where the values count that an event itself names, in log order, so that it does not depend on batches. */
  admit({ data, type }: CanonicalEvent): Admitted {
    const { queue, agentId: agent } = data
    const named = {
      queue,
      agent,
      channel: type === 'agent.state_changed' ? undefined : data.channel,
    } // An agent's state is of any channel.
    let isFuller = false
    const past: PastValue[] = []
    for (const dimension of limitedDimensions) {
      const value = named[dimension]
      if (value === undefined || value === '') continue
      const placed = this.slices.admit(dimension, value)
      if (placed === 'first-other') past.push({ dimension, value })
      isFuller ||= placed === 'new' || placed === 'first-other'
    }
    return { past, isFuller }
  }

  write(changes: ChangeSet, logTimeMs: EpochMs): void {
    if (this.#configChanged) changes.put(configKey(this.name), encodeConfigVersions(this.#versions))
    if (this.slices.changed()) changes.put(slicesKey(this.name), this.slices.encode())
    const rules = this.rules.takeChange()
    if (rules !== null) changes.put(rulesKey(this.name), rules)
    this.sources.write(changes)
    this.dimensions.write(changes)
    this.identities.write(changes)
    this.minutes.write(changes, logTimeMs)
    for (const hash of this.written.takePassed(logTimeMs, (startMs) => this.minutes.has(startMs)))
      changes.expire(hash, 0)
    this.sliceDays.write(changes, (slice) => this.minutes.holds(slice))
    this.subjectDays.write(changes, logTimeMs)
    this.backlog.write(changes)
    this.#configChanged = false
  }
}

/** @throws DeskpulseError STORE_FOLD_VERSION: a later version, which knows more keys, wrote them. */
function storedVersions(tenant: string, stored: Uint8Array): ConfigVersion[] {
  try {
    return decodeConfigVersions(stored)
  } catch (error) {
    if (!(error instanceof EntryUnreadable)) throw error
    throw new DeskpulseError(
      'STORE_FOLD_VERSION',
      `the stored configuration of tenant ${tenant} is not of this version (${error.message}): go on with the version that wrote it, or make the state again from the log with deskpulse rebuild (docs/operations.md#rebuilding-the-state)`,
    )
  }
}
