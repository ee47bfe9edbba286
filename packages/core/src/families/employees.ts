import { points } from '../kpis/shapes.ts'
import { count, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** What employees say of the work. */
export const employees = family('employees', 33, {
  employeeAnswered: count(1, on('employee-survey', { at: (row) => row.answered })),
  employeeScore: count(
    2,
    on('employee-survey', { at: (row) => row.answered, value: (row) => row.score }),
  ),
})

/** The same in SQL. */
export const employeeSql: FamilySql<keyof typeof employees.measures> = {
  employeeAnswered: [rowsOf('employee-survey', 'answered')],
  employeeScore: [rowsOf('employee-survey', 'answered', { value: 'scoreMillionths' })],
}

const employeeSatisfaction = points('employee_satisfaction', {
  name: { en: 'Employee satisfaction', zh: '员工满意度' },
  description: {
    en: 'Average score that employees gave the work, of 100.',
    zh: '员工满意度调查的平均得分（百分制）。',
  },
  direction: 'higher',
  of: employees.measures.employeeScore,
  per: employees.measures.employeeAnswered,
  dimensions: [],
  docs: {
    formula: 'Σ 100 × (`score` − `scaleMin`) ÷ (`scaleMax` − `scaleMin`) ÷ answers',
    countedAt: 'the first event of the answer',
    whenEmpty: '`null`, `nothing-happened`: nobody answered',
    note: '`sum` is in millionths of a point. A later event of the same `surveyId` replaces the answer, all of it. Answers name nobody: `all` alone has a value (elsewhere `no-source`)',
  },
})

export const employeeKpis = [employeeSatisfaction]
