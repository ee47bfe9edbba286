import { catalogueOf } from '../families/catalogue.ts'
import type { AppealChange, AppealDecision } from '../subjects/own-id/appeal-change.ts'
import { subjectText } from './text.ts'
import type { AlertLanguage } from './vocabulary.ts'
import { cleanWord } from './words.ts'

/** KPIs that are named; more of them are counted. */
const namedMax = 5

/** What a person reads of an appeal: `Appeal filed: agent lin, 2026-03-01 to 2026-03-31, about 2 contacts, 1 score, KPI Customer satisfaction`. */
export function appealText(appeal: AppealChange, language: AlertLanguage): string {
  const { agentId, start, end, decided } = appeal
  const by = decided === null ? '' : cleanWord(decided.by)
  const agent = subjectText({ subject: 'agent', agentId }, language)
  const about = aboutOf(appeal, language)
  if (language === 'zh') {
    const what =
      decided === null ? '申诉已提交' : `申诉已由 ${by} ${decisions.zh[decided.decision]}`
    const period = start === end ? start : `${start} 至 ${end}`
    return `${what}：${agent}，${period}，涉及 ${about.join('、')}`
  }
  const what =
    decided === null ? 'Appeal filed' : `Appeal ${decisions.en[decided.decision]} by ${by}`
  const period = start === end ? start : `${start} to ${end}`
  return `${what}: ${agent}, ${period}, about ${about.join(', ')}`
}

const decisions: Readonly<Record<AlertLanguage, Readonly<Record<AppealDecision, string>>>> = {
  en: { granted: 'granted', 'partly-granted': 'granted in part', refused: 'refused' },
  zh: { granted: '批准', 'partly-granted': '部分批准', refused: '驳回' },
}

function aboutOf(
  { contacts, scores, kpis }: AppealChange,
  language: AlertLanguage,
): readonly string[] {
  const catalogue = catalogueOf()
  const named = kpis
    .slice(0, namedMax)
    .map((id) => catalogue.byId(id)?.name[language] ?? cleanWord(id))
  const more = kpis.length - named.length
  const about =
    language === 'zh'
      ? [
          contacts > 0 && `${contacts} 个会话`,
          scores > 0 && `${scores} 项评分`,
          named.length > 0 && `指标 ${named.join('、')}`,
          more > 0 && `另外 ${more} 个指标`,
        ]
      : [
          contacts > 0 && counted(contacts, 'contact'),
          scores > 0 && counted(scores, 'score'),
          named.length > 0 && `${kpis.length === 1 ? 'KPI' : 'KPIs'} ${named.join(', ')}`,
          more > 0 && `${counted(more, 'KPI')} more`,
        ]
  return about.filter((one) => one !== false)
}

const counted = (count: number, word: string): string =>
  `${count} ${count === 1 ? word : `${word}s`}`
