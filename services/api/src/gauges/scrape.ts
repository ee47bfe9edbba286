import { setImmediate as nextTurn } from 'node:timers/promises'
import { futureMaxMs } from '@deskpulse/core/config'
import { tenantsKey } from '@deskpulse/core/state'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { ReadModel } from '../read-model.ts'
import type { PartitionView } from '../reading/partition-view.ts'
import type { TenantChange } from '../reading/tenant-changes.ts'
import { type Lines, linesOf, metricText } from './exposition.ts'
import { readTenant, type TenantReading } from './reading.ts'
import { seriesOf } from './series.ts'

/** A tenant as it was printed. */
type Kept = {
  readonly lines: Lines
  readonly change: TenantChange
  /** Open intervals began at the latest when they were last changed, or first read since; but for what lies ahead of the log. */
  readonly openedMs: EpochMs
  readonly fromMs: EpochMs
  readonly untilMs: EpochMs
}

/**
 * Once nothing of a tenant has changed for so long, nothing moves into or out of its five minutes any more, though an event may lie five minutes ahead of its
 * receipt.
 */
const settledAfterMs = 10 * minuteMs
/** Tenants that are read together; other requests get a turn in between. */
const tenantsPerTurn = 20
/** Lines that are joined at once. */
const tenantsPerPiece = 1_000

function untilOf(
  { asOfMs, stands }: TenantReading,
  change: TenantChange,
  openedMs: EpochMs,
): EpochMs {
  if (stands.moves || asOfMs < openedMs + futureMaxMs) return (asOfMs + 1) as EpochMs
  return asOfMs >= change.atMs + settledAfterMs ? stands.dayEndMs : stands.minuteEndMs
}

/** Prints the gauges of every tenant, made of what changed: a tenant's lines stand until one of its keys, or time, gives it other values. */
export function gaugePrinter(model: ReadModel): () => Promise<string> {
  const kept = new Map<string, Kept>()

  async function linesAt(
    tenant: string,
    view: PartitionView,
    momentMs: EpochMs,
  ): Promise<{ lines: Lines; asOfMs: EpochMs } | null> {
    const change = view.changes.of(tenant)
    const known = kept.get(tenant)
    if (
      known?.change.number === change.number &&
      momentMs >= known.fromMs &&
      momentMs < known.untilMs
    ) {
      return { lines: known.lines, asOfMs: momentMs }
    }
    const reading = await readTenant(model, tenant)
    if (reading === null) return null
    const lines = linesOf(seriesOf([reading]).of)
    const before = known?.change.number === change.number ? known.openedMs : reading.asOfMs
    const openedMs = change.openedMs ?? before
    kept.set(tenant, {
      lines,
      change,
      openedMs,
      fromMs: reading.asOfMs,
      untilMs: untilOf(reading, change, openedMs),
    })
    return { lines, asOfMs: reading.asOfMs }
  }

  /** The log time up to which a view is known: nothing that came before it is missing. */
  function moments(): (view: PartitionView) => Promise<EpochMs> {
    const known = new Map<PartitionView, Promise<EpochMs>>()
    return (view) => {
      const moment =
        known.get(view) ??
        view.read({ keys: [tenantsKey], open: [] }).then(({ logTimeMs }) => logTimeMs)
      known.set(view, moment)
      return moment
    }
  }

  async function read(): Promise<{
    all: readonly Lines[]
    asOf: readonly (readonly [tenant: string, asOfMs: EpochMs])[]
  }> {
    const tenants = await model.tenants()
    const momentOf = moments()
    const all: Lines[] = []
    const asOf: [string, EpochMs][] = []
    for (let at = 0; at < tenants.length; at += tenantsPerTurn) {
      const some = tenants.slice(at, at + tenantsPerTurn)
      const found = await Promise.all(
        some.map(async (tenant) =>
          linesAt(tenant, model.viewOf(tenant), await momentOf(model.viewOf(tenant))),
        ),
      )
      found.forEach((one, index) => {
        if (one === null) return
        all.push(one.lines)
        asOf.push([some[index]!, one.asOfMs])
      })
      await nextTurn()
    }
    const there = new Set(tenants)
    for (const tenant of kept.keys()) if (!there.has(tenant)) kept.delete(tenant)
    return { all, asOf }
  }

  return async () => {
    const { all, asOf } = await read()
    const { of: metrics, asOf: asOfMetric } = seriesOf([])
    const texts: string[] = []
    for (const metric of metrics) {
      const pieces: string[] = []
      for (let at = 0; at < all.length; at += tenantsPerPiece) {
        pieces.push(
          all
            .slice(at, at + tenantsPerPiece)
            .map((lines) => lines.get(metric.name) ?? '')
            .join(''),
        )
        await nextTurn()
      }
      texts.push(metricText(metric, pieces))
    }
    const moments = linesOf([
      {
        ...asOfMetric,
        samples: asOf.map(([tenant, asOfMs]) => ({ labels: { tenant }, value: asOfMs / 1_000 })),
      },
    ])
    texts.push(metricText(asOfMetric, [moments.get(asOfMetric.name) ?? '']))
    return texts.join('\n')
  }
}
