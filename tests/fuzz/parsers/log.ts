import * as contract from '@deskpulse/contract'
import { decodeFrame, encodeFrame } from '@deskpulse/stream'
import { type Making, mutatedBytes, mutatedJson, mutatedText } from '../mutation.ts'
import { caught, type Outcome, type Parser, parserOf, refused, taken } from '../parser.ts'
import { events, nowMs, tenant } from './events.ts'

const codeOf = (error: Error): string | null =>
  error instanceof contract.EntryUnreadable ? error.code : null
const entryCodes = ['ENTRY_UNREADABLE']

const canonical = events.flatMap((event) => {
  const parsed = contract.parseEvent(event)
  return parsed.ok ? [parsed.event] : []
})
const entries = canonical.map((event) => ({
  ...{ tenant, kind: contract.entryKinds.event, bytes: contract.encodeEvent(event) },
}))
const clock = { name: 'c', wallMs: nowMs, monotonicMs: 12 }
const frames = Array.from({ length: 20 }, (_, n) =>
  encodeFrame({
    ...{ sender: 's', backlogMs: n, entries: entries.slice(3 * n, 3 * n + 3) },
    ...(n % 2 === 0 ? {} : { clock }),
  }),
)

const frame = parserOf({
  name: 'a frame of the log',
  share: 30,
  make: mutatedBytes(frames),
  read(bytes) {
    try {
      const decoded = decodeFrame(bytes)
      const again = decodeFrame(encodeFrame(decoded))
      if (again.entries.length !== decoded.entries.length) throw new Error('entries are lost')
      return taken(null)
    } catch (error) {
      return caught(error, (one) => ('code' in one ? String(one.code) : null))
    }
  },
  codes: ['FRAME_UNREADABLE'],
})

const parsed = contract.parseConfig({ tenants: { [tenant]: {} } })
if (!parsed.ok) throw new Error('no configuration')
const config = parsed.config.tenants[tenant]!.config
const audited: contract.AuditEntry = {
  ...{ id: '1', who: { id: 'k', name: 'me' }, from: { address: '10.0.0.1', userAgent: null } },
  ...{ tenant, action: 'rule.put', object: 'slow', before: null, after: { limit: 1 } },
}

/** What decodes each kind of what a topic or the store holds, and bytes of it. */
const decoders: readonly (readonly [
  decode: (bytes: Uint8Array) => unknown,
  values: readonly unknown[],
])[] = [
  [(bytes) => contract.decodeEvent(bytes, tenant), entries.map(({ bytes }) => jsonOf(bytes))],
  [
    contract.decodeConfigEntry,
    [jsonOf(contract.encodeConfigEntry(contract.configEntry(config, null)))],
  ],
  [contract.decodeConfigVersions, [[{ id: 'a', takenMs: 1, fromMs: 1, config }]]],
  [
    contract.decodeAlertRulesEntry,
    [
      jsonOf(
        contract.encodeAlertRulesEntry(
          contract.alertRulesEntry({ base: [], own: [], predecessor: null } as never),
        ),
      ),
    ],
  ],
  [contract.decodeRuleVersions, [[]]],
  [contract.decodeGapEntry, [{ topic: 'raw', partition: 0, from: 1, to: 2, foundMs: 3 }]],
  [contract.decodeGapAcknowledgement, [{ gapId: 'a', author: 'ann', comment: '', atMs: 1 }]],
  [contract.decodeClockProblem, [{ kind: 'ahead', byMs: 1, sinceMs: 2 }]],
  [contract.decodeRefusalHead, [{ total: 1, next: 2 }]],
  [contract.decodeRefusalPage, [[]]],
  [
    contract.decodeAlertRecord,
    [{ kind: 'transition', tenant, rule: 'slow', subject: 'x', number: 1 }],
  ],
  [contract.decodeAuditEntry, [audited]],
  [contract.decodeAccessRecord, [accessRecord(), { kind: 'use', id: '0123456789ab', atMs: 1 }]],
]

function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString())
}

function accessRecord(): contract.KeyRecord {
  return {
    ...{ kind: 'key', id: '0123456789ab', name: 'me', tenant, scopes: ['read'], board: null },
    secret: {
      algorithm: 'scrypt',
      cost: 2,
      blockSize: 8,
      parallelization: 1,
      salt: 'aa',
      hash: 'bb',
    },
    ...{ createdAtMs: 1, createdBy: 'me', expiresAtMs: null, revokedAtMs: null, revokedBy: null },
  }
}

const makings = decoders.map(([decode, values]) => ({ decode, make: mutatedJson(values) }))

const entry = parserOf({
  name: 'an entry of the log, a record of a topic',
  share: 30,
  make(random) {
    const { decode, make } = random.pick(makings)
    return { decode, bytes: make(random) }
  },
  read: ({ decode, bytes }) => decoded(() => decode(bytes)),
  codes: [...entryCodes, 'none'],
})

function decoded(decode: () => unknown): Outcome {
  try {
    const value = decode()
    return value === null ? refused('none') : taken(value)
  } catch (error) {
    return caught(error, codeOf)
  }
}

const letter: contract.DeadLetter = {
  ...{ original: { kind: 'whole', bytes: Buffer.from('{"source":"/crm"}') }, code: 'not-json' },
  ...{ path: '', reason: 'x', tenant, source: '/crm', firstMs: nowMs, lastMs: nowMs, times: 1 },
  place: null,
}
const group = contract.letterGroupRecord([letter, { ...letter, code: 'bad-schema' }])
const receipt = contract.replayReceiptRecord({ atMs: 1, letters: ['a'] })
const values: readonly Making<Buffer>[] = [
  ...[mutatedBytes([group.value]), mutatedBytes([receipt.value])],
  mutatedJson(events.slice(0, 20)),
]
const single = { code: 'not-json', stage: 'fold', partition: '0', offset: '1', index: '2' }
const headerValues = mutatedText([
  ...Object.values(single),
  ...[group.headers.format, receipt.headers.format, '2026-03-02T00:00:00Z', '12'],
])
const headerNames = [...Object.keys(single), 'format', 'length', 'sha256', 'receivedAt', 'inputs']

const deadLetter = parserOf({
  name: 'a record of dead letters',
  make(random) {
    const known = random.pick([group.headers, receipt.headers, single, {}])
    const changed = headerNames.filter(() => random.chance(0.05))
    const headers: Record<string, string> = { ...known }
    for (const name of changed) headers[name] = headerValues(random)
    return { value: random.pick(values)(random), headers, appendedAtMs: nowMs }
  },
  read(record) {
    if (!Number.isSafeInteger(contract.inputsOf(record.headers))) throw new Error('no number')
    return decoded(() => {
      const content = contract.decodeDeadLetters(record)
      if (content.kind === 'letters') content.letters.map(contract.identityOf)
      return content.kind
    })
  },
  codes: entryCodes,
})

export const logParsers: readonly Parser[] = [frame, entry, deadLetter]
