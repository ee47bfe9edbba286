import {
  type AgentRule,
  type ContactRule,
  type DeadlineChange,
  type DeadlineClock,
  decideDeadlines,
  type SourceRule,
  unwatched,
  type WatchState,
} from '@deskpulse/core/alerts'
import { futureMaxMs, type TenantConfig } from '@deskpulse/core/config'
import { dueQueue, type EpochMs } from '@deskpulse/core/time'
import { watchedAgents } from './agents.ts'
import { watchedContacts } from './contacts.ts'
import type { DryRunAlert } from './result.ts'
import { watchedSources } from './sources.ts'
import type { Arrival, Watched } from './watched.ts'

/** A deadline rule over the log, in its order: decided exactly where the aggregator's fold would decide. */
export type DeadlineRun = {
  /** A record of the log with the tenant's events in it. */
  record(time: RecordTime, events: readonly Omit<Arrival, 'receivedMs'>[]): void
  /** Time passes up to `toMs`, and the run is over. `leftOut`: alerts of subjects of which too little was read. */
  finish(toMs: EpochMs): { readonly alerts: readonly DryRunAlert[]; readonly leftOut: number }
}

/** `nowMs`: log time of the record; `latestMs`: an event beyond it by more than is accepted is from the future. */
export type RecordTime = {
  readonly nowMs: EpochMs
  readonly latestMs: EpochMs
  readonly clock: DeadlineClock
}

/** `foundMs`: log time at which it was found. */
type Found = DryRunAlert & { readonly foundMs: EpochMs }
type FoldedRule = ContactRule | AgentRule | SourceRule

/** What the rule says of `enabled` does not matter. */
export function deadlineRun(
  asked: FoldedRule,
  configAt: (atMs: number) => TenantConfig,
): DeadlineRun {
  const rule: FoldedRule = { ...asked, enabled: true }
  const watched = watchedOf(rule, configAt)
  const states = new Map<string, WatchState>()
  const alerts = new Map<string, Found>()
  const due = dueQueue<string>((subject) => subject)
  let nowMs = 0 as EpochMs
  let clock: DeadlineClock = { atMs: nowMs, skipped: null }

  function note(
    subject: string,
    slice: string,
    { active, status, endedMs, end }: DeadlineChange,
  ): void {
    const { number, sinceMs, startedMs, late } = active
    const value = (endedMs ?? startedMs) - sinceMs
    const key = `${subject}\n${number}`
    const began = alerts.get(key)
    if (end === 'retracted' && began?.foundMs === nowMs) {
      alerts.delete(key) // Begun and taken back in one step of the log: nobody is told of that.
      return
    }
    alerts.set(key, {
      ...{ subject, slice: status === 'firing' ? slice : (began?.slice ?? slice) },
      ...{ sinceMs, startedMs, endedMs, end, value, late, foundMs: began?.foundMs ?? nowMs },
    })
  }

  function decide(subject: string): void {
    const before = states.get(subject) ?? unwatched
    const { applied, slice, nextMs } = watched.view(subject, nowMs, before, clock)
    const decision = decideDeadlines(before, applied, nowMs, configAt(nowMs).timeZone, clock)
    states.set(subject, decision.state)
    for (const change of decision.changes) note(subject, slice, change)
    due.set(subject, earlier(decision.nextMs, nextMs))
  }

  function passTo(atMs: EpochMs, by: DeadlineClock): void {
    nowMs = Math.max(nowMs, atMs) as EpochMs
    clock = by
    // Each once: what a decision sets anew lies ahead.
    for (let subject = due.take(nowMs); subject !== null; subject = due.take(nowMs)) decide(subject)
  }

  return {
    record(time, events) {
      passTo(time.nowMs, time.clock)
      const touched = new Set<string>()
      for (const arrival of events) {
        if (arrival.event.timeMs > time.latestMs + futureMaxMs) continue
        const subject = watched.take({ ...arrival, receivedMs: nowMs }, clock)
        if (subject !== null) touched.add(subject)
      }
      for (const subject of touched) decide(subject)
    },
    finish(toMs) {
      const pass = (atMs: EpochMs): void => passTo(atMs, { ...clock, atMs })
      for (let nextMs = due.nextMs(); nextMs !== null && nextMs < toMs; nextMs = due.nextMs())
        pass(nextMs)
      pass(toMs)
      const found = [...alerts.values()].filter(({ subject }) => watched.isKnown(subject))
      return { alerts: found.map((one) => upTo(nowMs, one)), leftOut: alerts.size - found.length }
    },
  }
}

/** What still fires goes on until now. */
function upTo(nowMs: EpochMs, { foundMs: _, ...alert }: Found): DryRunAlert {
  return alert.endedMs === null ? { ...alert, value: nowMs - alert.sinceMs } : alert
}

function watchedOf(rule: FoldedRule, configAt: (atMs: number) => TenantConfig): Watched {
  switch (rule.subject) {
    case 'contact':
      return watchedContacts(rule, configAt)
    case 'agent':
      return watchedAgents(rule, configAt)
    case 'source':
      return watchedSources(rule)
  }
}

function earlier(a: EpochMs | null, b: EpochMs | null): EpochMs | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
