import {
  catalogueOf,
  isCurrent,
  livePlan,
  type LiveWindow,
  openTimeKinds,
  type ReadingPlan,
} from '@deskpulse/core/kpis'
import {
  keepsSlice,
  type LimitedDimension,
  limitedDimensions,
  type Slice,
} from '@deskpulse/core/measures'
import type { EpochMs } from '@deskpulse/core/time'
import type { ReadModel } from '../read-model.ts'
import { type KpiValues, needsOf, valuesOfPlans } from '../questions/rows.ts'
import type { Answer } from '../reading/held.ts'
import { ask, readStep, type Step } from '../reading/question.ts'
import { granted, type Outcome, type TenantBasis, tenantQuestion } from '../reading/tenant.ts'
import { type GaugeSpec, gaugeCatalogue, replyClasses, type Window } from './catalogue.ts'

/** Queues of one tenant that have series of their own; the next ones are counted in `omitted`. */
export const queuesMax = 200

/** Whose gauges are shown: the tenant's (`queue` is `null`) or a queue's, of all contacts (`class` is `null`) or of a class, in a window. */
type Place = {
  readonly queue: string | null
  readonly class: string | null
  readonly window: Window
}

/** One tenant as Prometheus sees it. */
export type TenantReading = {
  readonly tenant: string
  readonly asOfMs: EpochMs
  readonly rows: readonly (Place & { readonly kpis: KpiValues })[]
  readonly omitted: number
  /** How many values of each kept limited dimension have slices of their own, of how many. */
  readonly values: readonly {
    readonly dimension: LimitedDimension
    readonly count: number
    readonly max: number
  }[]
  readonly stands: Standing
}

/** For how long a reading stands while nothing of the tenant changes. */
export type Standing = {
  /** Time alone changes a value: a wait passes its limit, an agent works on. */
  readonly moves: boolean
  /** The end of the running minute, with which the five minutes move on. */
  readonly minuteEndMs: EpochMs
  readonly dayEndMs: EpochMs
}

const windows: Readonly<Record<Window, LiveWindow>> = { '5m': { minutes: 5 }, today: 'today' }

/** Whether a gauge is shown for a place. KPIs of the moment are the same in every window: they are read with the five minutes. */
export function isShownAt({ byClass, window, ofQueues }: GaugeSpec, place: Place): boolean {
  return (
    byClass === (place.class !== null) &&
    (window ?? '5m') === place.window &&
    (ofQueues || place.queue === null)
  )
}

const kpisAt = (place: Place): readonly string[] =>
  gaugeCatalogue.filter((spec) => isShownAt(spec, place)).map(({ kpi }) => kpi)

function sliceAt({ queue, class: channelClass }: Place): Slice {
  return [
    ...(queue === null ? [] : [{ dimension: 'queue' as const, value: queue }]),
    ...(channelClass === null ? [] : [{ dimension: 'class' as const, value: channelClass }]),
  ]
}

/** Places of the tenant and of these queues of which something is shown, as far as the tenant keeps their slices. */
function placesOf(queues: readonly string[], { config }: TenantBasis): readonly Place[] {
  return [null, ...queues].flatMap((queue) =>
    [null, ...replyClasses].flatMap((channelClass) =>
      (['5m', 'today'] as const)
        .map((window) => ({ queue, class: channelClass, window }))
        .filter((place) => kpisAt(place).length > 0 && keepsSlice(sliceAt(place), config)),
    ),
  )
}

function planOf(
  place: Place,
  { tenant, config, history, sourcesOf, running, logTimeMs }: TenantBasis,
): ReadingPlan {
  const slice = sliceAt(place)
  const catalogue = catalogueOf(config)
  const kpis = kpisAt(place).map((id) => catalogue.byId(id)!)
  return livePlan(
    { tenant, slice, sources: sourcesOf(slice), config, history, kpis, running },
    windows[place.window],
    logTimeMs,
  )
}

/** Whether what is open gives another value by time alone. How many wait, and since when, does not: each beginning and end is a commit. */
function movesByTime(plans: readonly ReadingPlan[], open: Answer['open']): boolean {
  const counts = plans.map(() => new Map<string, number>())
  let at = 0
  plans.forEach((plan, index) =>
    plan.open.forEach(({ kind }) => counts[index]!.set(kind, open[at++]!.count)),
  )
  return counts.some((count) =>
    [...count].some(([kind, found]) => {
      if (openTimeKinds.includes(kind as (typeof openTimeKinds)[number])) return found > 0
      return (
        kind.endsWith('.due') &&
        found < (count.get(kind.slice(0, -'.due'.length)) ?? Number.POSITIVE_INFINITY)
      )
    }),
  )
}

/** The first instant at which any of them would be another one. */
const endOf = (plans: readonly ReadingPlan[]): EpochMs =>
  Math.min(...plans.map(({ valid }) => valid.endMs)) as EpochMs

function readingStep(basis: TenantBasis): Step<Outcome<TenantReading>> {
  const { tenant, config } = basis
  const queues = keepsSlice([{ dimension: 'queue', value: '' }], config)
    ? basis.valuesOf('queue')
    : []
  const places = placesOf(queues.slice(0, queuesMax), basis)
  const plans = places.map((place) => planOf(place, basis))
  return readStep({
    needs: needsOf(plans),
    isCurrent: (atMs) => plans.every((plan) => isCurrent(plan, atMs)),
    async finish(answer, turn) {
      const values = await valuesOfPlans(plans, answer, turn)
      const rows = places.map((place, index) => ({ ...place, kpis: values[index] ?? {} }))
      const omitted = Math.max(0, queues.length - queuesMax)
      const stands = {
        moves: movesByTime(plans, answer.open),
        minuteEndMs: endOf(plans),
        dayEndMs: endOf(plans.filter((_, index) => places[index]!.window === 'today')),
      }
      return granted({
        tenant,
        asOfMs: answer.logTimeMs,
        rows,
        omitted,
        values: valuesTaken(basis),
        stands,
      })
    },
  })
}

function valuesTaken({ config, slices }: TenantBasis): TenantReading['values'] {
  return limitedDimensions
    .filter((dimension) => keepsSlice([{ dimension, value: '' }], config))
    .map((dimension) => {
      const { values, valuesMax } = slices.limitOf(dimension)
      return { dimension, count: values, max: valuesMax ?? config.sliceValuesMax }
    })
}

/** One tenant, of one moment; `null`: there is none of that name. */
export async function readTenant(model: ReadModel, tenant: string): Promise<TenantReading | null> {
  const result = await ask(
    model.viewOf(tenant),
    tenantQuestion(tenant, model.configured(tenant), readingStep),
  )
  return result.ok ? result.value : null
}
