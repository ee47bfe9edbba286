import { type Catalogue, catalogueOf } from '../families/catalogue.ts'
import { decodeId } from '../state/keys.ts'
import type { EpochMs } from '../time/time.ts'
import type { AlertText } from './rule.ts'
import type { AlertTransition } from './transition.ts'
import { type AlertLanguage, alertVocabulary } from './vocabulary.ts'
import {
  absentWord,
  channelText,
  cleanWord,
  durationText,
  instantText,
  joinChinese,
  ruleTitle,
  severityWords,
  sliceWords,
  stateText,
  valueText,
} from './words.ts'

/** What a text may say in braces, such as `{value}`. */
export const alertPlaceholders = [
  'tenant',
  'rule',
  'severity',
  /** `contact c-17`, `source crm`, `queue billing`. */
  'subject',
  'slice',
  'contact',
  'agent',
  'state',
  'channel',
  'kpi',
  'value',
  'limit',
  /** Since when what it is about goes on; when it passed its limit; when it ended; and how long it fired. */
  'since',
  'started',
  'ended',
  'lasted',
  /** The alert page; nothing at all when the installation has no public address. */
  'url',
] as const
export type AlertPlaceholder = (typeof alertPlaceholders)[number]

const placeholder = /\{([^{}]*)\}/g
const known: ReadonlySet<string> = new Set(alertPlaceholders)
const isPlaceholder = (name: string): name is AlertPlaceholder => known.has(name)

/** The first thing in braces that is no placeholder, and what may stand there; `null`: the text can be rendered. */
export function checkTemplate(
  template: string,
): { readonly expected: string; readonly got: string } | null {
  for (const [whole, name = ''] of template.matchAll(placeholder)) {
    if (!isPlaceholder(name))
      return {
        expected: `one of ${alertPlaceholders.map((each) => `{${each}}`).join(' ')}`,
        got: cleanWord(whole),
      }
  }
  return null
}

export type TextFacts = Omit<AlertTransition, 'number' | 'detectedMs' | 'late'>

/**
 * What a person reads of an alert. A resolved one has a further line, which says how it ended. Values are words of the language, instants local to
 * `timeZone`; what sources sent (ids, names) is cleaned and bounded. `catalogue`: the tenant's, for the names of KPIs.
 */
export function renderText(
  template: AlertText,
  facts: TextFacts,
  language: AlertLanguage,
  timeZone: string,
  url: string | null,
  catalogue: Catalogue = catalogueOf(),
): string {
  // Every second part is a name that stood in braces.
  const parts = template[language].split(placeholder).map((part, index) => {
    if (index % 2 === 0) return part
    return isPlaceholder(part)
      ? wordOf(part, facts, { language, timeZone, url, catalogue })
      : `{${part}}`
  })
  const filled = language === 'zh' ? joinChinese(parts) : parts.join('')
  const text = filled.replace(/[ \t]+$/gm, '')
  return facts.status === 'resolved' ? `${text}\n${endText(facts, language, timeZone)}` : text
}

type Speech = {
  readonly language: AlertLanguage
  readonly timeZone: string
  readonly url: string | null
  readonly catalogue: Catalogue
}

function wordOf(
  name: AlertPlaceholder,
  facts: TextFacts,
  { language, timeZone, url, catalogue }: Speech,
): string {
  switch (name) {
    case 'tenant':
      return cleanWord(facts.tenant)
    case 'rule':
      return ruleTitle(facts.rule, language)
    case 'severity':
      return severityWords[language][facts.severity]
    case 'subject':
      return subjectText(facts, language)
    case 'slice':
      return sliceWords(facts.slice, language)
    case 'contact':
      return cleanWord(facts.contactId ?? '')
    case 'agent':
      return cleanWord(facts.agentId ?? '')
    case 'state':
      return stateText(facts.state ?? '', language)
    case 'channel':
      return channelText(facts.channel ?? '', language)
    case 'kpi':
      return catalogue.byId(facts.kpi ?? '')?.name[language] ?? cleanWord(facts.kpi ?? '')
    case 'value':
      return valueText(
        facts.value,
        facts.unit,
        language,
        facts.kind === 'windowed' ? facts.limit : null,
      )
    case 'limit':
      return valueText(facts.limit, facts.unit, language)
    case 'since':
      return instantText(facts.sinceMs, timeZone)
    case 'started':
      return instantText(facts.startedMs, timeZone)
    case 'ended':
      return facts.endedMs === null ? absentWord : instantText(facts.endedMs, timeZone)
    case 'lasted':
      return facts.endedMs === null
        ? absentWord
        : durationText(facts.endedMs - facts.startedMs, language)
    case 'url':
      return url ?? ''
  }
}

/** `contact c-17`, `source crm`, `queue billing`, `the pipeline`. */
export function subjectText(
  { subject, contactId, agentId }: Pick<TextFacts, 'subject' | 'contactId' | 'agentId'>,
  language: AlertLanguage,
): string {
  const words = alertVocabulary[language].subjects
  const slash = subject.indexOf('/')
  const kind = slash < 0 ? subject : subject.slice(0, slash)
  const id = slash < 0 ? '' : subject.slice(slash + 1)
  switch (kind) {
    case 'contact':
      return `${words.contact} ${cleanWord(contactId ?? decoded(id))}`
    case 'agent':
      return `${words.agent} ${cleanWord(agentId ?? decoded(id))}`
    case 'source':
    case 'endpoint':
    case 'records':
      return `${words[kind]} ${cleanWord(decoded(id))}`
    case 'slice':
      return sliceWords(id, language)
    case 'dimension':
      return dimensionText(id, language)
    case 'pipeline':
    case 'clock':
      return words[kind]
    default:
      return cleanWord(subject)
  }
}

function dimensionText(dimension: string, language: AlertLanguage): string {
  const words: Readonly<Record<string, string>> = alertVocabulary[language].dimensions
  return `${alertVocabulary[language].subjects.dimension} ${Object.hasOwn(words, dimension) ? words[dimension] : cleanWord(dimension)}`
}

/** Ids in a subject may be percent-encoded; one that is not is itself. */
function decoded(id: string): string {
  try {
    return decodeId(id)
  } catch {
    return id
  }
}

function endText(
  { subject, startedMs, endedMs, end }: TextFacts,
  language: AlertLanguage,
  timeZone: string,
): string {
  if (end === 'retracted')
    return retractedText[language][subject.startsWith('contact/') ? 'contact' : 'other']
  const atMs = endedMs ?? startedMs
  const [at, lasted] = [
    instantText(atMs, timeZone),
    durationText(elapsed(startedMs, atMs), language),
  ]
  const isWithdrawn = end === 'withdrawn'
  if (language === 'en') {
    const ended = `${isWithdrawn ? 'Withdrawn' : 'Resolved'} at ${at} after ${lasted}`
    return isWithdrawn
      ? `${ended}: the rule was changed or disabled, or no longer covers this.`
      : `${ended}.`
  }
  const ended = `${isWithdrawn ? '已取消' : '已恢复'}：${at}，持续 ${lasted}`
  return isWithdrawn ? `${ended}；规则已变更或停用，或不再适用于该对象。` : `${ended}。`
}

const retractedText = {
  en: {
    contact: 'Retracted: the customer was answered in time; the data of that answer arrived late.',
    other: 'Retracted: it ended in time; the data of its end arrived late.',
  },
  zh: {
    contact: '已撤销：客户已按时得到回复，该回复的数据到达较晚。',
    other: '已撤销：实际未超过时限，相关数据到达较晚。',
  },
} satisfies Readonly<Record<AlertLanguage, Readonly<Record<'contact' | 'other', string>>>>

const elapsed = (startedMs: EpochMs, endedMs: EpochMs): number => Math.max(0, endedMs - startedMs)
