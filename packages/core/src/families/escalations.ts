import type { KpiText } from '../kpis/kpi.ts'
import { average } from '../kpis/shapes.ts'
import { hourMs } from '../time/time.ts'
import type { EscalationRow } from '../subjects/row.ts'
import { duration, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

const reacted = (isCounted: (row: EscalationRow) => boolean) =>
  on('escalation', {
    at: (row) => (isCounted(row) ? row.reacted : null),
    value: (row) => row.reacted!.afterMs,
  })

/** Escalations: how soon another agent got to them. */
export const escalations = family('escalations', 10, {
  managerReaction: duration(
    1,
    reacted(() => true),
  ),
  managerReactionConflict: duration(
    2,
    reacted(({ kind }) => kind === 'conflict'),
  ),
  managerReactionTechnical: duration(
    3,
    reacted(({ kind }) => kind === 'technical'),
  ),
})

const reactedSql = (where?: string) => [
  rowsOf('escalation', 'reacted', { value: 'afterMs', ...(where !== undefined && { where }) }),
]

/** The same in SQL. */
export const escalationSql: FamilySql<keyof typeof escalations.measures> = {
  managerReaction: reactedSql(),
  managerReactionConflict: reactedSql("kind = 'conflict'"),
  managerReactionTechnical: reactedSql("kind = 'technical'"),
}

type Kind = {
  readonly id: string
  readonly name: KpiText
  readonly of: keyof typeof escalations.measures
  /** What escalations it is of. */
  readonly which: KpiText
  readonly maxMs?: number
}

const reactionTime = ({ id, name, of, which, maxMs }: Kind) =>
  average(id, {
    name,
    description: {
      en: `From ${which.en} until another agent got to it, at that reaction.`,
      zh: `从${which.zh}到其他坐席首次响应的时间，按响应时刻统计。`,
    },
    direction: 'lower',
    targets: maxMs === undefined ? {} : { any: { max: maxMs } },
    of: escalations.measures[of],
    percentiles: [90],
    docs: {
      formula: `\`sum ÷ count\` of reaction − escalation, of ${which.en}; p90 beside it`,
      countedAt:
        'the reaction: the first assignment to, or public message by, another agent than the one who held it',
      whenEmpty: '`null`, `nothing-happened`: nobody reacted to any',
      note: 'who held it is its owner, else who escalated it, else the last human who wrote. Calendar time, credited to the queue then and to who reacted. Each escalation counts once; what happens while a bot alone has the contact is none',
    },
  })

export const escalationKpis = [
  reactionTime({
    id: 'manager_reaction_time',
    name: { en: 'Manager reaction time', zh: '升级响应时间' },
    of: 'managerReaction',
    which: { en: 'an escalation', zh: '升级' },
  }),
  reactionTime({
    id: 'manager_reaction_time_conflict',
    name: { en: 'Manager reaction time, conflicts', zh: '冲突响应时间' },
    of: 'managerReactionConflict',
    which: { en: 'an escalation of kind `conflict`', zh: '冲突升级' },
    maxMs: 3 * hourMs,
  }),
  reactionTime({
    id: 'manager_reaction_time_technical',
    name: { en: 'Manager reaction time, technical', zh: '技术答复时间' },
    of: 'managerReactionTechnical',
    which: { en: 'an escalation of kind `technical`', zh: '技术升级' },
    maxMs: 8 * hourMs,
  }),
]
