import { averageAge, averageLateness, now } from '../kpis/shapes.ts'

const backlog = now('backlog', {
  name: { en: 'Backlog', zh: '未结会话' },
  description: { en: 'Contacts that are open now.', zh: '当前未结的会话数。' },
  direction: 'lower',
  unit: 'count',
  open: [{ kind: 'backlog', members: 0 }],
  find: (reading) => ({ value: reading.open('backlog').count }),
  docs: {
    formula: 'contacts that are open: not resolved, closed, abandoned, ended or discarded',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '0',
    note: 'without events for the contact retention, a contact leaves it',
  },
})

const backlogAge = averageAge('backlog_age', {
  name: { en: 'Backlog age', zh: '积压时长' },
  description: {
    en: 'How long the contacts that are open now have been open, since their requests.',
    zh: '当前未结会话自客户请求起已持续的时间。',
  },
  direction: 'lower',
  clocked: true,
  of: 'backlog.member',
  percentiles: [50, 90],
  docs: {
    formula: '`sum ÷ count` of `asOf` − request over the contacts of `backlog`; p50, p90 beside it',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '`null`, `nothing-happened`: no contact is open',
    note: 'it grows by itself; a contact that is reopened is as old as its request. Its calendar is that of the queue at the request; time in which it is pended counts',
  },
})

const ofOverdue =
  'the limit is that of `resolved_within_target_of_due`, on the clock of the class; it stands still while the contact is pended where `pendedPauses` says so. A contact without a limit, such as a left message, is not in it; one that is open again is as old as its request, also where it had been resolved in time'

const backlogOverdue = now('backlog_overdue', {
  name: { en: 'Backlog past its limit', zh: '超期积压' },
  description: {
    en: 'Contacts that are open now, past the limit of their resolution.',
    zh: '当前未结且已超过解决时限的会话数。',
  },
  direction: 'lower',
  targets: { any: { max: 0 } },
  unit: 'count',
  open: [{ kind: 'backlog.overdue', members: 0, isAged: true }],
  find: (reading) => ({ value: reading.open('backlog.overdue').count }),
  docs: {
    formula: 'contacts of `backlog` whose limit has come',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '0',
    note: `${ofOverdue}. At exactly its limit a contact is past it`,
  },
})

const backlogCyclesLate = averageLateness('backlog_cycles_late', {
  name: { en: 'Cycles late', zh: '平均超期周期' },
  description: {
    en: 'By how many of their limits the contacts of the backlog that are past them are late, on average.',
    zh: '超期积压会话平均超出其解决时限的倍数。',
  },
  direction: 'lower',
  of: 'backlog.overdue',
  docs: {
    formula: 'Σ (age ÷ limit − 1) ÷ contacts of `backlog_overdue`; `count`: how many these are',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '`null`, `nothing-happened`: no contact is past its limit',
    note: `the age less the time in which the limit stood still; each contact to a millionth of its limit. ${ofOverdue}`,
  },
})

export const backlogKpis = [backlog, backlogAge, backlogOverdue, backlogCyclesLate]
