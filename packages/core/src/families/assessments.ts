import { type Rater, raters } from '../config/tenant-config.ts'
import type { KpiText } from '../kpis/kpi.ts'
import { ratio } from '../kpis/shapes.ts'
import type { AssessmentRow } from '../subjects/row.ts'
import { passPoints } from '../subjects/score.ts'
import { type Counted, countNamed, family } from './family.ts'
import { countedInPeriod } from './quality.ts'
import { byRaters, type Scores } from './raters.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Kinds of assessments whose raters are weighed, each with the name of its measures, in the order of their fields: a new one comes last. */
const kinds = {
  knowledge_test: 'knowledgeTest',
  collaboration: 'collaboration',
  teamwork: 'teamwork',
  development: 'development',
  attitude: 'attitude',
} as const
type Kind = keyof typeof kinds

/** By whom each kind of raters speaks: a test that marks itself speaks for the supervisor. */
const speakers: Readonly<Record<Rater, readonly string[]>> = {
  self: ['self'],
  supervisor: ['supervisor', 'system'],
  peer: ['peer'],
  customer: ['customer'],
}

const assessed = (
  field: number,
  isSo: (row: AssessmentRow) => boolean,
  value: (row: AssessmentRow) => number = () => 1,
) => countNamed(field, 'assessment', { at: (row) => (isSo(row) ? row.counted : null), value })

type What = 'Score' | 'Count'
type ScoreName = `${(typeof kinds)[Kind]}By${Capitalize<Rater>}${What}`

const nameOf = (kind: Kind, rater: Rater, what: What): ScoreName =>
  `${kinds[kind]}By${rater[0]!.toUpperCase()}${rater.slice(1)}${what}` as ScoreName

/** Every kind of assessment by every kind of raters, in the order of their fields. */
const pairs = (Object.keys(kinds) as Kind[]).flatMap((kind) =>
  raters.map((rater) => [kind, rater] as const),
)

/** Something of each score. */
const ofScores = <Of>(of: (kind: Kind, rater: Rater, what: What, place: number) => Of) =>
  Object.fromEntries(
    pairs.flatMap(([kind, rater], place) =>
      (['Score', 'Count'] as const).map((what) => [
        nameOf(kind, rater, what),
        of(kind, rater, what, place),
      ]),
    ),
  ) as Record<ScoreName, Of>

const scored = ofScores((kind, rater, what, place): Counted => {
  const isSo = (row: AssessmentRow): boolean =>
    row.kind === kind && speakers[rater].includes(row.rater)
  const field = 100 + 20 * place
  return what === 'Score' ? assessed(field, isSo, (row) => row.score) : assessed(field + 10, isSo)
})

const isTraining = ({ kind }: AssessmentRow): boolean => kind === 'training'
const isTest = ({ kind }: AssessmentRow): boolean => kind === 'knowledge_test'

/** What raters say of agents, and what tests find. */
export const assessments = family('assessments', 32, {
  trainingHeld: assessed(10, isTraining),
  trainingTaken: assessed(20, (row) => isTraining(row) && row.isPassed),
  testTaken: assessed(30, isTest),
  testPassed: assessed(40, (row) => isTest(row) && row.isPassed),
  ...scored,
})

const assessedSql = (where: string, more: { readonly value?: string } = {}) => [
  rowsOf('assessment', 'counted', { where, ...more }),
]

/** The same in SQL. */
export const assessmentSql: FamilySql<keyof typeof assessments.measures> = {
  trainingHeld: assessedSql("kind = 'training'"),
  trainingTaken: assessedSql("kind = 'training' AND isPassed"),
  testTaken: assessedSql("kind = 'knowledge_test'"),
  testPassed: assessedSql("kind = 'knowledge_test' AND isPassed"),
  ...ofScores((kind, rater, what) => {
    const by = speakers[rater].map((one) => `'${one}'`).join(', ')
    const value = what === 'Score' ? { value: 'scoreMillionths' } : {}
    return assessedSql(`kind = '${kind}' AND rater IN (${by})`, value)
  }),
}

const { measures } = assessments

/** An assessment names its period, always. */
const ofAgents = { dimensions: ['agent'], isOfWholePeriods: true } as const
const countedAt = countedInPeriod
const whose =
  'A later event of the same `assessmentId` replaces the assessment, all of it. Credited to the agent whom it names; assessments name no queue and no channel (`no-source`)'

function kindKpi(kind: Kind, name: KpiText, description: KpiText) {
  const scores = Object.fromEntries(
    raters.map((rater): [Rater, Scores] => [
      rater,
      { of: measures[nameOf(kind, rater, 'Score')], per: measures[nameOf(kind, rater, 'Count')] },
    ]),
  ) as Record<Rater, Scores>
  return byRaters(kind, {
    ...{ name, description, direction: 'higher', scores, ...ofAgents },
    docs: {
      formula: `Σ weight × average score by that rater ÷ Σ weight, over the raters with an assessment of kind \`${kind}\``,
      countedAt,
      whenEmpty: '`null`, `nothing-happened`: nobody with a weight assessed anybody',
      note: `0 to 100. Weights are the tenant’s \`raters\`, in force at the end of the period; a \`system\` speaks for the supervisor. The weight of a rater who said nothing is spread over the others in proportion. \`breakdown\` has of each rater the average (\`self\`), how many assessments it is of (\`self_count\`), and the weight that is missing (\`self_missing\`); \`sum\` is in millionths of a point. ${whose}`,
    },
  })
}

const trainingParticipation = ratio('training_participation', {
  name: { en: 'Training participation', zh: '培训参与度' },
  description: {
    en: 'Share of trainings in which agents took part.',
    zh: '坐席参加的培训占应参加培训的比例。',
  },
  direction: 'higher',
  of: measures.trainingTaken,
  per: measures.trainingHeld,
  ...ofAgents,
  docs: {
    formula: 'assessments of kind `training` that were passed ÷ assessments of that kind',
    countedAt,
    whenEmpty: '`null`, `nothing-happened`: no training was assessed',
    note: `passed is what \`passed\` says; where it says nothing, any score above 0. ${whose}`,
  },
})

const testPassRate = ratio('test_pass_rate', {
  name: { en: 'Test pass rate', zh: '测试达标率' },
  description: {
    en: 'Share of knowledge tests that agents passed.',
    zh: '业务知识测试达标的比例。',
  },
  direction: 'higher',
  of: measures.testPassed,
  per: measures.testTaken,
  ...ofAgents,
  docs: {
    formula: 'assessments of kind `knowledge_test` that were passed ÷ assessments of that kind',
    countedAt,
    whenEmpty: '`null`, `nothing-happened`: no test was taken',
    note: `passed is what \`passed\` says; where it says nothing, a score of ${passPoints} or more. ${whose}`,
  },
})

export const assessmentKpis = [
  kindKpi(
    'knowledge_test',
    { en: 'Knowledge test', zh: '业务知识考核' },
    { en: 'Score in tests of knowledge.', zh: '业务知识考核得分。' },
  ),
  testPassRate,
  trainingParticipation,
  kindKpi(
    'collaboration',
    { en: 'Collaboration', zh: '协作性' },
    { en: 'Score for working with others.', zh: '协作性评分。' },
  ),
  kindKpi(
    'teamwork',
    { en: 'Teamwork', zh: '团队合作' },
    { en: 'Score for work in the team.', zh: '团队合作评分。' },
  ),
  kindKpi(
    'development',
    { en: 'Development', zh: '个人发展' },
    { en: 'Score for personal development.', zh: '个人发展评分。' },
  ),
  kindKpi(
    'attitude',
    { en: 'Attitude', zh: '工作态度' },
    { en: 'Score for the attitude to work.', zh: '工作态度评分。' },
  ),
]
