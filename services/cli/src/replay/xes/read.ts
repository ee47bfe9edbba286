import { SaxesParser, type SaxesTag } from 'saxes'
import { CommandFailure } from '../../command-line/failure.ts'
import { xmlText } from './decode.ts'
import { traceEventsMax, type XesEvent, type XesTrace } from './trace.ts'

/**
 * The traces of an XES document (IEEE 1849), one at a time, in file order; a log without any yields nothing.
 * @throws CommandFailure with `line:column` for malformed XML, and for a document that is no XES log.
 */
export async function* readTraces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<XesTrace> {
  const reader = createReader()
  for await (const text of xmlText(bytes)) {
    reader.write(text)
    yield* reader.take()
  }
  reader.end()
  yield* reader.take()
}

type Open = { readonly line: number; readonly attributes: Map<string, string> }

function createReader(): { write(text: string): void; end(): void; take(): XesTrace[] } {
  const parser = new SaxesParser({ position: true })
  const path: string[] = []
  let done: XesTrace[] = []
  let trace: (Open & { readonly events: XesEvent[] }) | null = null
  let event: Open | null = null

  const fail = (problem: string): never => {
    throw new CommandFailure(
      `malformed XES at line ${parser.line}, column ${parser.column}: ${problem}`,
    )
  }

  const opened = (tag: SaxesTag): void => {
    const name = localName(tag.name)
    const parent = path.at(-1)
    if (parent === undefined && name !== 'log') fail(`the root element is <${name}>, not <log>`)
    path.push(name)
    if (name === 'trace' && parent === 'log')
      trace = { line: parser.line, attributes: new Map(), events: [] }
    else if (name === 'event' && parent === 'trace' && trace !== null)
      event = { line: parser.line, attributes: new Map() }
    else if (parent === 'event' || parent === 'trace') note(tag, parent === 'event' ? event : trace)
  }

  /** Only what lies directly in a trace or an event is its attribute; `<global>` and nested ones are not. */
  const note = (tag: SaxesTag, owner: Open | null): void => {
    const { key, value } = tag.attributes
    if (owner !== null && typeof key === 'string' && typeof value === 'string')
      owner.attributes.set(key, value)
  }

  const closed = (): void => {
    const name = path.pop()
    const parent = path.at(-1)
    if (name === 'event' && parent === 'trace' && trace !== null && event !== null) {
      if (trace.events.length >= traceEventsMax)
        fail(`a trace has more than ${traceEventsMax} events`)
      trace.events.push(event)
      event = null
    } else if (name === 'trace' && parent === 'log' && trace !== null) {
      done.push(trace)
      trace = null
    }
  }

  parser.on('error', (error) =>
    fail(error.message.replace(/^[^ ]*:?\d+:\d+: /, '').replace(/\.$/, '')),
  )
  parser.on('opentag', opened)
  parser.on('closetag', closed)
  return {
    write: (text) => void parser.write(text),
    end: () => void parser.close(),
    take: () => {
      const traces = done
      done = []
      return traces
    },
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
