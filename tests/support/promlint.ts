/** The metrics of one name in a scrape. */
type Family = {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly labels: ReadonlySet<string>
}

type Fault = string | false
type Rule = (family: Family) => Fault

const baseUnits: Readonly<Record<string, readonly string[]>> = {
  seconds: ['nanoseconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'days', 'weeks'],
  bytes: [
    'bits',
    'kilobytes',
    'megabytes',
    'gigabytes',
    'terabytes',
    'kibibytes',
    'mebibytes',
    'gibibytes',
    'tebibytes',
  ],
}
const abbreviatedUnits = [
  's',
  'ms',
  'us',
  'ns',
  'sec',
  'b',
  'kb',
  'mb',
  'gb',
  'tb',
  'pb',
  'm',
  'h',
  'd',
]
const types = ['counter', 'gauge', 'histogram', 'summary']

const wordsOf = ({ name }: Family): readonly string[] => name.split('_')
const isCamelCase = (text: string): boolean => /[a-z][A-Z]/.test(text)

function unitFault(family: Family): Fault {
  for (const [base, units] of Object.entries(baseUnits)) {
    const used = units.find((unit) => wordsOf(family).includes(unit))
    if (used !== undefined) return `use base unit "${base}" instead of "${used}"`
  }
  return false
}

function totalFault({ name, type }: Family): Fault {
  if (type === 'counter')
    return !name.endsWith('_total') && 'counter metrics should have "_total" suffix'
  return name.endsWith('_total') && 'non-counter metrics should not have "_total" suffix'
}

function reservedFault({ name, type, labels }: Family): Fault {
  if (type === 'histogram') return false
  if (name.endsWith('_bucket')) return 'non-histogram metrics should not have "_bucket" suffix'
  if (labels.has('le')) return 'non-histogram metrics should not have "le" label'
  if (type === 'summary') return false
  if (labels.has('quantile')) return 'non-summary metrics should not have "quantile" label'
  const suffix = ['_count', '_sum'].find((one) => name.endsWith(one))
  return (
    suffix !== undefined &&
    `non-histogram and non-summary metrics should not have "${suffix}" suffix`
  )
}

function typeFault(family: Family): Fault {
  const type = types.find((one) => wordsOf(family).includes(one))
  return type !== undefined && `metric name should not include type '${type}'`
}

/** Those of `promtool check metrics` of Prometheus 2.42, in its words. */
const rules: readonly Rule[] = [
  ({ help }) => help === '' && 'no help text',
  unitFault,
  totalFault,
  reservedFault,
  typeFault,
  ({ name }) => name.includes(':') && "metric names should not contain ':'",
  ({ name }) =>
    isCamelCase(name) && "metric names should be written in 'snake_case' not 'camelCase'",
  ({ labels }) =>
    [...labels].some(isCamelCase) &&
    "label names should be written in 'snake_case' not 'camelCase'",
  (family) =>
    wordsOf(family).some((word) => abbreviatedUnits.includes(word)) &&
    'metric names should not contain abbreviated units',
]

function familiesOf(text: string): readonly Family[] {
  const families = new Map<
    string,
    { name: string; help: string; type: string; labels: Set<string> }
  >()
  const familyOf = (name: string) => {
    const family = families.get(name) ?? {
      name,
      help: '',
      type: 'untyped',
      labels: new Set<string>(),
    }
    families.set(name, family)
    return family
  }
  for (const line of text.split('\n')) {
    const [, kind, described = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (kind === 'HELP') familyOf(described).help = rest
    if (kind === 'TYPE') familyOf(described).type = rest
    const [, name, labels = ''] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? []
    if (name === undefined) continue
    const family =
      families.get(name) ??
      families.get(name.replace(/_(?:bucket|count|sum)$/, '')) ??
      familyOf(name)
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) family.labels.add(label)
  }
  return [...families.values()]
}

/** What `promtool check metrics` says of the text of `/metrics`, as `name fault`; nothing where it is clean. */
export function promlint(text: string): readonly string[] {
  return familiesOf(text).flatMap((family) =>
    rules
      .map((rule) => rule(family))
      .flatMap((fault) => (fault === false ? [] : [`${family.name} ${fault}`])),
  )
}
