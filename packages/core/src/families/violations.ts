import { total } from '../kpis/shapes.ts'
import { count, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Rules that agents broke. */
export const violations = family('violations', 31, {
  bannedPhrase: count(
    1,
    on('violation', {
      at: ({ kind, recorded }) => (kind === 'banned_phrase' ? recorded : null),
      value: (row) => row.count,
    }),
  ),
})

/** The same in SQL. */
export const violationSql: FamilySql<keyof typeof violations.measures> = {
  bannedPhrase: [
    rowsOf('violation', 'recorded', { where: "kind = 'banned_phrase'", value: 'violations' }),
  ],
}

const bannedPhraseViolations = total('banned_phrase_violations', {
  name: { en: 'Banned phrases', zh: '违规用语次数' },
  description: {
    en: 'How often agents used phrases that are banned.',
    zh: '坐席使用违规用语的次数。',
  },
  direction: 'lower',
  targets: { any: { max: 5 } },
  of: violations.measures.bannedPhrase,
  dimensions: ['agent'],
  docs: {
    formula: 'Σ `count`, 1 unless it says otherwise, of violations of kind `banned_phrase`',
    countedAt: 'the first event of the violation',
    whenEmpty: '0',
    note: 'the default target is that of an agent’s month. A later event of the same `violationId` replaces the violation, all of it. Credited to the agent whom it names; violations name no queue and no channel (`no-source`)',
  },
})

export const violationKpis = [bannedPhraseViolations]
