import writeWorkbook, { type Cell } from 'write-excel-file/node'
import type { ScoreRow, ScoresAnswer } from '../scorecards/answer.ts'

type Language = 'en' | 'zh'
type Column<Row> = {
  readonly name: string
  /** In characters. */
  readonly width: number
  cell(row: Row): Cell
}
type ScoredItem = { readonly row: ScoreRow; readonly item: ScoreRow['items'][number] }

const texts = {
  en: {
    ...{ agents: 'Agents', kpis: 'KPIs', period: 'Period', agent: 'Agent', team: 'Team' },
    ...{ rank: 'Rank', total: 'Total', band: 'Band', missing: 'Missing weight' },
    salesIndex: 'Sales index',
    ...{ low: 'In a row in the lowest band', closed: 'Closed', revision: 'Revision' },
    ...{ kpi: 'KPI', statistic: 'Statistic', slice: 'Slice', value: 'Value', unit: 'Unit' },
    ...{ numerator: 'Numerator', denominator: 'Denominator', points: 'Points' },
    ...{ weight: 'Weight', adds: 'Adds', reason: 'Why there is none', definition: 'Definition' },
  },
  zh: {
    ...{ agents: '坐席', kpis: '指标', period: '周期', agent: '坐席', team: '团队' },
    ...{ rank: '排名', total: '总分', band: '等级', missing: '缺失权重' },
    salesIndex: '成交额转换率',
    ...{ low: '连续最低等级期数', closed: '已关账', revision: '版本' },
    ...{ kpi: '指标', statistic: '统计量', slice: '切片', value: '数值', unit: '单位' },
    ...{ numerator: '分子', denominator: '分母', points: '得分' },
    ...{ weight: '权重', adds: '计入总分', reason: '无值原因', definition: '定义' },
  },
} as const

/** Whatever it begins with, a spreadsheet takes it for text: only a cell of type formula is one. */
const text = (value: string | null | undefined): Cell =>
  value === null || value === undefined ? null : { value, type: String }
const number = (value: number | bigint | null | undefined, format?: string): Cell =>
  value === null || value === undefined
    ? null
    : { value: Number(value), type: Number, ...(format !== undefined && { format }) }
const points = (value: number | null): Cell => number(value, '0.0')

/** Values stay as the API gives them; shares are shown in percent. */
function valueCell({ statistic, value }: ScoredItem['item']): Cell {
  const scored = statistic === 'value' ? value.value : value[statistic]
  return number(scored, value.unit === 'ratio' ? '0.00%' : undefined)
}

/** A workbook of two sheets, agents with their points and KPIs with all that the points are of, in the language that is asked for. */
export async function scoresWorkbook(scores: ScoresAnswer, language: Language): Promise<Buffer> {
  const t = texts[language]
  const items = scores.rows.flatMap((row) => row.items.map((item): ScoredItem => ({ row, item })))
  const sheets = [
    sheetOf(t.agents, agentColumns(scores, language), scores.rows),
    sheetOf(t.kpis, itemColumns(scores, language), items),
  ]
  return writeWorkbook(sheets).toBuffer()
}

/** The names of the columns stay where they are when rows are scrolled. */
function sheetOf<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]) {
  const head = columns.map(({ name: value }): Cell => ({
    value,
    type: String,
    fontWeight: 'bold',
    wrap: true,
  }))
  return {
    ...{ sheet: name, stickyRowsCount: 1, columns: columns.map(({ width }) => ({ width })) },
    data: [head, ...rows.map((row) => columns.map(({ cell }) => cell(row)))],
  }
}

function agentColumns({ card, label }: ScoresAnswer, language: Language): Column<ScoreRow>[] {
  const t = texts[language]
  const standing: Column<ScoreRow>[] = [
    { name: t.salesIndex, width: 10, cell: ({ salesIndex }) => number(salesIndex.value) },
    { name: t.missing, width: 10, cell: ({ missingWeight }) => number(missingWeight) },
    { name: t.low, width: 12, cell: ({ lowInARow }) => number(lowInARow) },
    { name: t.closed, width: 9, cell: ({ closed }) => ({ value: closed, type: Boolean }) },
    { name: t.revision, width: 9, cell: ({ revision }) => number(revision) },
  ]
  return [
    { name: t.period, width: 10, cell: () => text(label) },
    { name: t.rank, width: 7, cell: ({ rank }) => number(rank) },
    { name: t.agent, width: 18, cell: ({ agentId }) => text(agentId) },
    { name: t.team, width: 14, cell: ({ team }) => text(team) },
    { name: t.total, width: 8, cell: ({ total }) => points(total) },
    { name: t.band, width: 18, cell: ({ band }) => text(band?.name) },
    ...card.kpis.map(({ name }, place) => ({
      ...{ name, width: 12, cell: ({ items }: ScoreRow) => points(items[place]!.points) },
    })),
    ...standing,
  ]
}

function itemColumns({ card, label }: ScoresAnswer, language: Language): Column<ScoredItem>[] {
  const t = texts[language]
  const nameOf = (kpi: string): string => card.kpis.find((one) => one.kpi === kpi)?.name ?? kpi
  return [
    { name: t.period, width: 10, cell: () => text(label) },
    { name: t.agent, width: 18, cell: ({ row }) => text(row.agentId) },
    { name: t.kpi, width: 28, cell: ({ item }) => text(nameOf(item.kpi)) },
    { name: t.statistic, width: 9, cell: ({ item }) => text(item.statistic) },
    { name: t.slice, width: 24, cell: ({ item }) => text(item.slice) },
    { name: t.value, width: 12, cell: ({ item }) => valueCell(item) },
    { name: t.unit, width: 8, cell: ({ item }) => text(item.value.unit) },
    { name: t.numerator, width: 12, cell: ({ item }) => number(item.value.numerator) },
    { name: t.denominator, width: 12, cell: ({ item }) => number(item.value.denominator) },
    { name: t.points, width: 9, cell: ({ item }) => points(item.points) },
    { name: t.weight, width: 9, cell: ({ item }) => number(item.weight) },
    { name: t.adds, width: 9, cell: ({ item }) => number(item.adds, '0.00') },
    { name: t.reason, width: 18, cell: ({ item }) => text(item.value.reason) },
    { name: t.definition, width: 22, cell: ({ item }) => text(item.value.definition) },
  ]
}
