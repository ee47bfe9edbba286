import type { IssuedPeriods } from '../closed/issued-period.ts'
import { type AlertLanguage, alertVocabulary } from './vocabulary.ts'
import { cleanWord } from './words.ts'

/** What a person reads of what was issued of closed periods: `acme: day 2026-03-01 was closed, 12 rows`. */
export function issuedText(
  { tenant, periods }: Pick<IssuedPeriods, 'tenant' | 'periods'>,
  language: AlertLanguage,
): string {
  const rows = periods.reduce((sum, period) => sum + period.rows, 0)
  const [only] = periods
  const name = cleanWord(tenant)
  if (only === undefined || periods.length > 1)
    return language === 'en'
      ? `${name}: ${rowsOf(rows)} of ${periods.length} closed periods were issued`
      : `${name}：已发布 ${periods.length} 个已关闭周期的 ${rows} 行`
  const { kind, label, cause, revision } = only
  const word = alertVocabulary[language].periods[kind]
  if (language === 'zh') {
    const issued = revision === 1 ? '已发布' : `已重新发布（修订版 ${revision}）`
    return `${name}：${label}（${word}）${cause === 'closed' ? '已关闭' : issued}，${rows} 行`
  }
  const issued = revision === 1 ? 'issued' : `issued again (revision ${revision})`
  return `${name}: ${word} ${label} was ${cause === 'closed' ? 'closed' : issued}, ${rowsOf(rows)}`
}

const rowsOf = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`)
