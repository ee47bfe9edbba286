import { ndjsonEvents } from '../replay/ndjson.ts'
import type { InputFile, InputFormat } from '../replay/input-file.ts'
import { createTraceMapper } from '../replay/xes/map.ts'
import type { XesMapping } from '../replay/xes/mapping.ts'
import { readTraces } from '../replay/xes/read.ts'

export type ReplayInput = {
  readonly format: InputFormat
  readonly tenant: string
  readonly mapping: XesMapping
}

/** The file as canonical events, one JSON text each, in the order of the file. */
export function eventLines(
  file: InputFile,
  { format, tenant, mapping }: ReplayInput,
): AsyncIterable<string> {
  switch (format) {
    case 'ndjson':
      return ndjsonEvents(file.bytes, tenant)
    case 'xes':
      return xesLines(file.bytes, tenant, mapping)
  }
}

async function* xesLines(
  bytes: AsyncIterable<Uint8Array>,
  tenant: string,
  mapping: XesMapping,
): AsyncGenerator<string> {
  const map = createTraceMapper(mapping, tenant)
  for await (const trace of readTraces(bytes))
    for (const event of map(trace)) yield JSON.stringify(event)
}
