import { configEntry, encodeConfigEntry, entryKinds } from '@deskpulse/contract'
import { alwaysInForce, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import {
  type Asked,
  catalogueOf,
  evaluate,
  type Kpi,
  type KpiValue,
  livePlan,
  type LiveWindow,
  periodPlan,
  type ReadingPlan,
  Rosters,
  sourcesOf,
} from '@deskpulse/core/kpis'
import {
  decodeRunning,
  decodeSliceTable,
  emptySliceTable,
  parseReadSlice,
  type ReadSlice,
} from '@deskpulse/core/measures'
import {
  hashOf,
  type HeldOpen,
  heldOpen,
  type OpenAnswer,
  type OpenQuestion,
  runningKey,
  slicesKey,
} from '@deskpulse/core/state'
import type { EpochMs, Period } from '@deskpulse/core/time'
import { encodeFrame, type LogRecord, type Offset } from '@deskpulse/stream'
import { recordOf } from '../../../packages/engine/src/testing/fold-log.ts'

export const tenant = 'acme'

/** What a store holds, for reading. */
export type Stored = {
  readonly records: ReadonlyMap<string, Uint8Array>
  readonly hashes: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>
  readonly logTimeMs: EpochMs
}

/** The record that brings the tenant's first configuration. */
export function configRecord(
  config: TenantConfig,
  appendedAtMs: number,
  named = tenant,
): LogRecord {
  const bytes = encodeConfigEntry(configEntry(config, null))
  const value = encodeFrame({
    sender: 'ingest-1',
    backlogMs: 0,
    entries: [{ tenant: named, kind: entryKinds.config, bytes }],
  })
  return {
    offset: 0 as Offset,
    appendedAtMs: appendedAtMs as EpochMs,
    key: null,
    value,
    headers: {},
  }
}

/** Events appended at their instants; then nothing but time, up to `asOfMs`. */
export function logOf(
  arrivals: readonly { readonly event: CanonicalEvent; readonly atMs: number }[],
  config: TenantConfig,
  asOfMs: number,
): LogRecord[] {
  const ordered = arrivals.toSorted((a, b) => a.atMs - b.atMs)
  const records = [configRecord(config, ordered[0]?.atMs ?? asOfMs)]
  for (const { event, atMs } of ordered)
    records.push(recordOf(records.length, atMs as EpochMs, [event]))
  return [...records, recordOf(records.length, asOfMs as EpochMs, [])]
}

export function sliceOf(text: string): ReadSlice {
  const parsed = parseReadSlice(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.code}`)
  return parsed.slice
}

/** What goes on, as a reader of the store sees it. */
export function openAnswers({
  hashes,
  logTimeMs,
}: Pick<Stored, 'hashes' | 'logTimeMs'>): (question: OpenQuestion) => OpenAnswer {
  const held = new Map<string, HeldOpen>()
  const read = (key: string): HeldOpen => {
    const hash = heldOpen(key)
    for (const [field, bytes] of hashes.get(key) ?? []) hash.put(field, bytes)
    return hash
  }
  return (question) => {
    const key = hashOf(question)
    return held.getOrInsertComputed(key, () => read(key)).answer(question, logTimeMs)
  }
}

/** By entry those alone that it makes a difference for. */
function kpisBy(config: TenantConfig, { by }: Asked): readonly Kpi[] {
  const { kpis } = catalogueOf(config)
  return by === undefined
    ? kpis
    : kpis.filter(({ measures }) => measures.some(({ atEntry }) => atEntry !== undefined))
}

/** KPIs as a reader of the store sees them; without `issued` as if no period were closed. */
export function readerOf(store: Stored, config: TenantConfig, named = tenant, issued = true) {
  const table = store.records.get(slicesKey(named))
  const { texts } = table === undefined ? emptySliceTable : decodeSliceTable(table)
  const running = decodeRunning(store.records.get(runningKey(named)) ?? null)
  const asOfMs = store.logTimeMs
  const openAnswer = openAnswers(store)
  const history = alwaysInForce(config)

  const { rosters = [] } = openAnswer({ tenant: named, slice: 0, kind: 'roster', members: 0 })
  const known = new Rosters(rosters, history.localTime)
  const numbers = new Map(texts.map((text, number) => [text, number]))
  const slices = { idOf: (text: string) => numbers.get(text) }

  const question = (text: string, asked: Asked) => {
    const slice = sliceOf(text)
    return {
      tenant: named,
      slice,
      sources: sourcesOf(slice, slices, known),
      config,
      history,
      kpis: kpisBy(config, asked),
      running,
      ...asked,
    }
  }

  const answer = (plan: ReadingPlan): Map<string, KpiValue> =>
    evaluate(plan, {
      values: plan.keys.map((key) => store.records.get(key) ?? null),
      open: plan.open.map(openAnswer),
      asOfMs,
    })

  return {
    slices: texts,
    period: (slice: string, period: Period, asked: Asked = {}): Map<string, KpiValue> => {
      const plan = periodPlan(question(slice, asked), period, asOfMs)
      return answer(issued ? plan : { ...plan, issued: [] })
    },
    live: (slice: string, window: LiveWindow, asked: Asked = {}): Map<string, KpiValue> =>
      answer(livePlan(question(slice, asked), window, asOfMs)),
  }
}
