import type { Sample, Series } from './series.ts'

/** Lines of the text exposition format, by metric. */
export type Lines = ReadonlyMap<string, string>

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')

function lineOf(name: string, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}{${pairs.join(',')}} ${value}\n`
}

/** The samples as lines; a series without samples has none. */
export function linesOf(series: readonly Series[]): Lines {
  return new Map(
    series.flatMap(({ name, samples }) =>
      samples.length === 0
        ? []
        : [[name, samples.map((one) => lineOf(name, one)).join('')] as const],
    ),
  )
}

/** A metric with the lines of all tenants. */
export function metricText(
  { name, help }: Pick<Series, 'name' | 'help'>,
  lines: readonly string[],
): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}
