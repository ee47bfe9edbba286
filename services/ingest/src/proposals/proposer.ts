import { tenantsKey } from '@deskpulse/core'
import { type FrameWriter, type PartitionId, partitionOf, type StateStore, type Timer } from '@deskpulse/stream'
import type { TenantDirectory } from '../intake/tenants.ts'
import type { Proposable } from './proposable.ts'
import { type Standing, standingAmong, type Version } from './standing.ts'
import type { ProposalTelemetry } from './telemetry.ts'

export type ProposerDeps = {
  readonly store: Pick<StateStore, 'read'>
  readonly writer: Pick<FrameWriter, 'append'>
  readonly partitions: number
  readonly tenants: TenantDirectory
  readonly proposables: readonly Proposable<Version>[]
  readonly timer: Timer
  readonly telemetry: ProposalTelemetry
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

export function proposer(deps: ProposerDeps): Proposer {
  const { store, partitions, tenants, proposables, timer, telemetry } = deps
  const known = new Set(tenants.named.keys())
  const standings = new Map(proposables.map(({ what }) => [what, new Map<string, Standing>()]))
  /** Tenants to be looked at soon: proposed for, or not to be found out. */
  const open = new Set<string>()
  let underWay: Promise<unknown> = Promise.resolve()
  let callOff = (): void => {}
  let isStopping = false

  /** Looks at tenants of one partition, by one read. */
  async function look(partition: PartitionId, names: readonly string[]): Promise<readonly string[]> {
    for (const name of names) open.add(name)
    const asked = names.flatMap((tenant) => proposables.filter((one) => one.concerns(tenant)).map((one) => ({ tenant, one })))
    const { values } = await store.read(partition, { keys: asked.map(({ tenant, one }) => one.key(tenant)), open: [] })
    const outcomes = await Promise.all(
      asked.map(({ tenant, one }, index) => settle(tenant, one, values[index] ? one.decode(values[index]) : [])),
    )
    const unsettled = new Set(outcomes.flatMap((outcome, index) => (outcome === 'settled' ? [] : [asked[index]!.tenant])))
    for (const name of names) if (!unsettled.has(name)) open.delete(name)
    return outcomes.flatMap((outcome, index) => (outcome === 'proposed' ? [asked[index]!.tenant] : []))
  }

  async function settle(
    tenant: string,
    one: Proposable<Version>,
    versions: readonly Version[],
  ): Promise<'settled' | 'on-its-way' | 'proposed'> {
    const standing = standings.get(one.what)!
    const before = standing.get(tenant) ?? { kind: 'unknown' }
    const after = standingAmong(before, versions, (version) => one.isOurs(tenant, version))
    if (after === before) return after.kind === 'proposed' ? 'on-its-way' : 'settled'
    const { id, bytes } = one.entry(tenant, versions.at(-1) ?? null)
    if (after.kind === 'proposed') await deps.writer.append(tenant, one.entryKind, bytes)
    standing.set(tenant, after)
    if (after.kind === 'replaced') telemetry.replaced({ tenant, what: one.what, current: after.by.id, ours: id })
    return after.kind === 'proposed' ? 'proposed' : 'settled'
  }

  /** @param failed told instead of throwing. */
  async function lookAt(names: Iterable<string>, failed?: ProposalTelemetry['failed']): Promise<readonly string[]> {
    const byPartition = Map.groupBy(names, (tenant) => partitionOf(tenant, partitions) as PartitionId)
    const proposed = await Promise.all(
      [...byPartition].map(async ([partition, ofPartition]) => {
        try {
          return await look(partition, ofPartition)
        } catch (error) {
          if (failed === undefined) throw error
          failed(error, ofPartition)
          return []
        }
      }),
    )
    for (const { what } of proposables) {
      telemetry.standsAgainst(what, [...standings.get(what)!.values()].filter(({ kind }) => kind === 'replaced').length)
    }
    return [...new Set(proposed.flat())]
  }

  async function seenBefore(): Promise<readonly string[]> {
    const all = Array.from({ length: partitions }, (_, partition) => partition as PartitionId)
    const answers = await Promise.all(all.map((partition) => store.read(partition, { keys: [tenantsKey], open: [] })))
    return answers.flatMap(({ values }) => (values[0] ? (JSON.parse(Buffer.from(values[0]).toString('utf8')) as string[]) : []))
  }

  /** One look at a time. */
  function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    callOff()
    const done = underWay.then(act).finally(lookAgain)
    underWay = done.catch(() => {})
    return done
  }

  function lookAgain(): void {
    callOff()
    if (isStopping) return
    const isOpen = open.size > 0
    callOff = timer.after(isOpen ? lookAgainMs.open : lookAgainMs.settled, () => {
      void inTurn(() => lookAt(new Set([...tenants.named.keys(), ...open]), telemetry.failed))
    })
  }

  return {
    propose: () =>
      inTurn(async () => {
        for (const tenant of await seenBefore()) if (tenants.accepts(tenant)) known.add(tenant)
        return lookAt(known)
      }),
    seen(tenant) {
      if (known.has(tenant) || isStopping) return
      known.add(tenant)
      void inTurn(() => lookAt([tenant], telemetry.failed))
    },
    async stop() {
      isStopping = true
      callOff()
      await underWay
    },
  }
}
