import type { Kpi } from '../kpis/kpi.ts'
import type { Grain } from '../subjects/row.ts'
import { families } from './catalogue.ts'

/** The grains whose rows count in what a KPI reads, each once; none: it says what goes on now. */
export function grainsOf({ measures }: Pick<Kpi, 'measures'>): readonly Grain[] {
  const found = families.flatMap(({ number, rules, made }) => {
    const read = measures.filter(({ family }) => family === number)
    const counted = rules.filter(({ measure }) => read.includes(measure)).map(({ grain }) => grain)
    return read.some((measure) => !rules.some((rule) => rule.measure === measure))
      ? [...counted, ...made.map(({ grain }) => grain)]
      : counted
  })
  return [...new Set(found)]
}
