export type SimulationOptions = {
  readonly tenant: string
  /** When the simulated time begins, epoch milliseconds; part of every contact's id, so that two runs do not mix. */
  readonly startMs: number
  /** Same seed and options, same events. Default 1. */
  readonly seed?: number
  /** Agents on shift at any time; three shifts share a day, so three times as many take turns. Default 20. */
  readonly agents?: number
  /** New contacts per minute, on average over a day. Default: half as many as `agents`, which keeps them busy and lets queues form. */
  readonly contactsPerMinute?: number
}

export const simulationLimits = { agentsMax: 2_000, contactsPerMinuteMax: 60_000 } as const

export type FullSimulationOptions = Required<SimulationOptions>

export function withDefaults(options: SimulationOptions): FullSimulationOptions {
  const agents = options.agents ?? 20
  return {
    tenant: options.tenant,
    startMs: options.startMs,
    seed: options.seed ?? 1,
    agents,
    contactsPerMinute: options.contactsPerMinute ?? agents / 2,
  }
}
