import type { KpiText } from '../kpis/kpi.ts'
import { points, ratio } from '../kpis/shapes.ts'
import type { SurveyRow, SurveySubject } from '../subjects/row.ts'
import { recommendation, type SurveyKind, wholeScore } from '../surveys/score.ts'
import { contacts, handledSql, handledWhere } from './contacts.ts'
import { count, family, on, type RuleOn } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

/** Answers to surveys of a kind. */
const answers = (
  kind: SurveyKind,
  {
    where = () => true,
    value = () => 1,
  }: {
    readonly where?: (row: SurveyRow) => boolean
    readonly value?: (row: SurveyRow) => number
  } = {},
): RuleOn =>
  on('survey', {
    at: (row) => (row.kind === kind && row.answered !== null && where(row) ? row.answered : null),
    value,
  })

const scores = (kind: SurveyKind): RuleOn => answers(kind, { value: ({ score }) => score! })
const answersAbout = (subject: SurveySubject): RuleOn =>
  answers('csat', { where: (row) => row.subject === subject })
const satisfiedAbout = (subject: SurveySubject): RuleOn =>
  answers('csat', { where: (row) => row.subject === subject && row.isSatisfied })

/** What customers said when they were asked, and whether they were. Scores are in millionths of a point. */
export const surveys = family('surveys', 24, {
  csatRated: count(1, answers('csat')),
  csatSatisfied: count(2, answers('csat', { where: (row) => row.isSatisfied })),
  csatScore: count(3, scores('csat')),
  csatHumanRated: count(4, answersAbout('human')),
  csatHumanSatisfied: count(5, satisfiedAbout('human')),
  csatBotRated: count(6, answersAbout('bot')),
  csatBotSatisfied: count(7, satisfiedAbout('bot')),
  csatAssistedRated: count(8, answersAbout('assisted')),
  csatAssistedSatisfied: count(9, satisfiedAbout('assisted')),
  npsRated: count(10, answers('nps')),
  /** Who recommends less who advises against, in hundredths. */
  npsBalance: count(
    11,
    answers('nps', { value: (row) => 100 * recommendation({ score: row.score! }) }),
  ),
  cesRated: count(12, answers('ces')),
  cesScore: count(13, scores('ces')),
  qualityRated: count(14, answers('quality')),
  qualityRating: count(15, scores('quality')),
  surveySent: count(16, on('survey', { at: (row) => row.invited })),
  surveyReturned: count(17, on('survey', { at: (row) => (row.isReturned ? row.invited : null) })),
  handledInvited: count(18, ...handledWhere((row) => row.isInvited)),
})

const answersSql = (kind: SurveyKind, more?: string, value?: string): readonly SqlTerm[] => [
  rowsOf('survey', 'answered', {
    where: `kind = '${kind}' AND answeredAt IS NOT NULL${more === undefined ? '' : ` AND ${more}`}`,
    ...(value !== undefined && { value }),
  }),
]
const subjectSql = (subject: SurveySubject, more = ''): readonly SqlTerm[] =>
  answersSql('csat', `subject = '${subject}'${more}`)

/** The same in SQL. */
export const surveySql: FamilySql<keyof typeof surveys.measures> = {
  csatRated: answersSql('csat'),
  csatSatisfied: answersSql('csat', 'isSatisfied'),
  csatScore: answersSql('csat', undefined, 'scoreMillionths'),
  csatHumanRated: subjectSql('human'),
  csatHumanSatisfied: subjectSql('human', ' AND isSatisfied'),
  csatBotRated: subjectSql('bot'),
  csatBotSatisfied: subjectSql('bot', ' AND isSatisfied'),
  csatAssistedRated: subjectSql('assisted'),
  csatAssistedSatisfied: subjectSql('assisted', ' AND isSatisfied'),
  npsRated: answersSql('nps'),
  npsBalance: answersSql(
    'nps',
    undefined,
    `CASE WHEN scoreMillionths >= ${0.9 * wholeScore} THEN 100 WHEN scoreMillionths <= ${0.6 * wholeScore} THEN -100 ELSE 0 END`,
  ),
  cesRated: answersSql('ces'),
  cesScore: answersSql('ces', undefined, 'scoreMillionths'),
  qualityRated: answersSql('quality'),
  qualityRating: answersSql('quality', undefined, 'scoreMillionths'),
  surveySent: [rowsOf('survey', 'invited')],
  surveyReturned: [rowsOf('survey', 'invited', { where: 'isReturned' })],
  handledInvited: handledSql('isInvited'),
}

const m = surveys.measures

const credited =
  'credited to the agent that the survey names, else to who last wrote to or owned the contact before its last `contact.resolved` (else its last `contact.released` or `contact.ended`; else until the survey), and to the queue then. A later answer to the same contact (else `surveyId`) and kind replaces the one before, at its own time. A survey without `contactId` is in `queue=none` and `channel=unknown`'

type Csat = {
  readonly name: KpiText
  readonly description: KpiText
  readonly of: keyof typeof surveys.measures
  readonly per: keyof typeof surveys.measures
  readonly whose: string
  readonly note: string
}

const csatOf = (id: string, { name, description, of, per, whose, note }: Csat) =>
  ratio(id, {
    ...{ name, description, direction: 'higher', targets: { any: { min: 0.9 } } },
    of: m[of],
    per: m[per],
    docs: {
      formula: `${whose} that are satisfied ÷ ${whose}`,
      countedAt: 'the answer, the last one of a contact',
      whenEmpty: '`null`, `nothing-happened`: nobody answered',
      note,
    },
  })

const csatKpis = [
  csatOf('csat', {
    name: { en: 'Customer satisfaction', zh: '客户满意度' },
    description: {
      en: 'Share of answers to satisfaction surveys that are satisfied.',
      zh: '满意度调查中满意的评价所占比例。',
    },
    ...{ of: 'csatSatisfied', per: 'csatRated', whose: 'answers of kind `csat`' },
    note: `satisfied: from \`satisfiedFrom\` on, else from three quarters of the scale (4 and 5 of 1 to 5). Neutral ones are in the denominator, who does not answer is in neither; ${credited}`,
  }),
  csatOf('csat_human', {
    name: { en: 'Customer satisfaction, humans', zh: '客户满意度（人工）' },
    description: {
      en: 'Customer satisfaction with contacts that a human had and no bot wrote to.',
      zh: '仅由人工服务、机器人未发言的会话的满意度。',
    },
    ...{ of: 'csatHumanSatisfied', per: 'csatHumanRated' },
    whose: 'answers of kind `csat` in whose contact a human wrote or owned it, and no bot wrote,',
    note: 'as `csat`; what happened until the answer says whose it is. Automatic replies (`automatic: true`) are no bot’s writing. A survey that names an agent, and no contact, is a human’s',
  }),
  csatOf('csat_bot', {
    name: { en: 'Customer satisfaction, bots', zh: '客户满意度（机器人）' },
    description: {
      en: 'Customer satisfaction with contacts that a bot alone had.',
      zh: '仅由机器人服务的会话的满意度。',
    },
    ...{ of: 'csatBotSatisfied', per: 'csatBotRated' },
    whose: 'answers of kind `csat` in whose contact a bot wrote, and no human wrote or owned it,',
    note: 'as `csat_human`',
  }),
  csatOf('csat_assisted', {
    name: { en: 'Customer satisfaction, bot and human', zh: '客户满意度（人机协同）' },
    description: {
      en: 'Customer satisfaction with contacts that a bot and a human had.',
      zh: '机器人与人工共同服务的会话的满意度。',
    },
    ...{ of: 'csatAssistedSatisfied', per: 'csatAssistedRated' },
    whose: 'answers of kind `csat` in whose contact a bot wrote, and a human wrote or owned it,',
    note: 'as `csat_human`',
  }),
]

type Scored = {
  readonly name: KpiText
  readonly description: KpiText
  readonly of: keyof typeof surveys.measures
  readonly per: keyof typeof surveys.measures
  readonly kind: SurveyKind
}

const scoreOf = (id: string, { name, description, of, per, kind }: Scored) =>
  points(id, {
    ...{ name, description, direction: 'higher' },
    of: m[of],
    per: m[per],
    docs: {
      formula: `mean of the scores of answers of kind \`${kind}\`, each from 0 to 100 on its own scale`,
      countedAt: 'the answer, the last one of a contact',
      whenEmpty: '`null`, `nothing-happened`: nobody answered',
      note: `\`sum\` is in millionths of a point. A score is 100 × (score − \`scaleMin\`) ÷ (\`scaleMax\` − \`scaleMin\`), from the other end where \`reversed\`; ${credited}`,
    },
  })

const scoreKpis = [
  scoreOf('csat_score', {
    name: { en: 'Customer satisfaction score', zh: '客户满意度得分' },
    description: {
      en: 'Mean score of satisfaction surveys, from 0 to 100.',
      zh: '满意度调查的平均得分，0 至 100 分。',
    },
    ...{ of: 'csatScore', per: 'csatRated', kind: 'csat' },
  }),
  scoreOf('ces', {
    name: { en: 'Customer effort score', zh: '客户费力度得分' },
    description: {
      en: 'Mean score of effort surveys, from 0 to 100: the more, the easier it was.',
      zh: '费力度调查的平均得分，0 至 100 分，越高越省力。',
    },
    ...{ of: 'cesScore', per: 'cesRated', kind: 'ces' },
  }),
  scoreOf('service_quality_score', {
    name: { en: 'Service quality score', zh: '服务质量评分' },
    description: {
      en: 'Mean score of quality surveys, from 0 to 100.',
      zh: '服务质量调查的平均得分，0 至 100 分。',
    },
    ...{ of: 'qualityRating', per: 'qualityRated', kind: 'quality' },
  }),
]

const nps = ratio('nps', {
  name: { en: 'Net promoter score', zh: '净推荐值' },
  description: {
    en: 'Share of those who recommend less the share of those who advise against, from −100 to 100.',
    zh: '推荐者比例减去贬损者比例，−100 至 100。',
  },
  ...{ direction: 'higher', unit: 'index' },
  of: m.npsBalance,
  per: m.npsRated,
  docs: {
    formula: '100 × (answers of kind `nps` from 9 on − those up to 6) ÷ answers of that kind',
    countedAt: 'the answer, the last one of a contact',
    whenEmpty: '`null`, `nothing-happened`: nobody answered',
    note: `on a scale from 0 to 10; of another one, from nine tenths and up to six tenths of it; ${credited}`,
  },
})

const inviteRate = ratio('survey_invite_rate', {
  name: { en: 'Survey invitation rate', zh: '邀评率' },
  description: {
    en: 'Share of contacts handled whose customer was asked for a rating.',
    zh: '已处理会话中邀请客户评价的比例。',
  },
  direction: 'higher',
  of: m.handledInvited,
  per: contacts.measures.contactHandled,
  docs: {
    formula: 'contacts handled with a `survey.sent` of any kind ÷ contacts handled',
    countedAt: 'the handling, as `contacts_handled`',
    whenEmpty: '`null`, `nothing-happened`: no contact was handled',
    note: 'an invitation that comes later changes the value where the contact was handled. Surveys without `contactId` are not in it',
  },
})

const responseRate = ratio('survey_response_rate', {
  name: { en: 'Survey response rate', zh: '评价率' },
  description: {
    en: 'Share of surveys sent that were answered.',
    zh: '已发出的评价邀请中客户作出评价的比例。',
  },
  direction: 'higher',
  of: m.surveyReturned,
  per: m.surveySent,
  docs: {
    formula: 'surveys sent that were answered ÷ surveys sent, each once a contact and kind',
    countedAt: 'the first `survey.sent` of the contact (else `surveyId`) and kind',
    whenEmpty: '`null`, `nothing-happened`: no survey was sent',
    note: `an answer changes the value where the survey was sent. An answer to what was not sent is not in it; ${credited.split('. ')[0]!}`,
  },
})

export const surveyKpis = [...csatKpis, ...scoreKpis, nps, inviteRate, responseRate]
