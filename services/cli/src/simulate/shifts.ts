import type { Agent } from './agents.ts'
import type { Floor } from './floor.ts'
import type { Process } from './processes.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const shiftMs = 8 * hourMs
const overlapMs = 10 * minuteMs // The next shift has settled before this one goes.

const rests = [
  { state: 'break', afterMs: 2 * hourMs, spreadMs: 40 * minuteMs, lastsMs: 15 * minuteMs },
  { state: 'meal', afterMs: 4 * hourMs, spreadMs: 60 * minuteMs, lastsMs: 30 * minuteMs },
  { state: 'break', afterMs: 6 * hourMs, spreadMs: 40 * minuteMs, lastsMs: 15 * minuteMs },
] as const

/** An agent's days, one after another, for ever. Who is not on shift at the beginning says so: an earlier run may have left them signed in. */
export function* workingLife(floor: Floor, agent: Agent): Process {
  if (shiftStart(agent, floor.nowMs()) > floor.nowMs())
    floor.emit('agent.state_changed', { agentId: agent.id, state: 'offline' })
  for (;;) {
    const startMs = shiftStart(agent, floor.nowMs())
    const isLate = startMs <= floor.nowMs()
    yield isLate
      ? floor.random.between(0, 15_000)
      : startMs - floor.nowMs() + floor.random.between(0, 5 * minuteMs)
    yield* oneShift(floor, agent, startMs)
  }
}

/** Of the shift that is on at `nowMs`, or else of the next one. */
export function shiftStart(agent: Agent, nowMs: number): number {
  const todayMs = Math.floor(nowMs / dayMs) * dayMs + agent.shift * shiftMs
  return nowMs < todayMs + shiftMs ? todayMs : todayMs + dayMs
}

function* oneShift(floor: Floor, agent: Agent, startMs: number): Process {
  signIn(floor, agent)
  for (const { state, afterMs, spreadMs, lastsMs } of rests) {
    const atMs = startMs + afterMs + floor.random.between(-spreadMs, spreadMs)
    if (atMs <= floor.nowMs()) continue // Began late: this rest has passed.
    yield atMs - floor.nowMs()
    yield* finishWhatIsInHand(agent)
    floor.setState(agent, state)
    yield floor.random.between(0.9, 1.1) * lastsMs
    beAvailable(floor, agent)
  }
  yield startMs + shiftMs + overlapMs - floor.nowMs()
  yield* finishWhatIsInHand(agent)
  signOut(floor, agent)
}

/** Takes nothing new, and waits until the last contact is done. */
function* finishWhatIsInHand(agent: Agent): Process {
  agent.accepting = false
  while (agent.hands.size > 0) yield { signal: agent.emptied }
}

function signIn(floor: Floor, agent: Agent): void {
  floor.setState(agent, 'available')
  for (const queue of agent.queues) floor.emit('agent.queue_joined', { agentId: agent.id, queue })
  beAvailable(floor, agent)
}

function beAvailable(floor: Floor, agent: Agent): void {
  floor.setState(agent, 'available')
  agent.accepting = true
  agent.idleSinceMs = floor.nowMs()
  floor.offer(agent)
}

function signOut(floor: Floor, agent: Agent): void {
  for (const queue of agent.queues) floor.emit('agent.queue_left', { agentId: agent.id, queue })
  floor.setState(agent, 'offline')
}
