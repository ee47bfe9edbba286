export type HealthCheck = () => boolean | Promise<boolean>

export type Readiness = {
  readonly ready: boolean
  readonly stopping: boolean
  /** By name: did the check pass. One that throws or takes too long has not. */
  readonly checks: Readonly<Record<string, boolean>>
}

export type Health = {
  /** Adds a named check: 'log', 'store', 'assignment'. */
  add(name: string, check: HealthCheck): void
  /** The same for what is told, but does not keep the service from its other work: it is ready without. */
  show(name: string, check: HealthCheck): void
  readiness(): Promise<Readiness>
  /** Not ready from now on, so that a balancer looks elsewhere while the service finishes its work. */
  startStopping(): void
}

export const checkTimeoutMs = 2_000

async function passes(check: HealthCheck): Promise<boolean> {
  const timeout = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => timeout.resolve(false), checkTimeoutMs)
  try {
    return await Promise.race([check(), timeout.promise])
  } catch {
    return false // Why is in the log of whatever the check asks.
  } finally {
    clearTimeout(timer)
  }
}

/** `observed` is told each result: the metric `deskpulse_dependency_up`. */
export function createHealth(observed: (name: string, passed: boolean) => void = () => {}): Health {
  const checks = new Map<string, HealthCheck>()
  const shown = new Set<string>()
  let stopping = false
  return {
    add(name, check) {
      checks.set(name, check)
    },
    show(name, check) {
      checks.set(name, check)
      shown.add(name)
    },
    startStopping() {
      stopping = true
    },
    async readiness() {
      const results = await Promise.all([...checks].map(async ([name, check]) => [name, await passes(check)] as const))
      for (const [name, passed] of results) observed(name, passed)
      const isReady = !stopping && results.every(([name, passed]) => passed || shown.has(name))
      return { ready: isReady, stopping, checks: Object.fromEntries(results) }
    },
  }
}
