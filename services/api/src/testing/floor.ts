import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeConfigVersions } from '@deskpulse/contract'
import {
  type ClosedRecord,
  encodeClosed,
  encodeClosedTo,
  encodeIssuedHead,
  type Issue,
} from '@deskpulse/core/closed'
import { beginningOfTimeMs, defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import {
  addCount,
  addDuration,
  addMoney,
  emptyRecord,
  encodeRecord,
  type LimitedDimension,
  type Measure,
  type MeasureRecord,
  sliceIndex,
} from '@deskpulse/core/measures'
import {
  type AppealRow,
  backlogKey,
  backlogMembersKey,
  closedKey,
  closedToKey,
  configKey,
  encodeOpen,
  encodeMember,
  encodeTally,
  foldVersion,
  isWaitingRow,
  issuedKey,
  measureKey,
  openField,
  openKey,
  type OpenKind,
  type OpenRow,
  type PlacedInterval,
  type RosterEntry,
  type RosterRow,
  type Resolution,
  sliceDaysKey,
  slicesKey,
  tenantsKey,
} from '@deskpulse/core/state'
import {
  bucketStart,
  calendarOf,
  type EpochMs,
  hourMs,
  minuteMs,
  slotMs,
} from '@deskpulse/core/time'
import {
  embeddedStateStore,
  type Offset,
  type FieldChange,
  type PartitionId,
  type Put,
  type StateStore,
} from '@deskpulse/stream'

/** What is put there: customers who wait follow from it. */
export type FloorKind = Exclude<OpenKind, 'reply.customers' | 'roster' | 'appeal'>

/** One tenant of one partition, written by hand the way an aggregator would. Facts and intervals name their slices. */
export type Floor = {
  readonly store: StateStore
  nowMs(): EpochMs
  /** Time passes; nothing is committed. */
  wait(ms: number): void
  count(measure: Measure, slices: readonly string[], n?: number, atMs?: number): void
  /** In minor units. */
  money(measure: Measure, slices: readonly string[], currency: string, amountMinor: number): void
  /** `times`: −1 takes it back. */
  duration(
    measure: Measure,
    slices: readonly string[],
    ms: number,
    atMs?: number,
    times?: number,
  ): void
  /** What begins, or is over (`null`). A kind `….due` says when the wait is due. Of a backlog the contact counts, in calendar time; `limitMs`: of its resolution. */
  open(
    kind: FloorKind,
    slices: readonly string[],
    row: OpenRow,
    sinceMs: number | null,
    limitMs?: number,
  ): void
  /** What stands of an agent over time. */
  roster(agentId: string, entries: readonly RosterEntry[]): void
  appeal(row: AppealRow): void
  /** Events name these values, in this order: those past the configured limit count as `other`. */
  name(dimension: LimitedDimension, values: readonly string[]): void
  /** Another configuration, in force from the beginning. */
  configure(changed: Partial<TenantConfig>): void
  /** Periods that end until then are closed; the tenant began so long before. */
  closeTo(toMs: number, beganMs?: number): void
  /** What is counted in this slice and period is issued. @returns the record. */
  issue(slice: string, period: Pick<Issue, 'kind' | 'startMs'>, issue: Issued): ClosedRecord
  /** A record as it stands; `null`: it is removed. */
  put(key: string, bytes: Uint8Array | null): void
  /** Everything counted in these slices is taken back. */
  forget(slices: readonly string[]): void
  /** Everything since the last one, at the log time of now; the watermark is `behindMs` behind it. */
  commit(behindMs?: number): Promise<void>
  close(): Promise<void>
}

/** What is issued: a revision that supersedes the one before. */
export type Issued = Partial<Pick<ClosedRecord, 'revision' | 'cause'>> & {
  readonly closedAtMs: number
  readonly counts: readonly (readonly [measure: Measure, count: number])[]
}

export type FloorOptions = {
  readonly tenant?: string
  readonly config?: Partial<TenantConfig>
  readonly startMs?: number
  /** The clock of the machine. */ readonly real?: boolean
}

export async function openFloor(options: FloorOptions = {}): Promise<Floor> {
  const { tenant = 'acme', startMs = Date.parse('2026-03-02T10:07:27.017Z') } = options
  const config: TenantConfig = { ...defaultTenantConfig, ...options.config }
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-api-'))
  const store = await embeddedStateStore({ file: join(folder, 'state.db') })
  const partition = 0 as PartitionId
  const { epoch } = await store.acquire(partition)
  const slices = sliceIndex(null)
  slices.configure(config)
  const records = new Map<string, MeasureRecord>()
  const touched = new Set<string>()
  const fixed: Put[] = firstPuts(tenant, config)
  const goingOn = openFields(tenant)
  const issued = new Map<string, ClosedRecord>()
  const issues: Issue[] = []
  let writtenDays = ''
  let nowMs = startMs
  let offset = 0
  const now = (): EpochMs => (options.real === true ? Date.now() : nowMs) as EpochMs

  function recordsAt(texts: readonly string[], atMs: EpochMs): MeasureRecord[] {
    const starts = bucketsAt(atMs, config.timeZone)
    const keyOf = (text: string, [resolution, bucketMs]: [Resolution, EpochMs]): string =>
      measureKey(tenant, slices.intern(text), resolution, bucketMs)
    return texts.flatMap((text) =>
      starts.map((start) => touchRecord(keyOf(text, start), records, touched)),
    )
  }

  return {
    store,
    nowMs: now,
    wait: (ms) => void (nowMs += ms),
    count: (measure, texts, n = 1, atMs = now()) =>
      recordsAt(texts, atMs as EpochMs).forEach((record) => addCount(record, measure, n)),
    money: (measure, texts, code, minor) =>
      recordsAt(texts, now()).forEach((record) => addMoney(record, measure, code, minor)),
    duration: (measure, texts, ms, atMs = now(), times = 1) =>
      recordsAt(texts, atMs as EpochMs).forEach((record) =>
        addDuration(record, measure, ms, times),
      ),
    open(kind, texts, row, sinceMs, limitMs) {
      const numbers = texts.map((text) => slices.intern(text))
      if (isOfBacklog(kind)) goingOn.count(numbers, row, sinceMs, limitMs)
      else goingOn.set(kind, numbers, row, sinceMs)
    },
    roster: (rosterOf, entries) => goingOn.stand({ rosterOf, entries }),
    appeal: goingOn.stand,
    name: (dimension, values) => void values.map((value) => slices.admit(dimension, value)),
    configure(changed) {
      const next = { ...config, ...changed }
      slices.configure(next)
      fixed.push(configPut(tenant, next))
    },
    put: (key, bytes) => void fixed.push({ key, bytes }),
    closeTo(toMs, beganMs = 0) {
      const [at, began] = [toMs as EpochMs, beganMs as EpochMs]
      const closedTo = { beganMs: began, toMs: at, graceMs: 60_000, fcrWindowMs: 72 * hourMs }
      fixed.push({ key: closedToKey(tenant), bytes: encodeClosedTo(closedTo) })
    },
    issue(slice, { kind, startMs: beginMs }, { revision = 1, cause = 'closed', ...issue }) {
      const record = closedRecordOf({ revision, cause, ...issue })
      const number = slices.intern(slice)
      const key = (of?: number): string => closedKey(tenant, number, kind, beginMs, of)
      const before = issued.get(key())
      if (before !== undefined)
        fixed.push({ key: key(before.revision), bytes: encodeClosed(before) })
      fixed.push({ key: key(), bytes: encodeClosed(record) })
      issued.set(key(), record)
      const { closedAtMs } = record
      issues.push({ closedAtMs, kind, startMs: beginMs, slice: number, revision })
      const head = encodeIssuedHead({ total: issues.length, filling: issues })
      fixed.push({ key: issuedKey(tenant), bytes: head })
      return record
    },
    forget(texts) {
      for (const text of texts) forgetSlice(`#${slices.intern(text)}`, records, touched)
    },
    async commit(behindMs = 2_000) {
      const logTimeMs = now()
      const puts = [
        ...fixed.splice(0),
        ...[...touched].map((key) => ({ key, bytes: encodeRecord(records.get(key)!) })),
      ]
      if (slices.changed()) puts.push({ key: slicesKey(tenant), bytes: slices.encode() })
      const days = dayCounts(tenant, slices.texts().length, records)
      if (days !== writtenDays)
        puts.push({ key: sliceDaysKey(tenant), bytes: Buffer.from((writtenDays = days)) })
      const outcome = await store.commit(partition, {
        ...{ epoch, fromOffset: offset as Offset, toOffset: ++offset as Offset },
        ...{ logTimeMs, watermarkMs: (logTimeMs - behindMs) as EpochMs },
        ...{ puts, fields: goingOn.changes(), appends: [], wakes: [], out: [] },
      })
      if (outcome.kind !== 'committed') throw new Error(`not committed: ${outcome.kind}`)
      touched.clear()
    },
    async close() {
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

function closedRecordOf({
  closedAtMs,
  counts,
  ...issue
}: Issued & Pick<ClosedRecord, 'revision' | 'cause'>): ClosedRecord {
  const measures = emptyRecord()
  for (const [measure, count] of counts) addCount(measures, measure, count)
  return {
    ...{ ...issue, closedAtMs: closedAtMs as EpochMs, offset: 7, foldVersion },
    ...{ configurations: ['v1'], measures: [encodeRecord(measures).slice()] },
  }
}

type OfBacklog = 'backlog' | 'backlog.member' | 'backlog.overdue'
const isOfBacklog = (kind: OpenKind): kind is OfBacklog => kind.startsWith('backlog')

/** What goes on with each subject, and the backlog of each slice. */
function openFields(tenant: string) {
  const subjects = new Map<
    string,
    { row: OpenRow; readonly intervals: Map<PlacedInterval['kind'], PlacedInterval> }
  >()
  /** By slice. */
  const backlog = new Map<number, Set<string>>()
  const changed = new Map<string, FieldChange>()

  function changedField(key: string, field: string, bytes: Uint8Array | null): void {
    changed.set(`${key} ${field}`, { key, field, bytes })
  }

  return {
    count(
      slices: readonly number[],
      row: OpenRow,
      sinceMs: number | null,
      limitMs: number | null = null,
    ): void {
      for (const slice of slices) {
        const contacts = backlog.getOrInsertComputed(slice, () => new Set())
        if (sinceMs !== null) contacts.add(openField(row))
        else contacts.delete(openField(row))
        changedField(
          backlogKey(tenant),
          String(slice),
          contacts.size === 0 ? null : encodeTally(contacts.size),
        )
      }
      if (!isWaitingRow(row)) return
      const place = { slices, clock: 'calendar', queue: row.queue ?? null } as const
      const limit = { limitMs, dueAfterMs: limitMs }
      changedField(
        backlogMembersKey(tenant),
        row.contactId,
        sinceMs === null ? null : encodeMember({ sinceMs: sinceMs as EpochMs, ...limit, ...place }),
      )
    },
    set(
      kind: Exclude<FloorKind, OfBacklog>,
      slices: readonly number[],
      row: OpenRow,
      sinceMs: number | null,
    ): void {
      const field = openField(row)
      const subject = subjects.getOrInsertComputed(field, () => ({ row, intervals: new Map() }))
      if (isDue(kind)) {
        if (isWaitingRow(subject.row))
          subject.row = { ...subject.row, dueAtMs: (sinceMs ?? never) as EpochMs }
      } else if (sinceMs === null) subject.intervals.delete(kind)
      else {
        subject.row = row
        subject.intervals.set(kind, { kind, sinceMs: sinceMs as EpochMs, slices })
      }
      const intervals = [...subject.intervals.values()]
      changedField(
        openKey(tenant),
        field,
        intervals.length === 0 ? null : encodeOpen({ row: subject.row, intervals }),
      )
    },
    /** What has no intervals. */
    stand(row: RosterRow | AppealRow): void {
      changedField(openKey(tenant), openField(row), encodeOpen({ row, intervals: [] }))
    },
    changes(): FieldChange[] {
      const changes = [...changed.values()]
      changed.clear()
      return changes
    },
  }
}

const never = 4_000_000_000_000
const isDue = (kind: FloorKind): kind is Extract<FloorKind, `${string}.due`> =>
  kind.endsWith('.due')

/** How many day records each slice has, as an aggregator writes it. */
function dayCounts(
  tenant: string,
  slices: number,
  records: ReadonlyMap<string, MeasureRecord>,
): string {
  const keys = [...records.keys()]
  const countOf = (slice: number): number =>
    keys.filter((key) => key.startsWith(`m:${tenant}:day:`) && key.endsWith(`#${slice}`)).length
  return JSON.stringify(Array.from({ length: slices }, (_, slice) => countOf(slice)))
}

function touchRecord(
  key: string,
  records: Map<string, MeasureRecord>,
  touched: Set<string>,
): MeasureRecord {
  const record = records.get(key) ?? emptyRecord()
  records.set(key, record)
  touched.add(key)
  return record
}

function forgetSlice(
  suffix: string,
  records: Map<string, MeasureRecord>,
  touched: Set<string>,
): void {
  for (const key of [...records.keys()]) {
    if (!key.endsWith(suffix)) continue
    records.delete(key)
    touched.delete(key)
  }
}

/** What a tenant has from the start. */
function firstPuts(tenant: string, config: TenantConfig): Put[] {
  return [
    { key: tenantsKey, bytes: Buffer.from(JSON.stringify([tenant])) },
    configPut(tenant, config),
  ]
}

function configPut(tenant: string, config: TenantConfig): Put {
  return {
    key: configKey(tenant),
    bytes: encodeConfigVersions([
      { id: 'v1', takenMs: beginningOfTimeMs, fromMs: beginningOfTimeMs, config },
    ]),
  }
}

function bucketsAt(atMs: EpochMs, timeZone: string): [Resolution, EpochMs][] {
  return [
    ['minute', bucketStart(atMs, minuteMs)],
    ['slot', bucketStart(atMs, slotMs)],
    ['day', calendarOf(timeZone).dayStart(atMs)],
  ]
}
