import type { TenantConfig } from '../config/tenant-config.ts'
import { dimensions } from '../config/tenant-config.ts'
import { provisionalUntil, ratio, shareBeside } from '../kpis/shapes.ts'
import { dayMs } from '../time/time.ts'
import { contacts } from './contacts.ts'
import { resolutions } from './resolutions.ts'

const {
  fcrDue,
  fcrSolved,
  fcrIdentified,
  fcrMatureDue,
  fcrMatureSolved,
  fcrNetDue,
  fcrNetSolved,
  fcrNetIdentified,
  firstResolutionReopened,
  firstResolutionInAuthority,
  firstResolutionFirstLevel,
  firstPartUnresolved,
  firstPartResolvedLater,
  openedResolvedInTime,
  openedRepeat,
} = resolutions.measures
const { contactOpened, contactResolved } = contacts.measures

const fcrWindow = ({ fcrWindowMs }: TenantConfig): number => fcrWindowMs

/** An opening is credited to no agent. */
const withoutAgents = dimensions.filter((dimension) => dimension !== 'agent')

const fcrGross = ratio('fcr_gross', {
  name: { en: 'First contact resolution', zh: '首次解决率' },
  description: {
    en: 'Share of contacts solved at first contact: neither reopened nor repeated within the window after the first resolution.',
    zh: '首次解决的会话占比：首次解决后的窗口期内未重开且客户未就同一主题再次联系。',
  },
  direction: 'higher',
  targets: { any: { min: 0.7 } },
  of: fcrSolved,
  per: fcrDue,
  beside: [
    shareBeside('identifiedShare', fcrIdentified, fcrDue),
    provisionalUntil(fcrDue, fcrWindow),
  ],
  docs: {
    formula:
      'contacts solved at first contact ÷ inbound contacts opened by customers and handled by humans that were resolved',
    countedAt: 'the first resolution',
    whenEmpty: '`null`, `nothing-happened`: no such contact was resolved',
    note: 'not solved: reopened (not by an agent or the system), or the same customer came back with the same topic (any, if one of them has none), within the window (72 h by default) after the first resolution. `provisionalUntil`: it may change until then. `identifiedShare`: share of the denominator whose customer is known; where it is 0, only reopenings can count against it',
  },
})

const fcrMature = ratio('fcr_mature', {
  name: { en: 'First contact resolution, window passed', zh: '首次解决率（窗口期满）' },
  description: {
    en: 'First contact resolution of those contacts alone whose window after the first resolution has passed: it does not fall by waiting any more.',
    zh: '仅统计首次解决后窗口期已满的会话的首次解决率，数值不再因等待而下降。',
  },
  direction: 'higher',
  targets: { any: { min: 0.7 } },
  of: fcrMatureSolved,
  per: fcrMatureDue,
  beside: [provisionalUntil(fcrDue, fcrWindow)],
  docs: {
    formula: 'as `fcr_gross`, of contacts whose first resolution is at least the window ago',
    countedAt: 'the first resolution, once log time has come to that resolution + the window',
    whenEmpty: '`null`, `nothing-happened`: no such contact was resolved so long ago',
    note: 'periods within the last window (`fcrWindow`, 72 h by default) are empty or hold their older part alone; `provisionalUntil` as `fcr_gross`. A repeat or reopening within the window that is told after it still counts against it',
  },
})

const fcrNet = ratio('fcr_net', {
  name: { en: 'First contact resolution within authority', zh: '权限范围内一次解决率' },
  description: {
    en: 'Share of contacts solved at first contact, of those within the authority of who handled them; contacts closed without a resolution were not.',
    zh: '权限范围内的会话中首次解决的占比；未解决即关闭的会话计入分母。',
  },
  direction: 'higher',
  targets: { any: { min: 0.7 } },
  of: fcrNetSolved,
  per: fcrNetDue,
  beside: [
    shareBeside('identifiedShare', fcrNetIdentified, fcrNetDue),
    provisionalUntil(fcrNetDue, fcrWindow),
  ],
  docs: {
    formula:
      'contacts solved at first contact ÷ inbound contacts opened by customers and handled by humans that were resolved, or closed without ever a resolution; of both without those with `inAuthority: false`',
    countedAt: 'the first resolution; without any, the first close after the handling',
    whenEmpty: '`null`, `nothing-happened`: no such contact was resolved or closed',
    note: 'solved, `provisionalUntil` and `identifiedShare` as `fcr_gross`. The last word about `inAuthority` counts; without any a contact is within authority. A contact that is resolved after its close counts at that resolution instead',
  },
})

const reopenRate = ratio('reopen_rate', {
  name: { en: 'Reopen rate', zh: '重开率' },
  description: {
    en: 'Share of first resolutions after which the contact was reopened within the window.',
    zh: '首次解决后在窗口期内被重新打开的会话占比，按首次解决时刻统计。',
  },
  direction: 'lower',
  of: firstResolutionReopened,
  per: contactResolved,
  beside: [provisionalUntil(contactResolved, fcrWindow)],
  docs: {
    formula:
      'contacts that were reopened within the window after their first resolution ÷ contacts at their first resolution',
    countedAt: 'the first resolution',
    whenEmpty: '`null`, `nothing-happened`: nothing was resolved for the first time',
    note: 'any reopening, whoever reopens: the customer, an agent or the system; the window (`fcrWindow`, 72 h by default) is that of FCR, and a reopening at exactly its end is within. `provisionalUntil`: it may change until then. Counted once a contact, however often it is reopened; `reopen_events` counts each',
  },
})

const resolutionRate = ratio('resolution_rate', {
  name: { en: 'Resolution rate', zh: '问题解决率' },
  description: {
    en: 'Share of contacts opened that were resolved within 24 hours.',
    zh: '新开会话中在 24 小时内解决的占比，按开启时刻统计。',
  },
  direction: 'higher',
  dimensions: withoutAgents,
  of: openedResolvedInTime,
  per: contactOpened,
  beside: [provisionalUntil(contactOpened, () => dayMs)],
  docs: {
    formula:
      'contacts whose first resolution came at most 24 h after the opening ÷ contacts opened (`contacts_opened`)',
    countedAt: 'the opening',
    whenEmpty: '`null`, `nothing-happened`: no contact was opened',
    note: '`provisionalUntil`: 24 h after the last opening; it may rise until then. A resolution that stands before the opening is in time, too',
  },
})

const repeatContactRate = ratio('repeat_contact_rate', {
  name: { en: 'Repeat contact rate', zh: '重复性服务率' },
  description: {
    en: 'Share of contacts opened with which a customer came back soon after another contact was resolved.',
    zh: '客户在其他会话解决后的窗口期内就同一主题再次联系的会话占比，按开启时刻统计。',
  },
  direction: 'lower',
  targets: { any: { max: 0.05 } },
  dimensions: withoutAgents,
  of: openedRepeat,
  per: contactOpened,
  docs: {
    formula:
      'contacts opened within the window after the first resolution of another inbound contact of the same customer, on the same topic (any, if one of them has none) ÷ contacts opened (`contacts_opened`)',
    countedAt: 'the opening of the one that repeats',
    whenEmpty: '`null`, `nothing-happened`: no contact was opened',
    note: 'the window (`fcrWindow`, 72 h by default) is that of FCR, up to exactly its end. Where no customer is known nothing repeats. A contact that repeats several counts once',
  },
})

const followedUpResolutionRate = ratio('followed_up_resolution_rate', {
  name: { en: 'Followed-up resolution rate', zh: '追踪解决率' },
  description: {
    en: 'Share of contacts not resolved at their first human part that were resolved later.',
    zh: '首次人工服务未解决的会话中后续得到解决的占比，按首次人工服务结束时刻统计。',
  },
  direction: 'higher',
  of: firstPartResolvedLater,
  per: firstPartUnresolved,
  docs: {
    formula:
      'contacts resolved after the end of their first human part ÷ contacts not resolved by then',
    countedAt: 'the end of the first human part, as `contacts_handled`',
    whenEmpty: '`null`, `nothing-happened`: each was resolved at its first human part',
    note: 'a resolution at the very instant of that end is no later one. In an agent’s slice the contacts whose first part was the agent’s',
  },
})

const firstLevelResolution = ratio('first_level_resolution', {
  name: { en: 'First level resolution', zh: '一线解决率' },
  description: {
    en: 'Share of contacts resolved within authority that were neither escalated nor transferred before.',
    zh: '权限范围内已解决会话中，解决前未升级、未转接的占比。',
  },
  direction: 'higher',
  of: firstResolutionFirstLevel,
  per: firstResolutionInAuthority,
  docs: {
    formula:
      'contacts at their first resolution that had been neither escalated nor transferred ÷ contacts at their first resolution; of both without those with `inAuthority: false`',
    countedAt: 'the first resolution',
    whenEmpty: '`null`, `nothing-happened`: no such contact was resolved',
    note: 'escalations and transfers (cold, warm) as `escalation_rate` and `transfer_rate` have them; one after the resolution changes nothing. The last word about `inAuthority` counts',
  },
})

export const firstContactKpis = [
  fcrGross,
  fcrMature,
  fcrNet,
  firstLevelResolution,
  followedUpResolutionRate,
  resolutionRate,
  reopenRate,
  repeatContactRate,
]
