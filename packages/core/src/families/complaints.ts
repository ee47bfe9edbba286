import { average, ratio, total } from '../kpis/shapes.ts'
import type { ComplaintRow } from '../subjects/row.ts'
import { contacts } from './contacts.ts'
import { count, duration, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Filed before it was settled, as far as that was told. */
const handled = ({ filed, settled }: ComplaintRow) =>
  filed !== null && settled !== null && filed.atMs <= settled.atMs ? settled : null

/** Complaints that were made, and settled. */
export const complaints = family('complaints', 20, {
  complaintFiled: count(1, on('complaint', { at: (row) => row.filed })),
  complaintJustified: count(
    2,
    on('complaint', { at: (row) => (row.justified ? row.settled : null) }),
  ),
  /** From the filing, at the settlement. */
  complaintTime: duration(
    3,
    on('complaint', { at: handled, value: ({ filed, settled }) => settled!.atMs - filed!.atMs }),
  ),
})

/** The same in SQL. */
export const complaintSql: FamilySql<keyof typeof complaints.measures> = {
  complaintFiled: [rowsOf('complaint', 'filed')],
  complaintJustified: [rowsOf('complaint', 'settled', { where: 'isJustified' })],
  complaintTime: [
    rowsOf('complaint', 'settled', { where: 'handleMs IS NOT NULL', value: 'handleMs' }),
  ],
}

const { complaintFiled, complaintJustified, complaintTime } = complaints.measures

const complaintCount = total('complaint_count', {
  name: { en: 'Complaints', zh: '投诉量' },
  description: {
    en: 'Complaints that were made, at the filing.',
    zh: '客户投诉数，按投诉提出时刻统计。',
  },
  direction: 'lower',
  of: complaintFiled,
  docs: {
    formula: 'complaints with a filing, each once',
    countedAt: 'the filing, the first one of a complaint',
    whenEmpty: '0',
    note: 'credited to the agent whom the complaint’s events name last, else, where they name a contact, to who served its customer before the filing ([semantics](semantics.md#voice-of-the-customer)); queue and channel are those of that contact then, without one `queue=none`, `channel=unknown`',
  },
})

const complaintRate = ratio('complaint_rate', {
  name: { en: 'Complaint rate', zh: '客户投诉率' },
  description: { en: 'Complaints ÷ contacts handled.', zh: '投诉量 ÷ 已处理会话数。' },
  direction: 'lower',
  of: complaintFiled,
  per: contacts.measures.contactHandled,
  unit: 'index',
  docs: {
    formula: 'complaints ÷ contacts handled',
    countedAt: 'the filing; the handling',
    whenEmpty: '`null`, `nothing-happened`: no contact was handled',
    note: 'a flow by a flow: a complaint is mostly about a contact of an earlier day, so that a quiet period may have more than 1. Read it over weeks or months',
  },
})

const justifiedComplaints = total('justified_complaints', {
  name: { en: 'Justified complaints', zh: '有责投诉' },
  description: {
    en: 'Complaints that were found justified, at the settlement.',
    zh: '认定有责的投诉数，按结案时刻统计。',
  },
  direction: 'lower',
  of: complaintJustified,
  docs: {
    formula: 'settled complaints whose last word on `justified` is true',
    countedAt: 'the settlement, the first one of a complaint',
    whenEmpty: '0',
    note: 'what is settled without a word on it is not justified; a later word changes the value where it counts',
  },
})

const complaintHandleTime = average('complaint_handle_time', {
  name: { en: 'Complaint handling time', zh: '投诉处理时间' },
  description: {
    en: 'From the filing of a complaint to its settlement, at the settlement.',
    zh: '从投诉提出到结案的时间，按结案时刻统计。',
  },
  direction: 'lower',
  clocked: true,
  of: complaintTime,
  percentiles: [90],
  docs: {
    formula: '`sum ÷ count` of settlement − filing; p90 beside it',
    countedAt: 'the settlement',
    whenEmpty: '`null`, `nothing-happened`: nothing was settled',
    note: 'calendar time; a complaint without a filing, or settled before it, has none',
  },
})

export const complaintKpis = [
  complaintCount,
  complaintRate,
  justifiedComplaints,
  complaintHandleTime,
]
