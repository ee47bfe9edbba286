import type { EpochMs } from '@deskpulse/core'
import type { Acquired, Offset, PartitionId, Relay, StateStore, Timer } from '@deskpulse/stream'
import { type Life, lifeOf } from './birth.ts'
import { LedgerLost } from './ledger.ts'
import { type OwnedLedger, ownedLedger } from './owned-ledger.ts'
import type { Role } from './role.ts'
import type { LossReason, PartitionTelemetry } from './telemetry.ts'

/** The two roles of one partition: see `Role`. */
export type Roles = { readonly desk: Role; readonly post: Role }

/** A partition that this process owns, as far as it knows: the store's epoch decides. */
export type Ownership = {
  readonly ledger: OwnedLedger
  readonly roles: Roles
  /** As it was when it was taken. */
  readonly life: Life
  /** Everything that the topic held when it was taken is taken in, and the roles have begun: what comes now comes in batches. */
  isCaughtUp: boolean
  /** Where a seek was asked for: records that still begin later are gone from the topic. */
  soughtTo: Offset | null
  /** Settles when it was lost and its roles have ended. */
  readonly ended: Promise<void>
  /** Lets the roles end in order, then gives the ledger up. */
  stop(why: LossReason): Promise<void>
}

export type OwnershipOptions = {
  readonly store: StateStore
  readonly roles: (partition: PartitionId, fail: (error: unknown) => void) => Roles
  readonly relay: Relay
  readonly telemetry: PartitionTelemetry
  readonly nowMs: () => number
  readonly timer: Timer
  readonly mayWait: () => boolean
  /** A bug: nothing goes on. */
  readonly fail: (error: unknown) => void
}

/** Begins the roles on a ledger of their own; resolves when they have begun, or the ledger was lost before. */
export async function openOwnership(
  options: OwnershipOptions,
  partition: PartitionId,
  acquired: Acquired,
): Promise<Ownership> {
  const { relay, telemetry, fail } = options
  const ended = Promise.withResolvers<void>()
  const ledger = ownedLedger({
    ...options,
    partition,
    acquired,
    onOut: () => relay.wake(partition),
    onLost(why) {
      telemetry.lost(partition, why)
      void end()
    },
  })
  const roles = options.roles(partition, fail)
  const begun: Role[] = []
  let ending: Promise<void> | null = null
  let life: Life = { bornMs: 0 as EpochMs, isYoung: true }

  async function begin(): Promise<void> {
    try {
      life = await lifeOf(ledger)
      for (const role of [roles.desk, roles.post]) {
        begun.push(role)
        await role.start(ledger, life)
      }
    } catch (error) {
      if (!(error instanceof LedgerLost)) fail(error)
    }
  }

  /** Once: the roles end side by side. */
  function end(): Promise<void> {
    ending ??= beginning
      .then(() => Promise.all(begun.map((role) => role.stop())))
      .then(() => {}, fail)
      .then(ended.resolve)
    return ending
  }

  const beginning = Promise.resolve().then(begin)
  await beginning
  return {
    ledger,
    roles,
    life,
    isCaughtUp: false,
    soughtTo: null,
    ended: ended.promise,
    async stop(why) {
      await end()
      ledger.lose(why)
    },
  }
}
