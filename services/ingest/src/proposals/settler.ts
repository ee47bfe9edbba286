import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '@deskpulse/contract'
import type { WriteAudit } from '@deskpulse/runtime'
import { type FrameWriter, type PartitionId, partitionOf, type StateStore } from '@deskpulse/stream'
import type { Proposable, Proposed } from './proposable.ts'
import { type Standing, standingAmong, type Version } from './standing.ts'
import type { ProposalTelemetry } from './telemetry.ts'

export type SettlerDeps = {
  readonly store: Pick<StateStore, 'read'>
  readonly writer: Pick<FrameWriter, 'append'>
  readonly partitions: number
  readonly proposables: readonly Proposable<Version>[]
  readonly telemetry: ProposalTelemetry
  /** Takes down what is proposed. @throws the log's error */
  readonly audit: WriteAudit
}

/** Looks what tenants have, and proposes what the file says where they have something else. */
export type Settler = {
  /** What could not be found out is told to `failed`, or, without it, thrown. Returns the tenants that something was proposed for. */
  lookAt(
    tenants: Iterable<string>,
    failed?: ProposalTelemetry['failed'],
  ): Promise<readonly string[]>
  /** Tenants to be looked at again soon: proposed for, or not to be found out. */
  open(): ReadonlySet<string>
}

type Outcome = 'settled' | 'on-its-way' | 'proposed'

export function settler({
  store,
  writer,
  partitions,
  proposables,
  telemetry,
  audit,
}: SettlerDeps): Settler {
  const standings = new Map(proposables.map(({ what }) => [what, new Map<string, Standing>()]))
  const open = new Set<string>()

  async function settle(
    tenant: string,
    one: Proposable<Version>,
    versions: readonly Version[],
  ): Promise<Outcome> {
    const standing = standings.get(one.what)!
    const before = standing.get(tenant) ?? { kind: 'unknown' }
    const after = standingAmong(before, versions, (version) => one.isOurs(tenant, version))
    if (after === before) return after.kind === 'proposed' ? 'on-its-way' : 'settled'
    const over = versions.at(-1) ?? null
    const proposed = one.entry(tenant, over)
    const { id, bytes } = proposed
    if (after.kind === 'proposed') {
      await writer.append(tenant, one.entryKind, bytes)
      await audit(auditEntryOf(tenant, one, over, proposed)) // Failing, all of it is proposed again, which is no change.
    }
    standing.set(tenant, after)
    if (after.kind === 'replaced')
      telemetry.replaced({ tenant, what: one.what, current: after.by.id, ours: id })
    return after.kind === 'proposed' ? 'proposed' : 'settled'
  }

  /** Tenants of one partition, by one read. */
  async function look(
    partition: PartitionId,
    names: readonly string[],
  ): Promise<readonly string[]> {
    for (const name of names) open.add(name)
    const asked = names.flatMap((tenant) =>
      proposables.filter((one) => one.concerns(tenant)).map((one) => ({ tenant, one })),
    )
    const { values } = await store.read(partition, {
      keys: asked.map(({ tenant, one }) => one.key(tenant)),
    })
    const outcomes = await Promise.all(
      asked.map(({ tenant, one }, index) =>
        settle(tenant, one, values[index] ? one.decode(values[index]) : []),
      ),
    )
    const tenantsWith = (...kinds: readonly Outcome[]) =>
      outcomes.flatMap((outcome, index) => (kinds.includes(outcome) ? [asked[index]!.tenant] : []))
    const unsettled = new Set(tenantsWith('on-its-way', 'proposed'))
    for (const name of names) if (!unsettled.has(name)) open.delete(name)
    return tenantsWith('proposed')
  }

  return {
    open: () => open,
    async lookAt(tenants, failed) {
      const byPartition = Map.groupBy(tenants, (tenant) => partitionOf(tenant, partitions))
      const looks = [...byPartition].map(([partition, names]) =>
        look(partition, names).catch((error: unknown) => {
          if (failed === undefined) throw error
          failed(error, names)
          return []
        }),
      )
      const proposed = (await Promise.all(looks)).flat()
      for (const [what, standing] of standings) {
        telemetry.standsAgainst(
          what,
          [...standing.values()].filter(({ kind }) => kind === 'replaced').length,
        )
      }
      return [...new Set(proposed)]
    },
  }
}

/** By the file, which the process itself has read. */
const auditEntryOf = (
  tenant: string,
  { what, action, saysOf }: Proposable<Version>,
  over: Version | null,
  { id, says }: Proposed,
): AuditEntry => ({
  ...{ id: randomUUID(), who: { id: 'file', name: null }, tenant, action, object: what },
  from: { address: null, userAgent: null },
  before: over && { version: over.id, content: saysOf(over) },
  after: { version: id, content: says },
})
