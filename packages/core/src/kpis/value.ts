import type { Clock } from '../config/tenant-config.ts'
import type { Measure } from '../measures/measure.ts'
import type { OpenKind } from '../state/keys.ts'
import { type Booking, booked, bookingOf } from './booking.ts'
import { withNamed } from './named-periods.ts'
import { clockOf, onClock, type ShownClock } from './clock.ts'
import type { Finding, Kpi, KpiReason, KpiUnit, Reading, TargetRange } from './kpi.ts'
import type { ReadDimension } from '../slices/slice.ts'
import { type KpiStatus, statusOf, targetOf } from './target.ts'

/** A value as the API shows it. Absent members are absent, not `undefined`; sums past 2^53 are bigints, to be written as JSON integers. */
export type KpiValue = Finding & {
  readonly unit: KpiUnit
  readonly target?: TargetRange
  readonly status: KpiStatus
  /** `id@version`. */
  readonly definition: string
  /** Which clock the durations ran on, where one did. */
  readonly clock?: ShownClock
  /** Where it is booked, if there are several ways. */
  readonly by?: Booking
}

/** How a value is asked for. `clock` left out: on the usual one; `by` left out: by event. */
export type Asked = { readonly clock?: Clock | undefined; readonly by?: Booking | undefined }

/** How a value is read; `null`: the KPI has one way alone. */
type Shown = { readonly clock: ShownClock | null; readonly by: Booking | null }

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] }

/** Member by member, in the order in which they are shown: so many values are made that spreading objects would take a tenth of an answer's time. */
function dress(
  kpi: Kpi,
  finding: Finding,
  target: TargetRange | null,
  { clock, by }: Shown,
): KpiValue {
  const { value, reason } = finding
  const shown: Writable<Partial<KpiValue>> = { value }
  if (reason !== undefined) shown.reason = reason
  shown.unit = kpi.unit
  Object.assign(shown, finding)
  if (target !== null) shown.target = target
  shown.status = statusOf(value, target)
  shown.definition = `${kpi.id}@${kpi.version}`
  if (clock !== null) shown.clock = clock
  if (by !== null) shown.by = by
  return shown as KpiValue
}

/** The value of a KPI in a reading: what it finds as it is asked for, judged against its target there. @throws Error when it reads what it does not declare: a 0 would be silent. */
export function kpiValue(kpi: Kpi, reading: Reading, asked: Asked = {}): KpiValue {
  const { dimensions } = kpi
  // Of a team, what its agents have; of an appeal, what its agent has.
  const isCredited = (one: ReadDimension): boolean =>
    dimensions === null || dimensions.includes(one === 'team' || one === 'appeal' ? 'agent' : one)
  if (!reading.slice.every(({ dimension }) => isCredited(dimension)))
    return missingKpiValue(kpi, 'no-source', reading, asked)
  const shown = shownOf(kpi, asked, reading)
  return dress(
    kpi,
    kpi.find(declaredPart(kpi, withNamed(onClock(booked(reading, shown.by), shown.clock), kpi))),
    targetOf(kpi, reading.slice, reading.config),
    shown,
  )
}

const shownOf = (
  kpi: Kpi,
  { clock, by = 'event' }: Asked,
  { slice, inForce }: Pick<Reading, 'slice' | 'inForce'>,
): Shown => ({
  clock: clockOf(kpi, clock ?? null, { slice, config: inForce }),
  by: bookingOf(kpi, by),
})

function declaredPart(kpi: Kpi, reading: Reading): Reading {
  const declared = (measure: Measure): Measure => {
    if (
      !kpi.measures.some(
        ({ family, field }) => family === measure.family && field === measure.field,
      )
    )
      throw new Error(`KPI ${kpi.id} reads the measure ${measure.name}, which it does not declare`)
    return measure
  }
  const open = (kind: OpenKind): OpenKind => {
    if (!kpi.open.some((need) => need.kind === kind))
      throw new Error(`KPI ${kpi.id} reads open ${kind}, which it does not declare`)
    return kind
  }
  return {
    ...reading,
    count: (measure) => reading.count(declared(measure)),
    duration: (measure) => reading.duration(declared(measure)),
    money: (measure) => reading.money(declared(measure)),
    lastBefore: (measure) => reading.lastBefore(declared(measure)),
    open: (kind) => reading.open(open(kind)),
    ages: (kind) => reading.ages(open(kind)),
  }
}

/** The value that is not there, with its reason. */
export function missingKpiValue(
  kpi: Kpi,
  reason: KpiReason,
  reading: Pick<Reading, 'slice' | 'config' | 'inForce'>,
  asked: Asked = {},
): KpiValue {
  return dress(
    kpi,
    { value: null, reason },
    targetOf(kpi, reading.slice, reading.config),
    shownOf(kpi, asked, reading),
  )
}

export type KpiDescription = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly unit: KpiUnit
  readonly direction: Kpi['direction']
  /** The default one; where it differs by class, that of live contacts. `null`: none. */
  readonly target: TargetRange | null
  readonly version: number
}

/** A row of `GET /v1/kpis`. */
export function describeKpi(kpi: Kpi, language: 'en' | 'zh'): KpiDescription {
  const { id, name, description, unit, direction, targets, version } = kpi
  const target = targets.any ?? targets.live ?? null
  return {
    id,
    name: name[language],
    description: description[language],
    unit,
    direction,
    target,
    version,
  }
}
