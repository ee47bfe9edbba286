import { averageAge, now } from '../kpis/shapes.ts'

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

export const backlogKpis = [backlog, backlogAge]
