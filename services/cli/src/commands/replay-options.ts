import { basename } from 'node:path'
import { usageFailure } from '../command-line/failure.ts'
import type { CommandSpec, OptionSpec, Typed } from '../command-line/spec.ts'
import { positiveNumber, tenantName, wholeNumber } from '../command-line/values.ts'
import { formatOfName, type InputFormat } from '../replay/input-file.ts'
import {
  addActivities,
  mappingOf,
  readMappingFile,
  type XesMapping,
} from '../replay/xes/mapping.ts'
import { destinationOptions } from './destination.ts'
import type { ReplayInput } from './replay-input.ts'

const mappingOptions = {
  mapping: {
    value: 'FILE',
    help: 'XES: a YAML or JSON file that says how the log becomes events; the options below win over it.',
  },
  map: {
    value: 'ACTIVITY=TYPE',
    repeatable: true,
    help: 'XES: this activity becomes this event type (none: nothing). May be repeated.',
  },
  channel: { value: 'NAME', help: 'XES: channel of the contacts. Default ticket.' },
  queue: { value: 'NAME', help: 'XES: queue of the contacts. Default helpdesk.' },
  source: {
    value: 'URI',
    help: "XES: the events' source. Default /xes/ and the file's name without its endings.",
  },
  'case-attribute': {
    value: 'KEY',
    help: "XES: the trace's key that names the case, which is the contact. Default concept:name.",
  },
  'customer-attribute': {
    value: 'KEY',
    help: "XES: the trace's key that names the customer. Default: each case is its own customer.",
  },
  'activity-attribute': {
    value: 'KEY',
    help: "XES: the event's key that names the activity. Default concept:name.",
  },
  'time-attribute': {
    value: 'KEY',
    help: "XES: the event's key that holds its time. Default time:timestamp.",
  },
  'agent-attribute': {
    value: 'KEY',
    help: "XES: the event's key that names the agent. Default org:resource.",
  },
} as const satisfies Record<string, OptionSpec>

export const replaySpec: CommandSpec = {
  name: 'replay',
  summary:
    'Send the events of a file: NDJSON of canonical events, or an XES event log; gzip or not.',
  usage: 'deskpulse replay FILE --tenant T (--url URL | --brokers HOST:PORT[,…]) [options]',
  positionals: ['FILE'],
  options: {
    ...destinationOptions,
    format: {
      value: 'ndjson|xes',
      help: "What the file holds. Default: by its name's ending (.ndjson .jsonl .json .xes, each also .gz).",
    },
    reverse: { help: 'Send the last event first. Holds the whole file in memory.' },
    rate: { value: 'N', help: 'Events per second. Default: as fast as they are taken.' },
    batch: { value: 'N', help: 'Most events sent at once, up to 1000. Default 1000.' },
    ...mappingOptions,
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse replay helpdesk.xes.gz --tenant helpdesk --url http://127.0.0.1:8080',
    'deskpulse replay events.ndjson --tenant acme --brokers 127.0.0.1:9092 --rate 500',
    "deskpulse replay log.xes --tenant acme --url http://127.0.0.1:8080 --map 'Register=contact.assigned' --map 'Done=contact.resolved'",
  ],
}

export type ReplayOptions = ReplayInput & {
  readonly path: string
  readonly reverse: boolean
  readonly ratePerSecond: number | null
  readonly batchMax: number
}

export async function replayOptionsOf(typed: Typed): Promise<ReplayOptions> {
  const path = typed.positionals[0] ?? ''
  const format = formatOf(typed, path)
  const xesOnly = Object.keys(mappingOptions).find((name) => typed.switched(name))
  if (format !== 'xes' && xesOnly !== undefined) throw usageFailure(`--${xesOnly} is for XES files`)
  const rate = typed.text('rate')
  return {
    path,
    format,
    tenant: tenantName(typed.text('tenant')),
    mapping: await xesMappingOf(typed, path),
    reverse: typed.switched('reverse'),
    ratePerSecond: rate === undefined ? null : positiveNumber('rate', rate, 1_000_000),
    batchMax: wholeNumber('batch', typed.text('batch') ?? '1000', 1, 1_000),
  }
}

function formatOf(typed: Typed, path: string): InputFormat {
  const given = typed.text('format')
  if (given !== undefined) {
    if (given === 'ndjson' || given === 'xes') return given
    throw usageFailure(`--format must be ndjson or xes, not ${JSON.stringify(given)}`)
  }
  const format = formatOfName(path)
  if (format === null) throw usageFailure(`${path}: what is in it? --format ndjson or --format xes`)
  return format
}

async function xesMappingOf(typed: Typed, path: string): Promise<XesMapping> {
  const file = typed.text('mapping')
  const attributes = {
    case: typed.text('case-attribute'),
    customer: typed.text('customer-attribute'),
    activity: typed.text('activity-attribute'),
    time: typed.text('time-attribute'),
    agent: typed.text('agent-attribute'),
  }
  const flags = {
    channel: typed.text('channel'),
    queue: typed.text('queue'),
    source: typed.text('source'),
    attributes: Object.fromEntries(
      Object.entries(attributes).filter(([, key]) => key !== undefined),
    ),
  }
  const defaultSource = `/xes/${encodeURIComponent(basename(path).replace(/(\.xes)?(\.gz)?$/i, ''))}`
  const mapping = mappingOf(
    defaultSource,
    file === undefined ? {} : await readMappingFile(file),
    flags,
  )
  return addActivities(mapping, typed.texts('map'))
}
