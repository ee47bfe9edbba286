import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseRuleSlice, type WindowedRule } from '@deskpulse/core/alerts'
import { configAt, historyOf, localTimeOf } from '@deskpulse/core/config'
import {
  catalogueOf,
  type Kpi,
  parseWindow,
  type SliceQuestion,
  wholeSlice,
} from '@deskpulse/core/kpis'
import { decodeRunning, parseSlice, partText } from '@deskpulse/core/measures'
import { runningKey } from '@deskpulse/core/state'
import { bucketStart, type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { StateStore } from '@deskpulse/stream'
import { type AggregatedReads, aggregatedReads, isSameRecord } from '../aggregated.ts'
import { type DryRunAlert, dryRunOf, type DryRun, type DryRunNote } from './result.ts'
import { configNow, type TenantMoment } from './tenant.ts'
import {
  firstTickMs,
  type Held,
  historyNeeds,
  type HistoryNeeds,
  historyTicks,
  placeOf,
  tickTimes,
} from './window-history.ts'
import { windowRun } from './window-run.ts'

export type WindowedDryRun = {
  /** Its KPI exists and is not of the moment; its slice and window can be read. */
  readonly rule: WindowedRule
  readonly moment: TenantMoment
  readonly store: Pick<StateStore, 'read'>
  /** What is kept, and lies in here. */
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
  readonly slicesMax: number
  readonly now: () => number
  readonly until: number
}

/** How many records one read asks for. */
const keysPerReadMax = 5_000

/** What the rule would have done on each slice that it looks at, minute by minute over what is kept. Each slice is read at one moment. */
export async function dryRunWindowed(options: WindowedDryRun): Promise<DryRun> {
  const { rule, moment, slicesMax } = options
  const config = configNow(moment)
  const window = parseWindow(rule.window)
  const kpi = catalogueOf(config).byId(rule.kpi)
  if (window === null || kpi === undefined)
    throw new RangeError(`rule ${rule.name} cannot be evaluated`)
  const toMs = Math.min(moment.logTimeMs, options.toMs) as EpochMs
  const fromMs = firstFrom(
    firstTickMs(window, moment.logTimeMs, localTimeOf(moment.versions)),
    options.fromMs,
  )
  const notes = new Set<DryRunNote>([window === 'today' ? 'quarter-hours' : 'minutes-kept'])
  if (moment.versions.some((version) => version.fromMs > fromMs && version.fromMs <= toMs))
    notes.add('config-of-now')
  if (fromMs > toMs)
    return dryRunOf([], { fromMs: toMs, toMs, entries: null }, notes.add('nothing-read'))

  const slices = slicesOf(rule, moment)
  if (slices.length > slicesMax) notes.add('slices-left-out')
  const needsOf = (question: SliceQuestion): HistoryNeeds =>
    historyNeeds(question, window, fromMs, toMs)
  let { running } = moment
  const ask = (text: string): Asked => askedOf(text, { ...moment, running }, kpi, needsOf)
  const reads = aggregatedReads(options.store, moment.partition)
  const alerts: DryRunAlert[] = []
  for (const planned of grouped(slices.values().take(slicesMax).map(ask))) {
    if (options.now() >= options.until) {
      notes.add('stopped-at-time').add('slices-left-out')
      break
    }
    let group = planned
    let held = await read(reads, moment.tenant, group)
    while (!isSameRecord(running, held.running)) {
      running = held.running
      group = group.map(({ slice }) => ask(slice))
      held = await read(reads, moment.tenant, group)
    }
    for (const { question, slice } of group) {
      const ticks = historyTicks(rule, kpi, window, question, held, tickTimes(fromMs, toMs))
      alerts.push(...windowRun(rule, slice, ticks, config.timeZone))
      await nextTurn() // A slice takes tens of milliseconds; requests get a turn in between.
    }
  }
  return dryRunOf(alerts, { fromMs, toMs, entries: null }, notes)
}

/** Not before what is kept, at the end of a minute. */
function firstFrom(keptMs: EpochMs, askedMs: EpochMs): EpochMs {
  return Math.max(keptMs, bucketStart(askedMs, minuteMs) + minuteMs - 1) as EpochMs
}

/** Canonical texts: one slice, or all of a dimension that were ever counted. */
function slicesOf({ name, slice }: WindowedRule, { slices }: TenantMoment): readonly string[] {
  const asked = parseRuleSlice(slice)
  if (asked === null) throw new RangeError(`rule ${name} has no slice`)
  if (asked.kind === 'one') return [asked.text]
  return [...slices.valuesSeen(asked.dimension)]
    .map((value) => partText(asked.dimension, value))
    .sort()
}

type Asked = {
  readonly slice: string
  readonly question: SliceQuestion
  readonly needs: HistoryNeeds
}

function askedOf(
  text: string,
  { tenant, slices, running, ...moment }: TenantMoment,
  kpi: Kpi,
  needsOf: (question: SliceQuestion) => HistoryNeeds,
): Asked {
  const parsed = parseSlice(text)
  if (!parsed.ok) throw new RangeError(`no slice: ${text}`)
  const config = configAt(moment.versions, moment.logTimeMs)
  const question = {
    tenant,
    slice: parsed.slice,
    sources: wholeSlice(slices.idOf(text)),
    config,
    history: historyOf(moment.versions),
    kpis: [kpi],
    running: decodeRunning(running),
  }
  return { slice: text, question, needs: needsOf(question) }
}

/** As many slices as one read brings. */
function* grouped(all: Iterable<Asked>): Generator<readonly Asked[]> {
  let group: Asked[] = []
  let keys = 0
  for (const one of all) {
    if (group.length > 0 && keys + one.needs.keys.length > keysPerReadMax) {
      yield group
      group = []
      keys = 0
    }
    group.push(one)
    keys += one.needs.keys.length
  }
  if (group.length > 0) yield group
}

/** `running`: the record `running:<tenant>` of that moment. */
async function read(
  reads: AggregatedReads,
  tenant: string,
  group: readonly Asked[],
): Promise<Held & { readonly running: Uint8Array | null }> {
  const keys = group.flatMap(({ needs }) => needs.keys)
  const open = group.flatMap(({ needs }) => needs.open)
  const answer = await reads({ keys: [...keys, runningKey(tenant)], open })
  const values = new Map<string, Uint8Array>()
  for (const [index, key] of keys.entries()) {
    const bytes = answer.values[index] ?? null
    if (bytes !== null) values.set(key, bytes)
  }
  const opened = open.map((question, index) => [placeOf(question), answer.open[index]!] as const)
  return {
    values,
    open: new Map(opened),
    asOfMs: answer.logTimeMs,
    running: answer.values[keys.length] ?? null,
  }
}
