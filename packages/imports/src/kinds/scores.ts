import { choice, flag, id, numberFrom, time, wholeFrom, word, wordOr } from '../cells.ts'
import {
  type Cells,
  type Column,
  dateOf,
  type Happened,
  type ImportKind,
  type Unread,
} from '../column.ts'
import { agent, contact, ownId, period } from './common.ts'

const score: Column = {
  name: { en: 'score', zh: '得分' },
  fills: ['score'],
  isRequired: true,
  read: numberFrom(0, 100),
  examples: ['92', '87.5'],
}

const passed = (...examples: Column['examples']): Column => ({
  name: { en: 'passed', zh: '是否合格' },
  fills: ['passed'],
  read: flag,
  examples,
})

const yes = { en: 'yes', zh: '是' }
const no = { en: 'no', zh: '否' }

/** Where a period is told, at its end: the score counts in it, whenever it was given. */
function reviewed({ time: at, periodEnd }: Cells): Happened | Unread {
  if (periodEnd !== undefined) return { endOf: dateOf(periodEnd) }
  return at === undefined
    ? {
        expected: {
          en: 'a time, or a period: the score counts there',
          zh: '质检时间或周期：得分计入其中',
        },
      }
    : { at }
}

/** Reviews of quality, by samples. */
export const quality: ImportKind = {
  name: 'quality',
  title: { en: 'Quality reviews', zh: '质检评分' },
  description: {
    en: 'Reviews of contacts by samples. A review counts in the period that it names, else at its time.',
    zh: '会话抽检评分。填写周期的计入该周期，否则计入质检时间。',
  },
  type: 'quality.reviewed',
  idAttribute: 'reviewId',
  columns: {
    id: ownId('QA-1024', ''),
    agent: agent('lin.na', 'wang.wei'),
    kind: {
      name: { en: 'kind', zh: '质检类型' },
      fills: ['kind'],
      isRequired: true,
      read: choice({ call: '话务质量', ticket_hygiene: '工单规范', accuracy: '准确率' }),
      examples: [
        { en: 'call', zh: '话务质量' },
        { en: 'ticket_hygiene', zh: '工单规范' },
      ],
    },
    score,
    passed: passed(yes, no),
    criticalErrors: {
      name: { en: 'criticalErrors', zh: '致命错误数' },
      fills: ['criticalErrors'],
      read: wholeFrom(0, 1_000),
      examples: ['0', ''],
    },
    form: {
      name: { en: 'form', zh: '评分表' },
      fills: ['form'],
      read: word,
      examples: ['calls', ''],
    },
    formVersion: {
      name: { en: 'formVersion', zh: '评分表版本' },
      fills: ['formVersion'],
      read: word,
      examples: ['3', ''],
    },
    calibration: {
      name: { en: 'calibration', zh: '是否校准' },
      fills: ['calibration'],
      read: flag,
      examples: ['', ''],
    },
    reviewer: {
      name: { en: 'reviewer', zh: '质检员' },
      fills: ['reviewerId'],
      read: id,
      examples: ['zhao.min', 'zhao.min'],
    },
    contact: contact('call-20260302-0917', ''),
    time: {
      name: { en: 'time', zh: '质检时间' },
      read: time,
      examples: ['2026-03-02T16:40:00+08:00', ''],
    },
    ...period(false, ['', ''], ['2026-02-01', '2026-02-28']),
  },
  about: ['agent', 'kind', 'form', 'reviewer', 'contact', 'time', 'periodStart', 'periodEnd'],
  happened: reviewed,
}

/** Manual scores of agents, by raters. */
export const assessments: ImportKind = {
  name: 'assessments',
  title: { en: 'Assessments', zh: '人工考核' },
  description: {
    en: 'Scores that raters give agents for a period: knowledge tests, training, attitude, teamwork.',
    zh: '评分人对坐席在一个周期内的评分：业务知识考核、培训、工作态度、团队合作等。',
  },
  type: 'agent.assessed',
  idAttribute: 'assessmentId',
  columns: {
    id: ownId('', ''),
    agent: agent('lin.na', 'lin.na'),
    kind: {
      name: { en: 'kind', zh: '考核项目' },
      fills: ['kind'],
      isRequired: true,
      read: wordOr({
        ...{ knowledge_test: '业务知识考核', training: '培训参与度', collaboration: '协作性' },
        ...{ attitude: '工作态度', development: '发展能力', teamwork: '团队合作' },
      }),
      examples: [
        { en: 'knowledge_test', zh: '业务知识考核' },
        { en: 'collaboration', zh: '协作性' },
      ],
    },
    rater: {
      name: { en: 'rater', zh: '评分人' },
      fills: ['rater'],
      isRequired: true,
      read: choice({
        ...{ self: '本人', supervisor: '上级', peer: '同事' },
        ...{ customer: '客户', system: '系统' },
      }),
      examples: [
        { en: 'system', zh: '系统' },
        { en: 'supervisor', zh: '上级' },
      ],
    },
    score,
    passed: passed(yes, ''),
    ...period(true, ['2026-02-01', '2026-02-28'], ['2026/2/1', '2026/2/28']),
  },
  about: ['agent', 'kind', 'rater', 'periodStart', 'periodEnd'],
  happened: ({ periodEnd }) => ({ endOf: dateOf(periodEnd!) }),
}

/** Rules that an agent broke. */
export const violations: ImportKind = {
  name: 'violations',
  title: { en: 'Violations', zh: '违规记录' },
  description: {
    en: 'Rules that an agent broke, and when. Without a count it was once.',
    zh: '坐席的违规及其发生时间。不填次数即为一次。',
  },
  type: 'violation.recorded',
  idAttribute: 'violationId',
  columns: {
    id: ownId('', 'V-77'),
    agent: agent('wang.wei', 'lin.na'),
    kind: {
      name: { en: 'kind', zh: '违规类型' },
      fills: ['kind'],
      isRequired: true,
      read: wordOr({ banned_phrase: '违规用语' }),
      examples: [{ en: 'banned_phrase', zh: '违规用语' }, 'no_greeting'],
    },
    time: {
      name: { en: 'time', zh: '发生时间' },
      isRequired: true,
      read: time,
      examples: ['2026-03-02T10:12:00+08:00', '2026-03-02T15:30:00+08:00'],
    },
    count: {
      name: { en: 'count', zh: '次数' },
      fills: ['count'],
      read: wholeFrom(0, 1_000_000_000),
      examples: ['', '2'],
    },
    contact: contact('chat-5521', ''),
  },
  about: ['agent', 'kind', 'time', 'contact'],
  happened: ({ time: at }) => ({ at: at! }),
}

const onScale = (name: Column['name'], fills: string, ...examples: Column['examples']): Column => ({
  ...{ name, fills: [fills], isRequired: true, examples },
  read: numberFrom(-1_000_000, 1_000_000),
})

/** What employees say of their work. A row is nobody’s: it has the number of its sheet. */
export const employeeSurveys: ImportKind = {
  name: 'employee-surveys',
  title: { en: 'Employee surveys', zh: '员工满意度' },
  description: {
    en: 'How content employees are: the sheets of a survey, each by its number.',
    zh: '员工满意度问卷，每份以编号区分。',
  },
  type: 'employee.surveyed',
  idAttribute: 'surveyId',
  columns: {
    id: { ...ownId('2026Q1-001', '2026Q1-002'), isRequired: true },
    time: {
      name: { en: 'time', zh: '填写时间' },
      isRequired: true,
      read: time,
      examples: ['2026-03-02T18:00:00+08:00', '2026-03-03T09:20:00+08:00'],
    },
    score: onScale({ en: 'score', zh: '得分' }, 'score', '4', '5'),
    scaleMin: onScale({ en: 'scaleMin', zh: '量表最低分' }, 'scaleMin', '1', '1'),
    scaleMax: onScale({ en: 'scaleMax', zh: '量表最高分' }, 'scaleMax', '5', '5'),
  },
  about: [],
  happened: ({ time: at }) => ({ at: at! }),
}
