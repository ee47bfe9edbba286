import { catalogueOf, grainsOf, type Kpi, type TargetRange } from '@deskpulse/core/kpis'
import { grains } from '@deskpulse/core/subjects'
import { kpiSql } from '../rows/kpi-sql.ts'

/** Each grain with what makes its rows, then each KPI under the heading of its section; Markdown, as prettier has yet to lay it out. */
export function kpiTables(): string {
  return [
    rowTable(),
    ...catalogueOf().sections.flatMap(({ title, kpis }) => [
      `## ${title}`,
      ...kpis.map(kpiSection),
    ]),
  ].join('\n\n')
}

function rowTable(): string {
  const rows = Object.entries(grains).map(([grain, { what, sources }]) => [
    `\`${grain}\``,
    what,
    codes(sources),
  ])
  return `## Rows\n\n${table(['row', 'is', 'made and changed by'], rows)}`
}

function kpiSection(kpi: Kpi): string {
  const { id, name, description, unit, direction, version, docs } = kpi
  const rows = [
    ['Formula', docs.formula],
    ['Counted at', docs.countedAt],
    ['Rows', codes(grainsOf(kpi)) || 'none: what goes on now'],
    ['Unit', unit],
    ['Direction', direction],
    ['Default target', targetText(kpi)],
    ['When empty', docs.whenEmpty],
    ['Note', docs.note],
    ['Definition', `\`${id}@${version}\``],
  ]
  const query = kpiSql(kpi)
  const sql = query === null ? [] : [`\`\`\`sql\n${query}\n\`\`\``]
  return [
    `### ${id}`,
    `**${name.en}** · ${name.zh}`,
    `${description.en} ${description.zh}`,
    table(['', ''], rows),
    ...sql,
  ].join('\n\n')
}

function targetText({ targets }: Kpi): string {
  const unit = (range: TargetRange): string =>
    [range.min !== undefined && `≥ ${range.min}`, range.max !== undefined && `≤ ${range.max}`]
      .filter(Boolean)
      .join(' and ')
  const parts = Object.entries(targets).map(
    ([where, range]) => unit(range) + (where === 'any' ? '' : ` (${where})`),
  )
  return parts.join(', ') || 'none'
}

const codes = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
