import type { EpochMs } from '../time/time.ts'
import type { AlertLanguage } from './vocabulary.ts'
import { instantText, joinChinese, ruleTitle, sliceWords } from './words.ts'

/** Several alerts of one rule. `slice`: the queue of contacts. `sinceMs`: the earliest. */
export type SummaryFacts = {
  readonly rule: string
  readonly subject: 'contact' | 'agent' | 'source'
  readonly slice: string
  readonly count: number
  readonly sinceMs: EpochMs
}

/** What a summary counts of alerts with this subject. `null`: it has no words for them, so each is told by itself. */
export const summarySubjectOf = (subject: string): SummaryFacts['subject'] | null =>
  summarySubjects.find((kind) => subject.startsWith(`${kind}/`)) ?? null

const summarySubjects = [
  'contact',
  'agent',
  'source',
] as const satisfies readonly SummaryFacts['subject'][]

/** What a person reads of several alerts at once: `12 customers have been waiting in queue billing, the first since 2026-03-02 09:00:27 +08:00`. */
export function summaryText(
  { rule, subject, slice, count, sinceMs }: SummaryFacts,
  language: AlertLanguage,
  timeZone: string,
): string {
  const since = instantText(sinceMs, timeZone)
  const where = slice === noQueue ? nowhere[language] : sliceWords(slice, language)
  if (subject === 'contact') {
    return language === 'en'
      ? `${count} customers have been waiting in ${where}, the first since ${since}`
      : joinChinese([`${where} `, `有 ${count} 位客户仍在等待，最早自 ${since} 起`])
  }
  const title = ruleTitle(rule, language)
  const words = {
    en: { agent: 'agents', source: 'sources' },
    zh: { agent: '位坐席', source: '个数据源' },
  }[language]
  return language === 'en'
    ? `${title}: ${count} ${words[subject]}, the first since ${since}`
    : `${title}：${count} ${words[subject]}，最早自 ${since} 起`
}

const noQueue = 'queue=none'
const nowhere = { en: 'no queue', zh: '未分配队列中' } satisfies Readonly<
  Record<AlertLanguage, string>
>
