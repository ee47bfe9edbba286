import {
  type AlertStatistic,
  alertStatistics,
  type Catalogue,
  type Kpi,
  statisticsOf,
  type WindowedRule,
} from '@deskpulse/core'
import { oneOf } from '../fault.ts'
import { fault, type Made, missing } from './rule-fault.ts'
import type { RuleInput } from './rule-input.ts'
import { topicName } from './rule-members.ts'

export type Measured = { readonly kpi: Kpi; readonly statistic: AlertStatistic }

const isStatistic = (text: string): text is AlertStatistic =>
  (alertStatistics as readonly string[]).includes(text)

type Named = {
  readonly member: 'kpi' | 'statistic'
  readonly kpi: string
  readonly statistic: string
}

/** What the rule names. `statistic` alone may hold both: `response_time.p90`, or a KPI, whose value is meant. */
function namedBy({ kpi, statistic }: RuleInput, existing: WindowedRule | undefined): Named | null {
  const [before = '', ...rest] =
    statistic === undefined || isStatistic(statistic) ? [] : statistic.split('.')
  if (before !== '' && (kpi === undefined || kpi === before)) {
    return {
      member: 'statistic',
      kpi: before,
      statistic: rest.length === 0 ? 'value' : rest.join('.'),
    }
  }
  const id = kpi ?? existing?.kpi
  if (id === undefined) return null
  const isSame = existing !== undefined && id === existing.kpi
  return { member: 'kpi', kpi: id, statistic: statistic ?? (isSame ? existing.statistic : 'value') }
}

/** The KPI and the statistic that a windowed rule looks at. */
export function measuredBy(
  input: RuleInput,
  existing: WindowedRule | undefined,
  catalogue: Catalogue,
): Made<Measured> {
  const named = namedBy(input, existing)
  if (named === null) return { faults: [missing('kpi', topicName.window)] }
  const kpi = catalogue.byId(named.kpi)
  if (kpi === undefined) {
    const ids = catalogue.kpis.map(({ id }) => id)
    return {
      faults: [fault(named.member, oneOf('a KPI', named.kpi, ids), named.kpi, 'unknown-kpi')],
    }
  }
  const { statistic } = named
  const offered = statisticsOf(kpi)
  if (isStatistic(statistic) && offered.includes(statistic)) return { value: { kpi, statistic } }
  const expected =
    offered.length === 0
      ? `another KPI: ${kpi.id} is no number`
      : oneOf(`a statistic of ${kpi.id}`, statistic, offered)
  return { faults: [fault('statistic', expected, statistic, 'unknown-kpi')] }
}
