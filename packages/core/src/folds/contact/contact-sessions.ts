import { defaultTenantConfig, type TenantConfig } from '../../config/tenant-config.ts'
import type { CanonicalEvent } from '../../events/event.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { Exclusion } from '../../subjects/exclusion.ts'
import type { Row } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { renewClocks } from './clocks.ts'
import {
  ContactSession,
  type FoldsWith,
  type KeptSession,
  type SessionChange,
} from './contact-session.ts'
import type { ContactContext } from './context.ts'
import type { Messages } from './messages.ts'
import type { OutputChange } from './outputs.ts'
import { renewResolving } from './resolving.ts'
import { judgedAt } from './served.ts'
import {
  assignedAhead,
  beginsSession,
  isOfThread,
  isPublicMessage,
  mayBeginSession,
  nextSession,
  silence,
} from './session-cut.ts'
import { copyContactState, newContactState, type ContactState } from './state.ts'
import { stepContact, stepEdit } from './step.ts'
import { passTimers } from './timers.ts'

/** The sessions of a contact: those that may still change, or were not told yet, oldest first. */
export type KeptSessions<State = ContactState> = KeptSession<State> & {
  /** Those before the last one; absent: there are none. */
  readonly past?: readonly KeptSession<State>[]
}

const unknown: FoldsWith = {
  opening: null,
  config: defaultTenantConfig,
  history: { configAt: () => defaultTenantConfig, changes: () => [] },
}

/** The sessions that a contact's events make, one after the other: one, but of a thread. */
export class ContactSessions {
  readonly #contactId: string
  #past: ContactSession[] = []
  #current: ContactSession
  /** What was told of sessions before they were folded anew, by their numbers, as far as they have not come again. */
  readonly #former = new Map<number, ContactSession>()
  /** Past their lifetime: they say for the last time what time made of them. */
  #leaving: ContactSession[] = []
  /** By appeals. */
  #excluded: readonly Exclusion[]

  /** What they fold to is known once they were restarted or resumed. */
  constructor(contactId: string, excluded: readonly Exclusion[] = []) {
    this.#contactId = contactId
    this.#excluded = excluded
    this.#current = this.#new(newContactState(), unknown)
  }

  /** That of the session that goes on. */
  get context(): ContactContext {
    return this.#current.context
  }

  /** Goes on with what was kept, all of which was told by `toldMs`. */
  resume({ state, rows, past = [] }: KeptSessions, fold: FoldsWith, toldMs: EpochMs): void {
    const resumed = (kept: KeptSession): ContactSession => {
      const session = this.#new(kept.state, fold)
      session.resume(kept.rows, toldMs)
      return session
    }
    this.#past = past.map(resumed)
    this.#current = resumed({ state, rows })
  }

  /** Folds anew, from what is kept; `null`: from nothing. */
  restart(kept: KeptSessions | null, fold: FoldsWith): void {
    for (const session of [...this.#past, this.#current]) this.#former.set(session.session, session)
    this.#past = (kept?.past ?? []).map((one) =>
      this.#begin(copyContactState(one.state), one, fold),
    )
    const state = kept === null ? newContactState() : copyContactState(kept.state)
    this.#current = this.#begin(state, kept, fold)
  }

  /** Appeals leave this out by now, whatever the session. */
  exclude(excluded: readonly Exclusion[]): void {
    this.#excluded = excluded
    for (const session of [
      ...this.#former.values(),
      ...this.#leaving,
      ...this.#past,
      this.#current,
    ])
      session.exclude(excluded)
  }

  /** What is not yet due comes due by the versions that are known by now. */
  renew(): void {
    renewClocks(this.context)
    renewResolving(this.context)
  }

  /** One event, and the timers before it. @returns the last instant at which one was applied; `null`: none was. */
  pass(event: CanonicalEvent, config: TenantConfig, messages: Messages): EpochMs | null {
    this.context.config = config
    const lastTimerMs = passTimers(this.context, event.timeMs)
    const part = messages.partOf(event)
    if (part?.kind === 'edit') {
      if (!this.#isBetween) stepEdit(this.context, event)
      return lastTimerMs
    }
    const told = part?.event ?? event
    if (this.#isBetween) {
      if (!mayBeginSession(config, told)) return lastTimerMs // Nobody has come back.
      this.context.opening = told
    }
    const isCut = beginsSession(this.context.state, config, told)
    const assigned = isCut ? assignedAhead(this.context.state, config, told) : null
    if (isCut) this.#cut(told)
    const { state } = this.context
    stepContact(this.context, told)
    if (assigned !== null) stepContact(this.context, assigned)
    if (isPublicMessage(told) && isOfThread(config, told)) state.publicMs = told.timeMs
    return lastTimerMs
  }

  /** The timers of all sessions up to `nowMs`, the log time. @returns as `pass`, of the session that goes on. */
  passTimers(nowMs: EpochMs, config: TenantConfig): EpochMs | null {
    const { history } = this.context
    for (const session of [...this.#leaving, ...this.#past]) {
      if (session.restsAt(nowMs)) continue
      session.know(config, history)
      session.passTimers(nowMs)
    }
    this.context.config = config
    return this.#current.passTimers(nowMs)
  }

  /** What changed since the last call. */
  take(nowMs: EpochMs): SessionChange {
    const changes: SessionChange[] = []
    for (const session of this.#former.values()) changes.push(session.withdraw())
    this.#former.clear()
    for (const session of this.#leaving)
      changes.push(session.take(nowMs, true), { rows: [], outputs: session.takeFinal() })
    this.#leaving = []
    for (const session of this.#past)
      if (!session.restsAt(nowMs)) changes.push(session.take(nowMs, true))
    const current = this.#current.take(nowMs, false)
    if (changes.length === 0) return current
    changes.push(current)
    return {
      rows: changes.flatMap(({ rows }) => rows),
      outputs: changes.flatMap(({ outputs }) => outputs),
    }
  }

  /** The contact is past its lifetime. */
  takeFinal(): OutputChange[] {
    return [...this.#leaving, ...this.#past, this.#current].flatMap((one) => one.takeFinal())
  }

  *told(): Generator<Row> {
    for (const session of [...this.#past, this.#current]) yield* session.told()
  }

  /** When one of them changes by time alone. */
  nextMs(nowMs: EpochMs): number {
    let nextMs = this.#current.nextMs(nowMs) ?? Infinity
    for (const session of this.#past) nextMs = Math.min(nextMs, session.restingNextMs(nowMs))
    return nextMs
  }

  /** Of the session that went on at an instant, or of the first one: whose work it was until then. `null`: nobody's. `undefined`: that session is past its lifetime. */
  judgedAt(atMs: EpochMs): DimensionSet | null | undefined {
    const states = [...this.past, this.context.state]
    const begun = states.findLast(({ startedMs }) => startedMs !== null && startedMs <= atMs)
    if (begun === undefined && states[0]!.session > 1) return undefined
    return judgedAt(begun ?? states[0]!, atMs)
  }

  keep(): KeptSessions {
    const kept = this.#current.keep()
    return this.#past.length === 0
      ? kept
      : { ...kept, past: this.#past.map((session) => session.keep()) }
  }

  /** Those before the one that goes on, oldest first. */
  get past(): readonly ContactState[] {
    return this.#past.map(({ context }) => context.state)
  }

  /** Lets go of all sessions: they are past their lifetime. `state`: of one that is between, until somebody comes back. */
  leaveAll(state: ContactState): void {
    this.#leaving.push(...this.#past, this.#current)
    this.#past = []
    this.#excluded = []
    this.#current = this.#new(state, unknown)
  }

  /** Lets go of sessions before this one: no late event can reach them. */
  leave(session: number): void {
    const isGone = (one: ContactSession): boolean => one.session < session
    this.#leaving.push(...this.#past.filter(isGone))
    this.#past = this.#past.filter((one) => !isGone(one))
  }

  /** A session that no event has begun yet, as the one before it is past its lifetime. */
  get #isBetween(): boolean {
    const { startedMs, session } = this.context.state
    return startedMs === null && session > 1
  }

  #new(state: ContactState, fold: FoldsWith): ContactSession {
    return new ContactSession(this.#contactId, state, fold, this.#excluded)
  }

  #cut(event: CanonicalEvent): void {
    const { context } = this
    if (context.state.phase === 'open') stepContact(context, silence(event))
    this.#past.push(this.#current)
    this.#current = this.#begin(nextSession(context.state), null, { ...context, opening: event })
  }

  /** One that was told before goes on from what it told. */
  #begin(state: ContactState, kept: KeptSession | null, fold: FoldsWith): ContactSession {
    const { opening, config, history } = fold
    const its = { opening, config, history }
    const former = this.#former.get(state.session)
    this.#former.delete(state.session)
    const session = former ?? this.#new(state, its)
    session.restart(state, kept?.rows ?? null, its)
    return session
  }
}
