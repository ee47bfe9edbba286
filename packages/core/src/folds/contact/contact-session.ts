import type { TenantConfig } from '../../config/tenant-config.ts'
import type { ConfigHistory } from '../../config/business-time.ts'
import { sessionIdOf } from '../../subjects/session-id.ts'
import { restoreRows, storeRows, type StoredRows } from '../../subjects/row-codec.ts'
import type { Exclusion } from '../../subjects/exclusion.ts'
import { keyOfRow, type Row } from '../../subjects/row.ts'
import { equalRows, RowSet, type RowChange } from '../../subjects/row-set.ts'
import type { EpochMs } from '../../time/time.ts'
import { contactRow } from './contact-row.ts'
import type { ContactContext } from './context.ts'
import {
  contactOutputs,
  equalOutputs,
  nextOutputMs,
  type ContactOutput,
  type OutputChange,
} from './outputs.ts'
import { partRows } from './part-rows.ts'
import type { ContactState } from './state.ts'
import { surveyRows } from './surveys.ts'
import { nextTimerMs, passTimers } from './timers.ts'

/** All that a session folded to. */
export type KeptSession<State = ContactState> = {
  readonly state: State
  readonly rows: StoredRows
}

/** What a fold goes on with beside the state. */
export type FoldsWith = Pick<ContactContext, 'opening' | 'config' | 'history'>

export type SessionChange = {
  readonly rows: readonly RowChange[]
  readonly outputs: readonly OutputChange[]
}

/** What one session of a contact folds to, and what it told of that. A contact that is no thread is one session. */
export class ContactSession {
  readonly #id: string
  readonly #session: number
  #rows: RowSet
  #context: ContactContext
  #outputs: readonly ContactOutput[] = []
  /** Past its lifetime: it says nothing more. */
  #isFinal = false
  /** It is over for good, and nothing changes before then. */
  #restsUntilMs = -Infinity
  /** By appeals. */
  #excluded: readonly Exclusion[]

  constructor(
    contactId: string,
    state: ContactState,
    fold: FoldsWith,
    excluded: readonly Exclusion[],
  ) {
    this.#id = sessionIdOf(contactId, state.session)
    this.#session = state.session
    this.#excluded = excluded
    this.#rows = new RowSet([], false, excluded)
    this.#context = { ...fold, state, rows: this.#rows }
  }

  get context(): ContactContext {
    return this.#context
  }

  get session(): number {
    return this.#session
  }

  /** Goes on with what was kept: all of it was told. `outputsAsOfMs`: its outputs were told then. */
  resume(rows: StoredRows, outputsAsOfMs: EpochMs): void {
    const { state } = this.#context
    this.#rows = new RowSet(restoreRows(rows), state.discarded, this.#excluded)
    this.#context = { ...this.#context, rows: this.#rows }
    this.#outputs = contactOutputs(this.#id, state, outputsAsOfMs, this.#excluded)
  }

  /** Appeals leave this out by now. */
  exclude(excluded: readonly Exclusion[]): void {
    this.#excluded = excluded
    this.#rows.exclude(excluded)
    this.#restsUntilMs = -Infinity
  }

  /** Is folded anew: what it told and does not tell again is taken back. */
  restart(state: ContactState, rows: StoredRows | null, fold: FoldsWith): void {
    this.#rows.replaceAll(rows === null ? [] : restoreRows(rows))
    this.#context = { ...fold, state, rows: this.#rows }
    this.#restsUntilMs = -Infinity
  }

  /** As of an instant. */
  know(config: TenantConfig, history: ConfigHistory): void {
    this.#context.config = config
    this.#context.history = history
  }

  /** The timers up to `nowMs`, the log time. */
  passTimers(nowMs: EpochMs): EpochMs | null {
    return passTimers(this.#context, nowMs + 1)
  }

  /** Whether time alone changes nothing of it before `nowMs` has passed. */
  restsAt(nowMs: EpochMs): boolean {
    return nowMs < this.#restsUntilMs
  }

  /** What changed since the last call. `isOver`: for good. */
  take(nowMs: EpochMs, isOver: boolean): SessionChange {
    if (this.#isFinal) return { rows: [], outputs: [] }
    const { state } = this.#context
    this.#rows.hide(state.discarded)
    const outputs = contactOutputs(this.#id, state, nowMs, this.#excluded)
    const changed = outputDifferences(this.#outputs, outputs)
    this.#outputs = outputs
    this.#putStateRows(state, nowMs)
    if (isOver) this.#restsUntilMs = this.nextMs(nowMs) ?? Infinity
    return { rows: this.#takeRows(), outputs: changed }
  }

  /** It is no session: what it told is taken back. */
  withdraw(): SessionChange {
    this.#rows.replaceAll([])
    const outputs = outputDifferences(this.#outputs, [])
    return { rows: this.#takeRows(), outputs }
  }

  /** It is past its lifetime: what it told stands. */
  takeFinal(): OutputChange[] {
    const changes = this.#outputs.map((output): OutputChange => ({ output, how: 'final' }))
    this.#outputs = []
    this.#isFinal = true
    return changes
  }

  /** When it changes by time alone. */
  nextMs(nowMs: EpochMs): EpochMs | null {
    const { state } = this.#context
    const nextMs = Math.min(nextTimerMs(state) ?? Infinity, nextOutputMs(state, nowMs) ?? Infinity)
    return nextMs === Infinity ? null : (nextMs as EpochMs)
  }

  /** What it contributes, as of the last `take`. */
  *told(): Generator<Row> {
    for (const row of this.#rows.told) yield rowOf(this.#session, row)
  }

  /** The same of one that is over for good: known while it rests. */
  restingNextMs(nowMs: EpochMs): number {
    return this.restsAt(nowMs) ? this.#restsUntilMs : (this.nextMs(nowMs) ?? Infinity)
  }

  keep(): KeptSession {
    return { state: this.#context.state, rows: storeRows(this.#rows.rows) }
  }

  /** Those that follow from the state, and the log time. */
  #putStateRows(state: ContactState, nowMs: EpochMs): void {
    this.#putStateRow('contact', contactRow(state, nowMs))
    for (const row of partRows(state)) this.#putStateRow(keyOfRow(row), row)
    for (const row of surveyRows(state)) this.#putStateRow(keyOfRow(row), row)
  }

  #putStateRow(key: string, row: Row): void {
    const told = this.#rows.get(key)
    if (told === undefined || !equalRows(told, row)) this.#rows.put(row, key)
  }

  #takeRows(): readonly RowChange[] {
    const changes = this.#rows.takeChanges()
    if (this.#session === 1) return changes
    return changes.map(({ row, sign }) => ({ row: rowOf(this.#session, row), sign }))
  }
}

const rowOf = (session: number, row: Row): Row =>
  session === 1 ? row : ({ ...row, session } as Row)

function keyOf(output: ContactOutput): string {
  switch (output.kind) {
    case 'engagement':
      return `${output.utcDay}/${output.agentId}`
    case 'handled':
      return `handled/${output.agentId}`
    case 'session':
      return `customer/${output.customerId}`
  }
}

function outputDifferences(
  before: readonly ContactOutput[],
  now: readonly ContactOutput[],
): OutputChange[] {
  if (
    before.length === now.length &&
    now.every((output, place) => equalOutputs(before[place]!, output))
  )
    return []
  const known = new Map(before.map((output) => [keyOf(output), output]))
  const differences: OutputChange[] = []
  for (const output of now) {
    const key = keyOf(output)
    const old = known.get(key)
    known.delete(key)
    if (old === undefined || !equalOutputs(old, output))
      differences.push({ output, how: 'said', before: old ?? null })
  }
  for (const output of known.values()) differences.push({ output, how: 'withdrawn' })
  return differences
}
