import { now } from '../kpis/shapes.ts'

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

export const backlogKpis = [backlog]
