import { type Catalogue, catalogueOf } from '../kpis/catalogue.ts'
import { decodeId } from '../state/keys.ts'
import type { EpochMs } from '../time/time.ts'
import type { AlertText } from './rule.ts'
import type { AlertTransition } from './transition.ts'
import {
  absentWord,
  type AlertLanguage,
  cleanWord,
  durationText,
  instantText,
  severityWords,
  sliceWords,
  stateText,
  subjectWords,
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
export function checkTemplate(template: string): { readonly expected: string; readonly got: string } | null {
  for (const [whole, name = ''] of template.matchAll(placeholder)) {
    if (!isPlaceholder(name)) return { expected: `one of ${alertPlaceholders.map((each) => `{${each}}`).join(' ')}`, got: cleanWord(whole) }
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
  const filled = template[language].replace(placeholder, (whole: string, name: string) =>
    isPlaceholder(name) ? wordOf(name, facts, { language, timeZone, url, catalogue }) : whole,
  )
  const text = filled.replace(/[ \t]+$/gm, '')
  return facts.status === 'resolved' ? `${text}\n${endText(facts, language, timeZone)}` : text
}

type Speech = { readonly language: AlertLanguage; readonly timeZone: string; readonly url: string | null; readonly catalogue: Catalogue }

function wordOf(name: AlertPlaceholder, facts: TextFacts, { language, timeZone, url, catalogue }: Speech): string {
  switch (name) {
    case 'tenant':
      return cleanWord(facts.tenant)
    case 'rule':
      return cleanWord(facts.rule)
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
      return cleanWord(facts.channel ?? '')
    case 'kpi':
      return catalogue.byId(facts.kpi ?? '')?.name[language] ?? cleanWord(facts.kpi ?? '')
    case 'value':
      return valueText(facts.value, facts.unit, language, facts.kind === 'windowed' ? facts.limit : null)
    case 'limit':
      return valueText(facts.limit, facts.unit, language)
    case 'since':
      return instantText(facts.sinceMs, timeZone)
    case 'started':
      return instantText(facts.startedMs, timeZone)
    case 'ended':
      return facts.endedMs === null ? absentWord : instantText(facts.endedMs, timeZone)
    case 'lasted':
      return facts.endedMs === null ? absentWord : durationText(facts.endedMs - facts.startedMs, language)
    case 'url':
      return url ?? ''
  }
}

function subjectText({ subject, contactId, agentId }: TextFacts, language: AlertLanguage): string {
  const words = subjectWords[language]
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
      return `${words[kind]} ${cleanWord(decoded(id))}`
    case 'slice':
      return sliceWords(id, language)
    case 'pipeline':
      return words.pipeline
    default:
      return cleanWord(subject)
  }
}

/** Ids in a subject may be percent-encoded; one that is not is itself. */
function decoded(id: string): string {
  try {
    return decodeId(id)
  } catch {
    return id
  }
}

function endText({ subject, kind, startedMs, endedMs, end }: TextFacts, language: AlertLanguage, timeZone: string): string {
  const isContact = subject.startsWith('contact/')
  if (end === 'retracted') {
    if (language === 'en') return isContact ? 'Retracted: the answer was in time.' : 'Retracted: it was over in time.'
    return isContact ? '已撤回：回复实际在时限内。' : '已撤回：实际未超时限。'
  }
  const atMs = endedMs ?? startedMs
  const [at, lasted] = [instantText(atMs, timeZone), durationText(elapsed(startedMs, atMs), language)]
  if (end === 'withdrawn') {
    if (language === 'en') return `Ended at ${at} after ${lasted}: the rule no longer applies.`
    return `已结束：${at}，持续 ${lasted}，规则不再适用。`
  }
  if (language === 'en') return `${kind === 'windowed' ? 'Recovered' : 'Over'} at ${at}: it lasted ${lasted}.`
  return `${kind === 'windowed' ? '已恢复' : '已结束'}：${at}，持续 ${lasted}。`
}

const elapsed = (startedMs: EpochMs, endedMs: EpochMs): number => Math.max(0, endedMs - startedMs)
