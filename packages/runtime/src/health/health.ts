/** Passes by returning, or by `true`; fails by `false` or by throwing, whose message is the reason. */
export type HealthCheck = () => boolean | void | Promise<boolean | void>

export type Readiness = {
  readonly ready: boolean
  readonly stopping: boolean
  /** By name: did the check pass. One that throws or takes too long has not. */
  readonly checks: Readonly<Record<string, boolean>>
  /** By name, why a check has not passed. */
  readonly reasons: Readonly<Record<string, string>>
}

export type Health = {
  /** Adds a named check, in place of one of that name: 'log', 'store', 'folding'. */
  add(name: string, check: HealthCheck): void
  remove(name: string): void
  /** The same for what is told, but does not keep the service from its other work: it is ready without. */
  show(name: string, check: HealthCheck): void
  readiness(): Promise<Readiness>
  /** Not ready from now on, so that a balancer looks elsewhere while the service finishes its work. */
  startStopping(): void
}

export const checkTimeoutMs = 2_000

/** Why the check does not pass; `null`: it does. */
async function failureOf(check: HealthCheck): Promise<string | null> {
  const timeout = Promise.withResolvers<string>()
  const timer = setTimeout(
    () => timeout.resolve(`no answer within ${checkTimeoutMs / 1_000} s`),
    checkTimeoutMs,
  )
  try {
    const asked = Promise.resolve(check()).then((passed) =>
      passed === false ? 'it does not answer' : null,
    )
    return await Promise.race([asked, timeout.promise])
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
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
    remove(name) {
      checks.delete(name)
    },
    show(name, check) {
      checks.set(name, check)
      shown.add(name)
    },
    startStopping() {
      stopping = true
    },
    async readiness() {
      const results = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await failureOf(check)] as const),
      )
      for (const [name, failure] of results) observed(name, failure === null)
      return {
        ready: !stopping && results.every(([name, failure]) => failure === null || shown.has(name)),
        stopping,
        checks: Object.fromEntries(results.map(([name, failure]) => [name, failure === null])),
        reasons: Object.fromEntries(
          results.flatMap(([name, failure]) => (failure === null ? [] : [[name, failure]])),
        ),
      }
    },
  }
}
