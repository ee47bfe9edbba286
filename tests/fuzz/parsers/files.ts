import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '@deskpulse/contract'
import { importKinds, judgedRows, openTable, templateOf } from '@deskpulse/imports'
import { ConfigurationError, loadConfig } from '../../../packages/runtime/src/config/load-config.ts'
import { CommandFailure } from '../../../services/cli/src/command-line/failure.ts'
import { ndjsonEvents } from '../../../services/cli/src/replay/ndjson.ts'
import { createTraceMapper } from '../../../services/cli/src/replay/xes/map.ts'
import { mappingOf } from '../../../services/cli/src/replay/xes/mapping.ts'
import { readTraces } from '../../../services/cli/src/replay/xes/read.ts'
import { configuration, configurationText, environment } from '../samples.ts'
import { mutatedBytes, mutatedText, mutatedValue } from '../mutation.ts'
import { caught, type Parser, parserOf, refused, taken } from '../parser.ts'
import { events, nowMs, tenant } from './events.ts'

const sheets = importKinds.map((kind) => ({
  kind,
  make: mutatedBytes([templateOf(kind, 'en'), templateOf(kind, 'zh')]),
}))

const csv = parserOf({
  name: 'a CSV file',
  share: 4,
  make(random) {
    const { kind, make } = random.pick(sheets)
    return { kind, bytes: make(random), timeZone: random.pick([null, 'Asia/Shanghai']) }
  },
  async read({ kind, bytes, timeZone }) {
    const opened = await openTable(kind, bytes)
    if (opened.is !== 'table') return refused(opened.is)
    const options = { tenant, source: '/import', timeZone, changedMs: nowMs, nowMs }
    const rows = [...judgedRows(opened.table, options)]
    for (const row of rows)
      if (row.event === null && row.faults.length === 0) throw new Error('a row without a fault')
    return rows.some(({ event }) => event === null) ? refused('faults') : taken(rows)
  },
  codes: ['unreadable', 'no-header', 'faults'],
})

const configurationCodes = ['configuration']

const fileValue = parserOf({
  name: 'the values of a configuration',
  share: 4,
  make: mutatedValue([configuration]),
  read(raw) {
    const parsed = parseConfig(raw, {}, { keysRequired: true })
    if (parsed.ok) return taken(parsed.config)
    if (parsed.errors.length === 0) throw new Error('refused without an error')
    return refused('configuration')
  },
  codes: configurationCodes,
})

const folder = mkdtempSync(join(tmpdir(), 'deskpulse-fuzz-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'deskpulse.yaml')

const fileText = parserOf({
  name: 'a configuration file',
  share: 1,
  make: mutatedBytes([configurationText, 'tenants: &a { acme: { timeZone: UTC } }\nlog: *a\n']),
  read(bytes) {
    writeFileSync(file, bytes)
    try {
      return taken(loadConfig({ file, env: {}, start: 'embedded' }))
    } catch (error) {
      return caught(error, (one) => (one instanceof ConfigurationError ? 'configuration' : null))
    }
  },
  codes: configurationCodes,
})

const variables = mutatedText(Object.keys(environment))
const variableValues = mutatedText(Object.values(environment))

const variable = parserOf({
  name: 'variables of the environment',
  share: 4,
  make: (random) => {
    const [name, value] = random.pick(Object.entries(environment))
    return {
      ...{ [random.chance(0.5) ? name : variables(random)]: value },
      ...{ [name]: random.chance(0.7) ? variableValues(random) : value },
    }
  },
  read(env) {
    const parsed = parseConfig({}, env, {})
    return parsed.ok ? taken(parsed.config) : refused('configuration')
  },
  codes: configurationCodes,
})

const xes = `<?xml version="1.0" encoding="UTF-8"?><log xmlns="http://www.xes-standard.org">
<trace><string key="concept:name" value="Case 1"/><event><string key="concept:name" value="Closed"/>
<string key="org:resource" value="ann"/><date key="time:timestamp" value="2026-03-02T10:00:01.000+01:00"/></event></trace></log>`

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000)
}

const processLog = parserOf({
  name: 'a process log',
  make: mutatedBytes([xes, xes.replace('UTF-8', 'GBK')]),
  async read(bytes) {
    const found: unknown[] = []
    try {
      const map = createTraceMapper(mappingOf('/xes/test'), tenant)
      for await (const trace of readTraces(piecesOf(bytes))) found.push(...map(trace))
      return taken(found)
    } catch (error) {
      return caught(error, (one) => (one instanceof CommandFailure ? 'failure' : null))
    }
  },
  codes: ['failure'],
})

const replayed = parserOf({
  name: 'a file of lines to be replayed',
  make: mutatedBytes(
    Array.from(
      { length: 20 },
      (_, n) => `${JSON.stringify(events[n])}\n${JSON.stringify(events[n + 20])}`,
    ),
  ),
  async read(bytes) {
    const found: string[] = []
    for await (const line of ndjsonEvents(piecesOf(bytes), tenant)) found.push(line)
    return taken(found)
  },
  codes: [],
})

export const fileParsers: readonly Parser[] = [
  ...[csv, fileValue, fileText, variable, processLog, replayed],
]
