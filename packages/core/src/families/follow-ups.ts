import { ratio } from '../kpis/shapes.ts'
import { count, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Call-back visits that were planned. */
export const followUps = family('follow-ups', 22, {
  followUpDue: count(1, on('follow-up', { at: (row) => row.due })),
  followUpDone: count(2, on('follow-up', { at: ({ due, isDone }) => (isDone ? due : null) })),
})

/** The same in SQL. */
export const followUpSql: FamilySql<keyof typeof followUps.measures> = {
  followUpDue: [rowsOf('follow-up', 'due')],
  followUpDone: [rowsOf('follow-up', 'due', { where: 'isDone' })],
}

const { followUpDue, followUpDone } = followUps.measures

const followUpRate = ratio('follow_up_rate', {
  name: { en: 'Follow-up rate', zh: '客户回访率' },
  description: {
    en: 'Share of planned follow-ups that were done, at their due date.',
    zh: '已完成回访占到期计划回访的比例，按到期日统计。',
  },
  direction: 'higher',
  of: followUpDone,
  per: followUpDue,
  dimensions: ['agent'],
  docs: {
    formula: 'follow-ups that were done ÷ follow-ups that were planned and are due',
    countedAt:
      'the due date that was told last, but not before the planning nor more than 366 days after it; without one, the planning',
    whenEmpty: '`null`, `nothing-happened`: none was due',
    note: 'one that is done late counts as done where it was due; one that was done and never planned is in neither. Credited to the agent whom its events name last, else to `agent=none`; follow-ups name no queue and no channel (`no-source`)',
  },
})

export const followUpKpis = [followUpRate]
