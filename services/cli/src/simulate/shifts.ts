import type { Agent } from './agents.ts'
import type { Desk } from './desk.ts'
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
export function* workingLife(desk: Desk, agent: Agent): Process {
  if (shiftStart(agent, desk.nowMs()) > desk.nowMs())
    desk.emit('agent.state_changed', { agentId: agent.id, state: 'offline' })
  for (;;) {
    const startMs = shiftStart(agent, desk.nowMs())
    const isLate = startMs <= desk.nowMs()
    yield isLate
      ? desk.random.between(0, 15_000)
      : startMs - desk.nowMs() + desk.random.between(0, 5 * minuteMs)
    yield* oneShift(desk, agent, startMs)
  }
}

/** Of the shift that is on at `nowMs`, or else of the next one. */
export function shiftStart(agent: Agent, nowMs: number): number {
  const todayMs = Math.floor(nowMs / dayMs) * dayMs + agent.shift * shiftMs
  return nowMs < todayMs + shiftMs ? todayMs : todayMs + dayMs
}

function* oneShift(desk: Desk, agent: Agent, startMs: number): Process {
  signIn(desk, agent)
  for (const { state, afterMs, spreadMs, lastsMs } of rests) {
    const atMs = startMs + afterMs + desk.random.between(-spreadMs, spreadMs)
    if (atMs <= desk.nowMs()) continue // Began late: this rest has passed.
    yield atMs - desk.nowMs()
    yield* finishWhatIsInHand(agent)
    desk.setState(agent, state)
    yield desk.random.between(0.9, 1.1) * lastsMs
    beAvailable(desk, agent)
  }
  yield startMs + shiftMs + overlapMs - desk.nowMs()
  yield* finishWhatIsInHand(agent)
  signOut(desk, agent)
}

/** Takes nothing new, and waits until the last contact is done. */
function* finishWhatIsInHand(agent: Agent): Process {
  agent.accepting = false
  while (agent.hands.size > 0) yield { signal: agent.emptied }
}

function signIn(desk: Desk, agent: Agent): void {
  desk.setState(agent, 'available')
  for (const queue of agent.queues) desk.emit('agent.queue_joined', { agentId: agent.id, queue })
  beAvailable(desk, agent)
}

function beAvailable(desk: Desk, agent: Agent): void {
  desk.setState(agent, 'available')
  agent.accepting = true
  agent.idleSinceMs = desk.nowMs()
  desk.offer(agent)
}

function signOut(desk: Desk, agent: Agent): void {
  for (const queue of agent.queues) desk.emit('agent.queue_left', { agentId: agent.id, queue })
  desk.setState(agent, 'offline')
}
