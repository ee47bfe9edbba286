import { demandFactor, forecastHabits, queues, queueWeights, type Queue } from './catalogue.ts'
import type { Floor } from './floor.ts'
import type { Process } from './processes.ts'

const halfHourMs = 30 * 60_000
const dayMs = 48 * halfHourMs
const weightsSum = queues.reduce((sum, queue) => sum + queueWeights[queue], 0)

/** What planners tell: once who is in which team, and at the beginning and at each midnight (UTC) what is expected. */
export function* planning(floor: Floor, contactsPerMinute: number): Process {
  tellRosters(floor)
  for (;;) {
    const tomorrowMs = (Math.floor(floor.nowMs() / dayMs) + 1) * dayMs
    tellForecasts(floor, contactsPerMinute, tomorrowMs + dayMs)
    yield tomorrowMs - floor.nowMs()
  }
}

function tellRosters({ agents, emit, nowMs }: Floor): void {
  const from = new Date(nowMs() - dayMs).toISOString().slice(0, 10) // A day that has begun in every time zone.
  for (const { id, team } of agents)
    emit('agent.rostered', { agentId: id, teams: [team], role: 'agent', from })
}

/** Of each half-hour that is not over, up to `untilMs`. */
function tellForecasts(floor: Floor, contactsPerMinute: number, untilMs: number): void {
  const firstMs = Math.floor(floor.nowMs() / halfHourMs) * halfHourMs
  for (let startMs = firstMs; startMs < untilMs; startMs += halfHourMs)
    for (const queue of queues)
      floor.emit('workload.forecast', forecastOf(floor, contactsPerMinute, queue, startMs))
}

/** About what comes: nobody knows it exactly. */
function forecastOf(
  { random }: Floor,
  contactsPerMinute: number,
  queue: Queue,
  startMs: number,
): Record<string, unknown> {
  const { errorFactors, averageHandleMs, contactsPerAgent } = forecastHabits
  const perMs = (contactsPerMinute / 60_000) * demandFactor(startMs + halfHourMs / 2)
  const inQueue = perMs * halfHourMs * (queueWeights[queue] / weightsSum)
  const offered = Math.round(inQueue * random.between(...errorFactors) * 10) / 10
  return {
    queue,
    start: new Date(startMs).toISOString(),
    end: new Date(startMs + halfHourMs).toISOString(),
    offered,
    averageHandleMs,
    agents: Math.ceil((offered * averageHandleMs) / halfHourMs / contactsPerAgent),
  }
}
