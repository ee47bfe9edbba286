import type {
  AgentsResponse,
  LiveResponse,
  PeriodsResponse,
  RefusalsResponse,
  WaitingResponse,
} from '@deskpulse/contract'
import { eventOf } from './events.ts'
import { until } from './until.ts'

export type PeriodRow = PeriodsResponse['rows'][number]
export type Parameters = Readonly<Record<string, string | readonly string[]>>
export type Receipt = {
  readonly accepted: number
  readonly refused: number
  readonly refusals: readonly {
    readonly index: number
    readonly code: string
    readonly path: string
  }[]
}

export type Marker = {
  readonly event: object
  /** Returns when it is counted, and so everything before it in the log. */
  counted(): Promise<void>
}

/** What a client sees of Deskpulse, over HTTP alone. */
export type Client = {
  /** Sends events, each on a line. @throws Error unless every one is accepted. */
  send(tenant: string, events: readonly object[]): Promise<Receipt>
  /** Sends one body as it is, with the answer as it comes. */
  post(
    tenant: string,
    body: Uint8Array,
    contentType?: string,
  ): Promise<{ readonly status: number; readonly body: unknown }>
  live(tenant: string, parameters: Parameters): Promise<LiveResponse>
  waiting(tenant: string): Promise<WaitingResponse>
  agents(tenant: string): Promise<AgentsResponse>
  /** What the folds refused. */
  refusals(tenant: string): Promise<RefusalsResponse>
  /** The rows of all pages. */
  periods(tenant: string, parameters: Parameters): Promise<readonly PeriodRow[]>
  /** An event to send behind others. It is counted in the year 2001 and in a queue of its own, so that no other figure changes. */
  marker(tenant: string): Marker
  /** Sends a marker behind everything that was sent to the tenant over HTTP, and returns when it is counted. */
  caughtUp(tenant: string): Promise<void>
}

const answerMs = 20_000

type Headers = Readonly<Record<string, string>>

function addressOf(base: string, path: string, parameters: Parameters): URL {
  const url = new URL(path, base)
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of typeof values === 'string' ? [values] : values)
      url.searchParams.append(name, value)
  }
  return url
}

async function answerOf<Body>(url: URL, headers: Headers): Promise<Body> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(answerMs) })
  const text = await response.text()
  if (response.status !== 200)
    throw new Error(`${url.href} answers ${response.status}: ${text.slice(0, 1_000)}`)
  return JSON.parse(text) as Body
}

/** `ingestUrl`, `apiUrl`: the same for the embedded product. `key`: who asks, where somebody is asked. */
export function clientAt(ingestUrl: string, apiUrl: string, key?: string): Client {
  const who: Headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  let markers = 0
  const at = (tenant: string, path: string): string => `/v1/tenants/${tenant}/${path}`

  async function post(
    tenant: string,
    body: Uint8Array,
    contentType = 'application/json',
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(new URL(at(tenant, 'events'), ingestUrl), {
      method: 'POST',
      headers: { ...who, 'content-type': contentType },
      body: Buffer.from(body),
      signal: AbortSignal.timeout(answerMs),
    })
    return { status: response.status, body: JSON.parse(await response.text()) as unknown }
  }

  async function send(tenant: string, events: readonly object[]): Promise<Receipt> {
    const lines = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    const { status, body } = await post(tenant, lines, 'application/x-ndjson')
    const receipt = body as Receipt
    if (status !== 202 || receipt.accepted !== events.length)
      throw new Error(`events were not accepted: ${status} ${JSON.stringify(body)}`)
    return receipt
  }

  async function periods(tenant: string, parameters: Parameters): Promise<readonly PeriodRow[]> {
    const rows: PeriodRow[] = []
    let cursor: string | undefined
    do {
      const page = { ...parameters, ...(cursor === undefined ? {} : { cursor }) }
      const answer = await answerOf<PeriodsResponse>(
        addressOf(apiUrl, at(tenant, 'kpis/periods'), page),
        who,
      )
      rows.push(...answer.rows)
      cursor = answer.cursor
    } while (cursor !== undefined)
    return rows
  }

  function marker(tenant: string): Marker {
    markers += 1
    const queue = `marker-${process.pid}-${markers}`
    const year = {
      period: 'year',
      from: '2001-01-01',
      to: '2002-01-01',
      slice: `queue=${queue}`,
      kpis: 'contacts_opened',
    }
    const count = async (): Promise<unknown> =>
      (await periods(tenant, year))[0]?.kpis['contacts_opened']?.value
    return {
      event: eventOf(
        tenant,
        'contact.opened',
        { contactId: queue, channel: 'ticket', queue },
        { time: '2001-06-15T12:00:00Z' },
      ),
      async counted() {
        await until(`${tenant} has counted all that was sent`, count, (value) => value === 1, {
          withinMs: 400_000, // A quarter of a million events may be under way, beside other tests.
        })
      },
    }
  }

  return {
    post,
    send,
    periods,
    marker,
    async caughtUp(tenant) {
      const { event, counted } = marker(tenant)
      await until(`${tenant} takes a marker`, () => send(tenant, [event]), Boolean)
      await counted()
    },
    live: (tenant, parameters) =>
      answerOf(addressOf(apiUrl, at(tenant, 'kpis/live'), parameters), who),
    waiting: (tenant) => answerOf(addressOf(apiUrl, at(tenant, 'waiting'), {}), who),
    agents: (tenant) => answerOf(addressOf(apiUrl, at(tenant, 'agents'), {}), who),
    refusals: (tenant) => answerOf(addressOf(apiUrl, at(tenant, 'refusals'), {}), who),
  }
}
