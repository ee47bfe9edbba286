import { type EpochMs, keepsSlice, partText } from '@deskpulse/core'
import type { Desk } from '../desk.ts'
import { liveStep } from '../questions/live.ts'
import type { KpiValues } from '../questions/rows.ts'
import { ask, type Step } from '../reading/question.ts'
import { granted, type Outcome, type TenantBasis, tenantQuestion } from '../reading/tenant.ts'

/** Queues of one tenant that have series of their own; the next ones are counted in `omitted`. */
export const queuesMax = 200

const kpis = ['response_time', 'answered_within_target_of_due', 'waiting_now', 'longest_wait', 'waiting_over_target']
const window = { minutes: 5 }

/** One tenant as Prometheus sees it. `queue`: '' for the tenant as a whole, whose series then have no queue. */
export type TenantReading = {
  readonly tenant: string
  readonly asOfMs: EpochMs
  readonly rows: readonly { readonly queue: string; readonly kpis: KpiValues }[]
  readonly omitted: number
}

function readingStep(basis: TenantBasis): Step<Outcome<TenantReading>> {
  const { tenant, config } = basis
  const queues = keepsSlice([{ dimension: 'queue', value: '' }], config) ? basis.valuesOf('queue') : []
  const shown = queues.slice(0, queuesMax)
  const step = liveStep({ slice: ['all', ...shown.map((queue) => partText('queue', queue))], window, kpis }, basis)
  if (step.kind === 'settled') throw new Error(`no gauges of ${tenant}: ${JSON.stringify(step.result)}`)
  return {
    ...step,
    async finish(answer) {
      const live = await step.finish(answer)
      if (!live.ok) return live
      const rows = live.value.rows.map(({ kpis: values }, index) => ({ queue: index === 0 ? '' : shown[index - 1]!, kpis: values }))
      return granted({ tenant, asOfMs: answer.logTimeMs, rows, omitted: queues.length - shown.length })
    },
  }
}

/** Every tenant that exists, each of one moment. */
export async function readTenants(desk: Desk): Promise<readonly TenantReading[]> {
  const tenants = await desk.tenants()
  const asked = tenants.map((tenant) => ask(desk.viewOf(tenant), tenantQuestion(tenant, desk.configured(tenant), readingStep)))
  const outcomes = await Promise.all(asked)
  return outcomes.flatMap(({ result }) => (result.ok ? [result.value] : []))
}
