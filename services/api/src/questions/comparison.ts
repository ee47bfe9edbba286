import type { Kpi, ReadingPlan, SliceQuestion } from '@deskpulse/core/kpis'
import type { ReadSlice } from '@deskpulse/core/measures'
import { type SalesIndex, salesIndexesOf } from '@deskpulse/core/scorecards'
import { dateAt, type EpochMs } from '@deskpulse/core/time'
import type { Answer } from '../reading/held.ts'
import type { TenantBasis } from '../reading/tenant.ts'
import { mapInTurns, type Turns } from '../reading/turns.ts'
import { salesIn, workPlanOf } from './agent-sales.ts'
import { agentsOf, type Person } from './people.ts'
import { madeOfPlans, type Read, recordsOf } from './rows.ts'

/** A live window or a period: at which instant rosters say who is compared in it, and how it is read. */
type Frames<Frame> = {
  readonly atMs: (frame: Frame) => EpochMs
  readonly planOf: (question: SliceQuestion, frame: Frame) => ReadingPlan
}

/** One of those who are compared in a frame. */
type Other<Frame> = { readonly frame: Frame; readonly person: Person; readonly plan: ReadingPlan }

/**
 * What an answer reads beside its slices for KPIs that compare agents (`Kpi.isComparison`): the work of all of the same role in the same first team, each once in a frame. Nothing where no such KPI
 * is asked for.
 */
export class Comparison<Frame> {
  readonly #isAsked: boolean
  readonly #basis: TenantBasis
  readonly #frames: Frames<Frame>
  readonly #people = new Map<Frame, Map<string, Person>>()
  /** Of a local date, as rosters change from one to the next: by agent, all that it is compared with, itself among them. */
  readonly #circles = new Map<string, ReadonlyMap<string, readonly Person[]>>()
  readonly #indexes = new Map<Frame, ReadonlyMap<string, SalesIndex>>()

  constructor(kpis: readonly Kpi[], basis: TenantBasis, frames: Frames<Frame>) {
    this.#isAsked = kpis.some(({ isComparison }) => isComparison)
    this.#basis = basis
    this.#frames = frames
  }

  /** What a slice is compared with in a frame is read, too. @returns how many records that is, about, beside those for the slices before. */
  add([agent, ...others]: ReadSlice, frame: Frame): number {
    if (!this.#isAsked || agent?.dimension !== 'agent' || others.length > 0) return 0
    const people = this.#people.getOrInsertComputed(frame, () => new Map<string, Person>())
    const added = this.#circlesIn(frame).get(agent.value) ?? []
    const before = people.size
    for (const person of added) people.set(person.agentId, person)
    const [first] = added
    if (people.size === before || first === undefined) return 0
    return (people.size - before) * recordsOf(this.#planOf(first, frame))
  }

  /** What is read, in the order in which `read` takes it. */
  layOut(turn: Turns): Promise<readonly Other<Frame>[]> {
    const all = [...this.#people].flatMap(([frame, people]) =>
      Array.from(people.values(), (person) => ({ frame, person })),
    )
    return mapInTurns(all, (one) => ({ ...one, plan: this.#planOf(one.person, one.frame) }), turn)
  }

  /** Takes what was read of the others, which comes first. @returns the rest of it. */
  async read(all: readonly Other<Frame>[], answer: Answer, turn: Turns): Promise<Answer> {
    if (all.length === 0) return answer
    const plans = all.map(({ plan }) => plan)
    const sold = await madeOfPlans(plans, answer, turn, (plan, read, place) => {
      const { frame, person } = all[place]!
      return { frame, sales: salesIn(person, plan, this.#basis, read) }
    })
    for (const [frame, its] of Map.groupBy(sold, (one) => one.frame))
      this.#indexes.set(frame, salesIndexesOf(its.map(({ sales }) => sales)))
    const values = plans.reduce((sum, { keys }) => sum + keys.length, 0)
    const open = plans.reduce((sum, plan) => sum + plan.open.length, 0)
    return { ...answer, values: answer.values.slice(values), open: answer.open.slice(open) }
  }

  /** What was read of a slice in a frame, with how its agent compares. */
  beside(read: Read, frame: Frame): Read {
    const salesIndexes = this.#indexes.get(frame)
    return salesIndexes === undefined ? read : { ...read, salesIndexes }
  }

  #planOf({ agentId }: Person, frame: Frame): ReadingPlan {
    return workPlanOf(agentId, this.#basis, (question) => this.#frames.planOf(question, frame))
  }

  #circlesIn(frame: Frame): ReadonlyMap<string, readonly Person[]> {
    const atMs = this.#frames.atMs(frame)
    const date = dateAt(this.#basis.history.localTime, atMs)
    return this.#circles.getOrInsertComputed(date, () => circlesOf(this.#basis, atMs))
  }
}

/** By agent, those of its role in its first team. Who has no role is alone. */
function circlesOf(basis: TenantBasis, atMs: EpochMs): ReadonlyMap<string, readonly Person[]> {
  const people = agentsOf({ teams: null, roles: null }, basis, atMs)
  const circles = Map.groupBy(people, ({ agentId, team, role }) =>
    JSON.stringify(role === null ? [agentId] : [team, role]),
  )
  return new Map([...circles.values()].flatMap((its) => its.map((one) => [one.agentId, its])))
}
