import type { EpochMs } from '@deskpulse/core/time'
import {
  type Acquisition,
  type OwnerOptions,
  type PartitionId,
  PartitionLost,
  type PartitionOwner,
} from '@deskpulse/stream'
import { type OwnedLedger, ownedLedger } from './owned-ledger.ts'
import type { Role } from './role.ts'
import { noteCaughtUp, type StateOrigin, stateOrigin } from './state-origin.ts'
import type { PartitionTelemetry } from './telemetry.ts'

/** The two roles of one partition: see `Role`. */
export type Roles = { readonly book: Role; readonly delivery: Role }

/** A partition that this process owns, with its roles at work. */
export type Ownership = {
  readonly owner: PartitionOwner
  readonly ledger: OwnedLedger
  readonly roles: Roles
  /** Of the state, as it was when it was acquired. */
  readonly origin: StateOrigin
  /** Everything that the topic held when it was acquired is taken in, and the roles have begun: what comes now comes in batches. */
  isCaughtUp(): boolean
  /** The topic is read to its end: the roles begin, once. @throws PartitionLost, and what a role throws */
  caughtUp(): Promise<void>
  /** Settles when it was lost and its roles have ended. */
  readonly ended: Promise<void>
  /** Lets the roles end in order, then gives the partition up. */
  stop(): Promise<void>
}

export type OwnershipOptions = Omit<OwnerOptions, 'partition' | 'whyGiveUp' | 'telemetry'> & {
  readonly roles: (partition: PartitionId, fail: (error: unknown) => void) => Roles
  readonly telemetry: PartitionTelemetry
  readonly nowMs: () => number
  /** A bug: nothing goes on. */
  readonly fail: (error: unknown) => void
}

/** Starts the roles on a ledger of their own; resolves when they have started, or the partition was lost before. */
export async function openOwnership(
  options: OwnershipOptions,
  partition: PartitionId,
  acquisition: Acquisition,
): Promise<Ownership> {
  const { telemetry, fail } = options
  const ended = Promise.withResolvers<void>()
  const ledger = ownedLedger({
    ...options,
    partition,
    acquisition,
    telemetry: {
      ...telemetry,
      lost(_, why) {
        telemetry.lost(partition, why)
        void end()
      },
    },
  })
  const { owner } = ledger
  const roles = options.roles(partition, fail)
  const started: Role[] = []
  let ending: Promise<void> | null = null
  let origin: StateOrigin = { createdMs: 0 as EpochMs, wasCaughtUp: false }
  let isCaughtUp = false

  async function start(): Promise<void> {
    try {
      origin = await stateOrigin(ledger)
      for (const role of [roles.book, roles.delivery]) {
        started.push(role)
        await role.start(ledger, origin)
      }
    } catch (error) {
      if (!(error instanceof PartitionLost)) fail(error)
    }
  }

  /** Once: the roles end side by side. */
  function end(): Promise<void> {
    ending ??= starting
      .then(() => Promise.all(started.map((role) => role.stop())))
      .then(() => {}, fail)
      .then(ended.resolve)
    return ending
  }

  const starting = Promise.resolve().then(start)
  await starting
  return {
    owner,
    ledger,
    roles,
    origin,
    isCaughtUp: () => isCaughtUp,
    async caughtUp() {
      if (isCaughtUp) return
      await noteCaughtUp(ledger, origin)
      await roles.book.begin()
      await roles.delivery.begin()
      isCaughtUp = true
    },
    ended: ended.promise,
    async stop() {
      await end()
      owner.lose('stopped')
    },
  }
}
