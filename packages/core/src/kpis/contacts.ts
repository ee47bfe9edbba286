import { measures } from '../measures/measure.ts'
import { count, now } from './shapes.ts'

/**
 * Inbound contacts that began with an opening event, whoever opened them. Counted at the opening, in the first queue.
 * @returns 0 when none did.
 * @see docs/kpis.md#contacts_opened
 */
export const contactsOpened = count('contacts_opened', {
  name: { en: 'Contacts opened', zh: '会话量' },
  description: { en: 'Inbound contacts that were opened, at the opening.', zh: '新开的呼入会话数，按开启时刻统计。' },
  direction: 'neutral',
  measure: measures.contactOpened,
})

/**
 * Contacts that were answered and whose first human part ended; in agent slices once per contact and agent. Counted at that end.
 * @returns 0 when none was.
 * @see docs/kpis.md#contacts_handled
 */
export const contactsHandled = count('contacts_handled', {
  name: { en: 'Contacts handled', zh: '已处理会话' },
  description: {
    en: 'Contacts that were answered and whose human part ended, each once, at its first such end.',
    zh: '已应答且人工服务结束的会话数，每个会话计一次。',
  },
  direction: 'neutral',
  measure: measures.contactHandled,
})

/**
 * Contacts resolved, each once, at its first resolution.
 * @returns 0 when none was.
 * @see docs/kpis.md#contacts_resolved
 */
export const contactsResolved = count('contacts_resolved', {
  name: { en: 'Contacts resolved', zh: '已解决会话' },
  description: { en: 'Contacts resolved, each once, at its first resolution.', zh: '首次解决的会话数，每个会话计一次。' },
  direction: 'higher',
  measure: measures.contactResolved,
})

/**
 * Every resolution, also the second one of a contact.
 * @returns 0 when there was none.
 * @see docs/kpis.md#resolution_events
 */
export const resolutionEvents = count('resolution_events', {
  name: { en: 'Resolutions', zh: '解决次数' },
  description: {
    en: 'Every resolution, told or by the last release of a call, also a second one of the same contact.',
    zh: '全部解决次数（含通话结束即解决），含同一会话的再次解决。',
  },
  direction: 'neutral',
  measure: measures.resolution,
})

/**
 * Contacts that were open again after they had been resolved or closed, each time.
 * @returns 0 when none was.
 * @see docs/kpis.md#reopen_events
 */
export const reopenEvents = count('reopen_events', {
  name: { en: 'Reopenings', zh: '重开次数' },
  description: { en: 'How often a resolved or closed contact was reopened.', zh: '已解决或已关闭的会话被重新打开的次数。' },
  direction: 'lower',
  measure: measures.reopening,
})

/**
 * Contacts open at this moment: not resolved, closed, abandoned, ended or discarded.
 * @returns 0 when there is none.
 * @see docs/kpis.md#backlog
 */
export const backlog = now('backlog', {
  name: { en: 'Backlog', zh: '未结会话' },
  description: { en: 'Contacts that are open now.', zh: '当前未结的会话数。' },
  direction: 'lower',
  unit: 'count',
  open: [{ kind: 'backlog', members: 0 }],
  find: (reading) => ({ value: reading.open('backlog').count }),
})
