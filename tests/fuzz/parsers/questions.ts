import { parse as parseQuery } from 'node:querystring'
import * as contract from '@deskpulse/contract'
import { parseWindow } from '@deskpulse/core/kpis'
import { parseReadSlice } from '@deskpulse/core/measures'
import { localTimeOf, defaultTenantConfig } from '@deskpulse/core/config'
import { parseBoundary, parseLabel } from '@deskpulse/core/time'
import { sliceErrorCodes } from '../../../packages/core/src/slices/slice.ts'
import * as explain from '../../../services/api/src/explain/cursor.ts'
import * as pages from '../../../services/api/src/questions/period-pages.ts'
import { mutatedJson, mutatedText } from '../mutation.ts'
import { type Parser, parserOf, refused, taken } from '../parser.ts'

type Schema = Parameters<typeof contract.parseBody>[0]

/** Each schema of a query, with a question that it reads. */
const questions: readonly (readonly [schema: Schema, question: string])[] = [
  [contract.liveQuery, 'slice=queue%3Dbilling&window=15m&kpis=backlog&clock=business&lang=zh'],
  [
    contract.periodsQuery,
    'period=day&from=2026-03-02&to=2026-03-09T00:00:00Z&limit=10&revision=all',
  ],
  [
    contract.explainQuery,
    'kpi=response_time&slice=queue%3Dbilling&where=wait%3E60s&include=events',
  ],
  [contract.closedQuery, 'since=2026-03-02&limit=100'],
  [contract.waitingQuery, 'slice=all&limit=50&lost=true'],
  [contract.agentsQuery, 'team=night'],
  [contract.agentTimelineQuery, 'from=2026-03-02&to=2026-03-03T10:00:00%2B01:00'],
  [contract.intradayQuery, 'queue=billing&period=15m&format=csv&bom=true'],
  [contract.refusalsQuery, 'code=id-conflict&source=/crm&limit=10&cursor=MTA'],
  [contract.slicesQuery, 'dimension=queue'],
  [contract.scoresQuery, 'lang=en&format=xlsx'],
  [contract.alertsQuery, 'status=firing&limit=10'],
  [contract.auditQuery, 'limit=10'],
  [contract.signInQuery, 'to=/alerts'],
]

const askings = questions.map(([schema, question]) => ({ schema, make: mutatedText([question]) }))

/** Where a sign-in leads back to: on the server itself, in the eyes of a browser. */
function leadsAway(value: unknown): boolean {
  const to = (value as { readonly to?: unknown }).to
  if (typeof to !== 'string') return false
  return URL.parse(to, 'http://here.example/')?.origin !== 'http://here.example'
}

const question = parserOf({
  name: 'the parameters of a question',
  share: 15,
  make(random) {
    const { schema, make } = random.pick(askings)
    return { schema, text: make(random) }
  },
  read({ schema, text }) {
    const parsed = contract.parseParameters(schema, { ...parseQuery(text) })
    if (!parsed.ok) return refused(parsed.problem.code)
    if (schema === contract.signInQuery && leadsAway(parsed.value))
      throw new Error('it leads elsewhere')
    return taken(parsed.value)
  },
  codes: Object.keys(contract.problemCodes),
})

const slice = parserOf({
  name: 'a slice',
  make: mutatedText([
    'all',
    'queue=billing',
    'queue=a%2Cb,channel=chat',
    'team=night',
    'topic=退款',
  ]),
  read(text) {
    const parsed = parseReadSlice(text)
    if (!parsed.ok) return refused(parsed.code)
    const again = parseReadSlice(parsed.text)
    if (!again.ok || again.text !== parsed.text) throw new Error('it is not read as it is written')
    return taken(parsed.slice)
  },
  codes: sliceErrorCodes,
})

const localTime = localTimeOf([
  { takenMs: 0, fromMs: 0, id: '', config: defaultTenantConfig },
] as never)

const time = parserOf({
  name: 'a window, a date, a label',
  make: mutatedText([
    '15m',
    'today',
    '2026-03-02',
    '2026-W10',
    '2026-Q1',
    '2026-03-02T09:00:00.5+01:00',
  ]),
  read(text) {
    const instant = parseBoundary(text, localTime)
    if (instant !== null && !Number.isSafeInteger(instant)) throw new Error('no instant')
    const found = instant ?? parseWindow(text) ?? parseLabel(text) ?? contract.parseTime(text)
    return found === null ? refused('nothing') : taken(found)
  },
  codes: ['nothing'],
})

const sums = { of: 1, per: 2, ms: 3, money: { EUR: 4 } }
const cursors = [
  explain.encodeCursor({ after: 'c/1', skip: 3, sums }),
  explain.encodeCursor(explain.firstPage),
  pages.encodeCursor({ startMs: 1_772_409_600_000 as never, place: 7 }),
]
const insideCursors = mutatedJson([
  ['c/1', 3, 1, 2, 3, { EUR: 4 }],
  [null, 0, 0, 0, 0, {}],
])

const cursor = parserOf({
  name: 'a cursor',
  make: (random) =>
    random.chance(0.5) ? insideCursors(random).toString('base64url') : mutatedCursor(random),
  read(text) {
    const ofRows = explain.decodeCursor(text)
    const ofPeriods = pages.decodeCursor(text)
    if (ofRows !== null && explain.decodeCursor(explain.encodeCursor(ofRows)) === null)
      throw new Error('it cannot be gone on from')
    return (ofRows ?? ofPeriods) ? taken([ofRows, ofPeriods]) : refused('no cursor')
  },
  codes: ['no cursor'],
})
const mutatedCursor = mutatedText(cursors)

const bodies: readonly (readonly [schema: Schema, body: unknown])[] = [
  [contract.newKeyBody, { name: 'me', scopes: ['read'], expiresAt: '2027-01-01T00:00:00Z' }],
  [contract.newBoardBody, { name: 'wall', board: 'wallboard' }],
  [
    contract.silenceBody,
    {
      author: 'ann',
      matchers: [{ rule: 'slow' }],
      from: '2026-03-02',
      to: '2026-03-03',
      comment: 'x',
    },
  ],
  [contract.acknowledgeBody, { author: 'ann', comment: 'on it' }],
  [
    contract.putRuleBody,
    { author: 'ann', version: 1, rule: { limit: '45s', endpoints: ['floor'] } },
  ],
  [contract.dryRunBody, { from: '2026-03-01', to: '2026-03-02', rule: { limit: '45s' } }],
  [
    contract.appealBody,
    { agentId: 'a', period: { start: '2026-03-01', end: '2026-03-31' }, kpis: ['qa_score'] },
  ],
  [contract.decisionBody, { decision: 'accepted', decidedBy: 'bob' }],
  [
    contract.ruleInputSchema,
    {
      name: 'slow',
      kind: 'windowed',
      kpi: 'response_time',
      statistic: 'p90',
      window: '15m',
      comparison: 'above',
      threshold: '60s',
    },
  ],
]
const sent = bodies.map(([schema, body]) => ({ schema, make: mutatedJson([body]) }))

const body = parserOf({
  name: 'the body of a change',
  share: 15,
  make(random) {
    const { schema, make } = random.pick(sent)
    return { schema, bytes: make(random) }
  },
  read({ schema, bytes }) {
    let value: unknown
    try {
      value = JSON.parse(bytes.toString())
    } catch {
      return refused('not-json')
    }
    const parsed = contract.parseBody(schema, value)
    return parsed.ok ? taken(parsed.value) : refused(parsed.problem.code)
  },
  codes: Object.keys(contract.problemCodes),
})

export const questionParsers: readonly Parser[] = [question, slice, time, cursor, body]
