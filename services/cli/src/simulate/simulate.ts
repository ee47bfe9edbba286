import type { WireEvent } from '@deskpulse/contract'
import { appealing } from './appeals.ts'
import { arrivals } from './arrivals.ts'
import { contracts } from './contracts.ts'
import { openFloor } from './floor.ts'
import { withDefaults, type SimulationOptions } from './options.ts'
import { planning } from './planning.ts'
import { createRandom } from './random.ts'
import { scoring } from './scores.ts'
import { workingLife } from './shifts.ts'

export type Simulation = {
  /** Canonical events in time order, for ever: take what is needed. Pure: no clock but the simulated one, no chance but the seed. */
  readonly events: Iterable<WireEvent>
  /** The events that end everything at the time of the last event taken, so that nobody waits for ever. Nothing may be taken from `events` afterwards. */
  windUp(): WireEvent[]
}

/** A contact center at work: queues, teams, shifts, forecasts, chats, calls, emails, bots, people who give up, who come back, who say how it was, what is written down of agents, what they appeal against, and customers who are under contract. */
export function simulate(options: SimulationOptions): Simulation {
  const full = withDefaults(options)
  const floor = openFloor(full)
  floor.start(planning(floor, full.contactsPerMinute))
  for (const agent of floor.agents) floor.start(workingLife(floor, agent))
  floor.start(arrivals(floor, full.contactsPerMinute))
  floor.start(scoring(floor, createRandom(full.seed + 1)))
  floor.start(contracts(floor, createRandom(full.seed + 2)))
  floor.start(appealing(floor, createRandom(full.seed + 3)))
  let pending: WireEvent[] = [] // Of the step under way.

  function* events(): Generator<WireEvent> {
    while (floor.step()) {
      pending = floor.takeEvents()
      for (let event = pending.shift(); event !== undefined; event = pending.shift()) yield event
    }
  }
  return {
    events: events(),
    windUp: () => {
      const rest = pending
      pending = []
      floor.windUp()
      return [...rest, ...floor.takeEvents()]
    },
  }
}

/** The rest of a run that was cut off (a crash): its events after `afterMs` up to the first past `untilMs`, then the winding up. Sending some of them again is harmless. */
export function* finishSimulation(
  options: SimulationOptions,
  afterMs: number,
  untilMs: number,
): Generator<WireEvent> {
  const simulation = simulate(options)
  for (const event of simulation.events) {
    const timeMs = Date.parse(event.time)
    if (timeMs > afterMs) yield event
    if (timeMs > untilMs) break // The winding up follows from the first event past it.
  }
  yield* simulation.windUp()
}
