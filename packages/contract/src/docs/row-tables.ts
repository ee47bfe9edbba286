import { type Grain, grains } from '@deskpulse/core/subjects'
import type { Column } from '../rows/column.ts'
import { isCreditOf } from '../rows/moment.ts'
import { commonColumns, rowTables, rowTableNames, type RowTable } from '../rows/tables.ts'

const kinds: Readonly<Record<Column['kind'], string>> = {
  text: 'text',
  instant: 'instant',
  ms: 'ms',
  count: 'whole number',
  flag: 'true or false',
}

/** The tables of docs/rows.md: the common columns, then those of each grain; the nine of a credit are one line. */
export function rowTablesDocument(): string {
  return [
    section('Every row', 'Beside `grain`, which names the table.', Object.entries(commonColumns)),
    ...rowTableNames.map((name) =>
      section(name, `${whatIs(name)}.`, Object.entries(rowTables[name])),
    ),
  ].join('\n\n')
}

/** Tables of what a row has several of. */
const parts = {
  'reply-threshold': 'what an owed reply is for one of the tenant’s thresholds',
  'pass-threshold': 'what a pass is for one of the tenant’s thresholds',
  'customer-period-place':
    'the first answer to a customer, reply that came due or payment at one place in a period: it counts in a slice once, at the first of them that falls in it',
  'agent-day-place':
    'the first contact of an agent that was handled at one place in a day: the day counts in a slice once, at the first of them that falls in it',
} as const satisfies Readonly<Record<Exclude<RowTable, Grain>, string>>

function whatIs(name: RowTable): string {
  const what = name in parts ? parts[name as keyof typeof parts] : grains[name as Grain].what
  return `${what[0]!.toUpperCase()}${what.slice(1)}`
}

function section(title: string, note: string, columns: readonly [string, Column][]): string {
  const names = new Set(columns.map(([name]) => name))
  const lines = columns
    .filter(([name]) => !isCreditOf(name, names))
    .map(([name, { kind, isOptional, says }]) => {
      const moment = name.slice(0, -'At'.length)
      const credit = names.has(`${moment}Queue`) ? `, \`${moment}Queue\` …` : ''
      return `| \`${name}\`${credit} | ${kinds[kind]}${isOptional ? ' or `null`' : ''} | ${says} |`
    })
  return [
    `## ${title}`,
    '',
    note,
    '',
    '| column | is | says |',
    '| --- | --- | --- |',
    ...lines,
  ].join('\n')
}
