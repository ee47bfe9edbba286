import type { TenantConfig } from '@deskpulse/core/config'
import type { ReadSlice } from '@deskpulse/core/measures'
import type { Expected } from './values.ts'

const assessed = ['knowledge_test', 'collaboration', 'teamwork', 'development', 'attitude'] as const

/** KPIs of what was written down by hand. `of`: what was observed under a name. */
export function manualValues(
  of: (what: string) => readonly number[],
  { raters }: Pick<TenantConfig, 'raters'>,
  slice: ReadSlice,
  ofAgents: (expected: Expected) => Expected,
): [string, Expected][] {
  const ratio = (part: string, whole: string): Expected => ({
    kind: 'ratio',
    numerator: of(part).length,
    denominator: of(whole).length,
  })
  const credited: [string, Expected][] = [
    ['qa_score', points(of('review of call'))],
    ['ticket_hygiene', points(of('review of ticket_hygiene'))],
    ['qa_accuracy', ratio('review of accuracy, passed', 'review of accuracy')],
    ['qa_error_rate', ratio('review of accuracy, failed', 'review of accuracy')],
    ['qa_critical_error_rate', ratio('critical review', 'review of any kind')],
    ['banned_phrase_violations', { kind: 'count', value: sumOf(of('violation of banned_phrase')) }],
    ['training_participation', ratio('training, passed', 'training')],
    ['test_pass_rate', ratio('knowledge_test, passed', 'knowledge_test')],
    ...assessed.map((kind): [string, Expected] => [
      kind,
      byRaters((rater) => of(`${kind} by ${rater}`), raters),
    ]),
  ]
  return [
    ...credited.map(([id, expected]): [string, Expected] => [id, ofAgents(expected)]),
    [
      'employee_satisfaction',
      slice.length === 0 ? points(of('employee')) : { kind: 'count', value: null }, // They name nobody.
    ],
  ]
}

const sumOf = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0)
const meanOf = (scores: readonly number[]): number => sumOf(scores) / scores.length / 1_000_000

/** The mean of scores in millionths of a point. */
export const points = (scores: readonly number[]): Expected => ({
  ...{ kind: 'points', count: scores.length, sum: sumOf(scores) },
  value: scores.length === 0 ? null : meanOf(scores),
})

/** Each rater’s mean by its share of the weights of those who said something. */
function byRaters(
  of: (rater: string) => readonly number[],
  weights: TenantConfig['raters'],
): Expected {
  const said = Object.entries(weights).map(([rater, weight]) => ({
    ...{ rater, weight, scores: of(rater) },
  }))
  const heard = said.filter(({ scores, weight }) => scores.length > 0 && weight > 0)
  const all = sumOf(heard.map(({ weight }) => weight))
  const { count, sum } = points(said.flatMap(({ scores }) => scores)) as Points
  if (heard.length === 0) return { kind: 'points', count, sum, value: null }
  const breakdown = said.flatMap(({ rater, weight, scores }): [string, number][] => [
    ...(scores.length === 0 ? [] : [[rater, meanOf(scores)] as [string, number]]),
    [`${rater}_count`, scores.length],
    [`${rater}_missing`, scores.length === 0 ? weight : 0],
  ])
  return {
    ...{ kind: 'points', count, sum },
    value: sumOf(heard.map(({ weight, scores }) => (weight / all) * meanOf(scores))),
    breakdown: Object.fromEntries(breakdown),
  }
}

type Points = Extract<Expected, { readonly kind: 'points' }>
