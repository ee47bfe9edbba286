import { caseNames, specOf, type CaseName } from '../cases/catalogue.ts'
import type { Samples } from '../cases/rounds.ts'
import { spreadOf } from '../measuring/stats.ts'
import { spreadText, table } from './format.ts'
import { ratesTable } from './rates.ts'

/** The cases that one process each measured. */
export function singleReport(samples: Samples<CaseName>): string {
  const rows = caseNames.flatMap((name) => {
    const runs = samples.get(name)
    const { title, ceiling } = specOf(name)
    return runs === undefined
      ? []
      : [
          {
            title,
            ceiling:
              caseNames.flatMap((one) => (one === ceiling ? specOf(one).title : []))[0] ?? null,
            runs,
          },
        ]
  })
  const memory = rows.map(({ title, runs }) => [
    title,
    spreadText(spreadOf(runs.map(({ peakBytes }) => peakBytes / 1e6))),
  ])
  return `### One process each\n\n${ratesTable(rows)}\n\n${table(['', 'peak memory, MB'], memory)}`
}
