import type { Agent } from './agents.ts'
import { scoreHabits } from './catalogue.ts'
import type { Floor } from './floor.ts'
import type { Process } from './processes.ts'
import { createRandom, type Random } from './random.ts'

const hourMs = 3_600_000

/** What people write down of agents: once a month assessments, and hour by hour samples of their work. With chances of its own: nothing else goes otherwise for it. */
export function* scoring(floor: Floor, random: Random): Process {
  let assessed = ''
  for (;;) {
    yield hourMs - (floor.nowMs() % hourMs)
    const month = monthAt(floor.nowMs())
    if (month.start !== assessed) assess(floor, month)
    assessed = month.start
    for (const agent of floor.agents) if (agent.state !== 'offline') review(floor, random, agent)
  }
}

export type Month = { readonly start: string; readonly end: string }

/** The month (UTC) of an instant, by its first and last date. */
export function monthAt(atMs: number): Month {
  const at = new Date(atMs)
  const dateOf = (month: number, day: number): string =>
    new Date(Date.UTC(at.getUTCFullYear(), month, day)).toISOString().slice(0, 10)
  return { start: dateOf(at.getUTCMonth(), 1), end: dateOf(at.getUTCMonth() + 1, 0) }
}

const scoreIdOf = (kind: string, rater: string, { start }: Month, agentId: string): string =>
  `${kind}-${rater}-${start}-${agentId}`

/** Of what an agent says of itself in a month. */
export const ownScoreId = (agentId: string, month: Month): string =>
  scoreIdOf(scoreHabits.assessed[0], 'self', month, agentId)

/** What everybody thinks of everybody in the month, test and trainings: the same whenever it is told. */
function assess({ agents, emit }: Floor, period: Month): void {
  for (const [place, { id: agentId }] of agents.entries()) {
    const random = createRandom(Date.parse(period.start) / hourMs + place)
    for (const kind of scoreHabits.assessed)
      for (const rater of scoreHabits.raters)
        emit('agent.assessed', {
          ...{ agentId, assessmentId: scoreIdOf(kind, rater, period, agentId) },
          ...{ kind, rater, score: scoreIn(random, scoreHabits.assessedScores), period },
        })
    for (const kind of ['knowledge_test', 'training'])
      emit('agent.assessed', {
        ...{ agentId, assessmentId: `${kind}-${period.start}-${agentId}`, kind, rater: 'system' },
        ...{ score: scoreIn(random, scoreHabits.testScores), period },
        ...(kind === 'training' && { passed: random.chance(scoreHabits.trainedShare) }),
      })
  }
}

/** Now and then a conversation is listened to, a ticket looked at, or a rule found broken. */
function review({ emit, nowMs }: Floor, random: Random, { id: agentId }: Agent): void {
  const name = `${agentId}-${nowMs().toString(36)}`
  for (const kind of ['call', 'ticket_hygiene', 'accuracy'])
    if (random.chance(scoreHabits.reviewedShare))
      emit('quality.reviewed', {
        ...{ reviewId: `${kind}-${name}`, agentId, reviewerId: 'reviewer-1', kind },
        score: scoreIn(random, scoreHabits.reviewScores),
      })
  if (random.chance(scoreHabits.violationShare))
    emit('violation.recorded', { violationId: name, agentId, kind: 'banned_phrase' })
}

const scoreIn = (random: Random, [low, high]: readonly [number, number]): number =>
  Math.round(random.between(low, high))
