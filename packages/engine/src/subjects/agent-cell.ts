import { decideDeadlines, unwatched, type WatchState } from '@deskpulse/core/alerts'
import type { AgentState } from '@deskpulse/core/events'
import { sliceText } from '@deskpulse/core/measures'
import { agentSubject, stateKey, type Subject } from '@deskpulse/core/state'
import type { AgentCarry } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { About, Announcer, Moment } from '../alerts/announcer.ts'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { Tenant } from '../partition/tenant.ts'

export type AgentOf = { readonly tenant: Tenant; readonly agentId: string }

/** `about`: the state that each alert that fires is about. */
type Stored = {
  readonly days: readonly number[]
  readonly watch?: WatchState
  readonly about?: readonly (readonly [rule: string, state: AgentState])[]
}

/** About what the objects of an agent take, and those of an alert that fires. */
const [agentBytes, alertBytes] = [350, 500]

/** What outlasts an agent's days: which of them hold something, and the agent's alerts. */
export class AgentCell implements AgentOf {
  readonly tenant: Tenant
  readonly agentId: string
  readonly subject: Subject
  /** UTC days that hold something, ascending: what one of them hands on goes to the next. */
  readonly days: number[]
  #watch: WatchState
  #about: Map<string, AgentState>
  #changed = false
  #wakeMs: EpochMs | null | undefined

  constructor({ tenant, agentId }: AgentOf, stored: Uint8Array | null) {
    this.tenant = tenant
    this.agentId = agentId
    this.subject = agentSubject(tenant.name, agentId)
    const { days, watch, about }: Stored = stored === null ? { days: [] } : decodeJson(stored)
    this.days = [...days]
    this.#watch = watch ?? unwatched
    this.#about = new Map(about)
  }

  /** About what it takes of the memory. */
  get bytes(): number {
    return agentBytes + this.#about.size * alertBytes
  }

  addDay(utcDay: number): void {
    this.days.push(utcDay)
    this.days.sort((a, b) => a - b)
    this.#changed = true
  }

  removeDay(utcDay: number): void {
    this.days.splice(this.days.indexOf(utcDay), 1)
    this.#changed = true
  }

  dayBefore(utcDay: number): number | undefined {
    return this.days.findLast((day) => day < utcDay)
  }

  dayAfter(utcDay: number): number | undefined {
    return this.days.find((day) => day > utcDay)
  }

  /** The day that says how the agent stands at `logTimeMs`; `null`: none has begun. */
  standingDay(logTimeMs: EpochMs): number | null {
    return this.days.findLast((day) => day * dayMs <= logTimeMs) ?? null
  }

  woken(): void {
    this.#wakeMs = undefined
  }

  /** Decides the agent's alerts as it stands. Its wake is set where the rules ask for one. */
  decide(standing: AgentCarry, moment: Moment, announcer: Announcer, changes: ChangeSet): void {
    const { rules, name } = this.tenant
    if (!rules.watches('agent') && Object.keys(this.#watch.active).length === 0) return
    const { state, stateSinceMs: sinceMs, queues } = standing
    const { agentId } = this
    const applied =
      state === null
        ? []
        : rules.inForce.agents.applied({ agentId, queues, state, sinceMs }, this.#watch)
    const decision = decideDeadlines(
      this.#watch,
      applied,
      moment.nowMs,
      this.tenant.configAt(moment.nowMs).timeZone,
      moment.clock,
    )
    for (const change of decision.changes) {
      if (change.status === 'firing' && state !== null) this.#about.set(change.rule, state)
      const about: About = {
        ...{ tenant: name, subject: `agent/${agentId}`, agentId },
        slice: sliceText([{ dimension: 'agent', value: agentId }]),
        state: this.#about.get(change.rule),
      }
      announcer.announce(about, rules.ruleOf(change.rule, 'agent'), change, moment)
      if (change.status === 'resolved') this.#about.delete(change.rule)
    }
    this.#changed ||= decision.state !== this.#watch
    this.#watch = decision.state
    if (decision.nextMs !== this.#wakeMs) changes.wake(this.subject, decision.nextMs)
    this.#wakeMs = decision.nextMs
  }

  write(changes: ChangeSet): void {
    if (!this.#changed) return
    this.#changed = false
    const alerts = this.#watch === unwatched ? {} : { watch: this.#watch, about: [...this.#about] }
    changes.put(stateKey(this.subject), encodeJson({ days: this.days, ...alerts } satisfies Stored))
  }
}
