import type { Timer } from '@deskpulse/stream'
import { seenTenants, type TenantDirectory } from '../intake/tenants.ts'
import { settler, type SettlerDeps } from './settler.ts'

export type ProposerDeps = SettlerDeps & {
  readonly tenants: TenantDirectory
  readonly timer: Timer
}

/**
 * Brings what the file says into the log, and looks whether it was taken. A proposal that lost, because the store was behind the log or others were
 * quicker, is made again over the version that won; one that comes twice, from another process or after a restart, is no change.
 */
export type Proposer = {
  /** For the tenants that the file names and those that the store has seen. Returns those that something was proposed for. @throws the store's error, the log's. */
  propose(): Promise<readonly string[]>
  /** An event of the tenant was taken in: at the first one of a tenant that was not seen before, its versions are looked at, beside what goes on. */
  seen(tenant: string): void
  /** Returns when nothing is under way. */
  stop(): Promise<void>
}

/** How soon it is looked whether a proposal was taken, and how often whether others have replaced what was. */
const lookAgainMs = { open: 5_000, settled: 30_000 } as const

export function proposer({ tenants, timer, ...deps }: ProposerDeps): Proposer {
  const { store, partitions } = deps
  const { failed } = deps.telemetry
  const { lookAt, open } = settler(deps)
  const known = new Set(tenants.named.keys())
  let underWay: Promise<unknown> = Promise.resolve()
  let callOff = (): void => {}
  let isStopping = false

  /** One look at a time. */
  function inTurn<Result>(look: () => Promise<Result>): Promise<Result> {
    callOff()
    const done = underWay.then(look).finally(lookAgain)
    underWay = done.catch(() => {}) // Whoever asked for it is told.
    return done
  }

  function lookAgain(): void {
    callOff()
    if (isStopping) return
    const isOpen = open().size > 0
    callOff = timer.after(isOpen ? lookAgainMs.open : lookAgainMs.settled, () => {
      void inTurn(() => lookAt(new Set([...tenants.named.keys(), ...open()]), failed))
    })
  }

  return {
    propose: () =>
      inTurn(async () => {
        for (const tenant of await seenTenants(store, partitions))
          if (tenants.accepts(tenant)) known.add(tenant)
        return lookAt(known)
      }),
    seen(tenant) {
      if (known.has(tenant) || isStopping) return
      known.add(tenant)
      void inTurn(() => lookAt([tenant], failed))
    },
    async stop() {
      isStopping = true
      callOff()
      await underWay
    },
  }
}
