import type { Agent } from './agents.ts'
import type { Floor } from './floor.ts'
import type { Process } from './processes.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const shiftMs = 8 * hourMs
const overlapMs = 10 * minuteMs // The next shift has settled before this one goes.

const rests = [
  { state: 'break', reason: 'coffee', afterMs: 2 * hourMs, lastsMs: 15 * minuteMs },
  { state: 'meal', reason: 'lunch', afterMs: 4 * hourMs, lastsMs: 30 * minuteMs },
  { state: 'break', reason: 'coffee', afterMs: 6 * hourMs, lastsMs: 15 * minuteMs },
  { state: 'training', reason: 'coaching', afterMs: 7 * hourMs, lastsMs: 20 * minuteMs },
] as const
type Rest = (typeof rests)[number]

/** Colleagues do not leave all at once. */
const [turns, turnMs] = [5, 10 * minuteMs]
/** How exactly they keep to the plan, beside finishing what is in hand. */
const offPlanMs = 2 * minuteMs
/** Shifts whose attendance is told by hand afterwards; violations are few. */
const attendanceShare = 0.1
const violations = { none: 0, one: 1, two: 2 } as const
const violationWeights = { none: 85, one: 12, two: 3 } as const

/** An agent's days, one after another, for ever. Who is not on shift at the beginning says so: an earlier run may have left them signed in. */
export function* workingLife(floor: Floor, agent: Agent): Process {
  if (shiftStart(agent, floor.nowMs()) > floor.nowMs())
    floor.emit('agent.state_changed', { agentId: agent.id, state: 'offline' })
  for (;;) {
    const startMs = shiftStart(agent, floor.nowMs())
    tellShift(floor, agent, startMs)
    const isLate = startMs <= floor.nowMs()
    yield isLate
      ? floor.random.between(0, 15_000)
      : startMs - floor.nowMs() + floor.random.between(0, 5 * minuteMs)
    yield* oneShift(floor, agent, startMs)
    if (floor.random.chance(attendanceShare)) tellAttendance(floor, agent, startMs)
  }
}

/** Of the shift that is on at `nowMs`, or else of the next one. */
export function shiftStart(agent: Agent, nowMs: number): number {
  const todayMs = Math.floor(nowMs / dayMs) * dayMs + agent.shift * shiftMs
  return nowMs < todayMs + shiftMs ? todayMs : todayMs + dayMs
}

function* oneShift(floor: Floor, agent: Agent, startMs: number): Process {
  signIn(floor, agent)
  for (const rest of restsOf(agent)) {
    const { state, reason, lastsMs } = rest
    const atMs = plannedMs(agent, startMs, rest) + floor.random.between(-offPlanMs, offPlanMs)
    if (atMs <= floor.nowMs()) continue // Began late: this rest has passed.
    yield atMs - floor.nowMs()
    yield* finishWhatIsInHand(agent)
    floor.setState(agent, state, reason)
    yield floor.random.between(0.9, 1.1) * lastsMs
    beAvailable(floor, agent)
  }
  yield startMs + shiftMs + overlapMs - floor.nowMs()
  yield* finishWhatIsInHand(agent)
  signOut(floor, agent)
}

/** Some are coached each day. */
const restsOf = ({ turn }: Agent): readonly Rest[] =>
  rests.filter(({ state }) => state !== 'training' || turn % 4 === 0)

const plannedMs = ({ turn }: Agent, startMs: number, { afterMs }: Rest): number =>
  startMs + afterMs + ((turn % turns) - 2) * turnMs

function tellShift(floor: Floor, agent: Agent, startMs: number): void {
  const spanOf = (fromMs: number, lastsMs: number) => ({
    start: new Date(fromMs).toISOString(),
    end: new Date(fromMs + lastsMs).toISOString(),
  })
  floor.emit('agent.scheduled', {
    agentId: agent.id,
    shiftId: `${agent.id}-${new Date(startMs).toISOString().slice(0, 10)}`,
    ...spanOf(startMs, shiftMs),
    activities: restsOf(agent).map((rest) => ({
      state: rest.state,
      ...spanOf(plannedMs(agent, startMs, rest), rest.lastsMs),
    })),
  })
}

function tellAttendance({ emit, random }: Floor, { id }: Agent, startMs: number): void {
  emit('agent.attendance', {
    ...{ agentId: id, date: new Date(startMs).toISOString().slice(0, 10) },
    ...{
      scheduled: true,
      attended: true,
      violations: violations[random.weighted(violationWeights)],
    },
  })
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
