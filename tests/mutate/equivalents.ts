import { comparisons } from './comparisons.ts'
import { type Equivalent, ofLine } from './equivalent.ts'
import { memos } from './memos.ts'
import type { Mutant } from './mutants.ts'
import { leftOut } from './operators.ts'

const promisedToNobody = 'one more, or as much later: it is promised to nobody'

export const equivalents: readonly Equivalent[] = [
  ...(
    [
      ['evictedAtOnceMax: 200,', '200'],
      ['askedAtOnceMax: 100,', '100'],
      ['recordsPerReadMax: 5_000,', '5_000'],
      ['export const lookAtLeastEveryMs = 5 * minuteMs', '5'],
    ] as const
  ).flatMap(([within, original]) =>
    ofLine('services/alerter/src/book/limits.ts', within, promisedToNobody, [
      original,
      `(${Number(original.replace('_', ''))} + 1)`,
    ]),
  ),
  ...(
    [
      ['summaryGatherMs: 3 * secondMs,', '3'],
      ['pingLookMs: 10 * secondMs,', '10'],
      ['gatherMs: 10 as number,', '10'],
      ['stopRecordMs: 3 * secondMs,', '3'],
    ] as const
  ).flatMap(([within, original]) =>
    ofLine('services/alerter/src/delivery/limits.ts', within, promisedToNobody, [
      original,
      `(${original} + 1)`,
    ]),
  ),
  {
    path: 'packages/contract/src/events/catalogue.ts',
    original: '1_000',
    replacement: '0',
    within: 'const rememberedMax = 1_000',
    reason: 'what is not remembered is compared again',
  },
  {
    path: 'packages/contract/src/events/catalogue.ts',
    original: '1_000',
    replacement: '(1000 + 1)',
    within: 'const rememberedMax = 1_000',
    reason: 'one more is remembered',
  },
  {
    path: 'packages/core/src/config/business-time.ts',
    original: '1',
    replacement: '(1 + 1)',
    within: 'const last = known.at(-1)?.config ?? history.configAt(fromMs - 1)',
    reason: 'at both instants the first version is in force',
  },
  {
    path: 'packages/core/src/alerts/watched-agent.ts',
    original: '<',
    replacement: '<=',
    reason: 'a span that ends as it begins is none: nothing went on in it',
  },
  {
    path: 'packages/core/src/folds/agent/agent-day.ts',
    original: '<=',
    replacement: '<',
    within: 'if (atMs <= this.#heartbeatMs) return',
    reason: 'the same heartbeat again: what is folded anew comes to the same',
  },
  {
    path: 'packages/core/src/folds/agent/contact-marks.ts',
    original: '1',
    replacement: '0',
    within:
      'if (high > 0 && sorted[high - 1]! < atMs) return high // Most of what comes is the last.',
    reason: 'without the shortcut the search finds the same place',
  },
  ...['explicit: false,', 'inbound: true,'].map((within) => ({
    path: 'packages/core/src/folds/contact/state.ts',
    original: String(within.includes('true')),
    replacement: String(within.includes('false')),
    within,
    reason: 'the first event says it, and nothing is asked of a contact before',
  })),
  {
    path: 'packages/core/src/folds/contact/state.ts',
    original: 'false',
    replacement: 'true',
    within: 'leftUnanswered: false,',
    reason: 'asked of a contact that is over alone, and its end says it',
  },
  {
    path: 'packages/core/src/folds/contact/state.ts',
    original: '0',
    replacement: '1',
    within: 'resolutions: 0,',
    reason: 'numbers tell resolutions from each other: where they begin says nothing',
  },
  {
    path: 'packages/core/src/folds/timeline/order.ts',
    original: '1',
    replacement: '(1 + 1)',
    within: 'return a < b ? -1 : 1',
    reason: 'of a comparison the sign alone counts',
  },
  {
    path: 'packages/core/src/folds/timeline/order.ts',
    original: '<',
    replacement: '<=',
    within: 'return a.id < b.id ? -1 : 1',
    reason: 'equal ids were found before',
  },
  {
    path: 'packages/core/src/folds/timeline/timeline.ts',
    original: '1',
    replacement: '(1 + 1)',
    within: 'if (this.#byIdentity === null && this.#events.length + 1 >= tableFrom)',
    reason: 'a walk finds what a table finds: it is made for an event less',
  },
  {
    path: 'packages/core/src/folds/timeline/timeline.ts',
    original: '>=',
    replacement: '<',
    within: 'if (events.length >= tableFrom) this.#byIdentity = tableOf(this.#events)',
    reason: 'a walk finds what a table finds; the next event that comes makes the table',
  },
  {
    path: 'packages/contract/src/entries/refusal-list.ts',
    original: '-',
    replacement: '+',
    within: 'for (let number = total - 1; number >= oldest; number -= 1) {',
    reason: 'past the last one nothing is listed: two numbers more are looked at',
  },
  {
    path: 'packages/core/src/measures/dimension-set.ts',
    original: '1',
    replacement: '(1 + 1)',
    within: 'node.set ??= new DimensionSet(others, attributes, (sets += 1))',
    reason: 'numbers tell sets from each other: which ones they are says nothing',
  },
  {
    path: 'packages/core/src/open/held-open.ts',
    original: '!entry.intervals.some((one) => isMadeOf(kind, one.kind))',
    replacement: 'false',
    reason: 'what is passed over early holds nothing of the kind',
  },
  {
    path: 'packages/core/src/subjects/session-id.ts',
    original: '<',
    replacement: '<=',
    reason: 'a separator that comes first would be that of a contact without an id',
  },
  {
    path: 'packages/core/src/time/offsets.ts',
    original: '<',
    replacement: '<=',
    within: 'if (before !== undefined && span.offsetMs < before.offsetMs)',
    reason: 'a change that leaves the offset repeats a stretch without a length',
  },
  {
    path: 'packages/core/src/time/offsets.ts',
    original: '60_000',
    replacement: '(60000 + 1)',
    reason: 'a zone is at most 14 hours away: rounded to minutes that is the same',
  },
  {
    path: 'packages/stream/src/embedded/bounded-topic/bounded-topic.ts',
    original: '0',
    replacement: '1',
    within: '0,',
    reason: 'room is made of whole records: a byte more or less of it makes no other one go',
  },
  {
    path: 'packages/stream/src/embedded/bounded-topic/bounds.ts',
    original: 'maxBytes ?? 0',
    replacement: '(maxBytes)!',
    reason: 'a share of null is 0',
  },
  {
    path: 'packages/stream/src/embedded/event-log-groups.ts',
    original: 'file.consumed(name, slot) ?? (0 as Offset)',
    replacement: '(file.consumed(name, slot))!',
    reason: 'who reads a position takes none for 0 once more',
  },
  {
    path: 'packages/stream/src/embedded/state-store-outbox.ts',
    original: 'headers === undefined',
    replacement: 'false',
    reason: 'SQLite is given NULL for what is undefined, too',
  },
  {
    path: 'services/alerter/src/book/reading.ts',
    original: '20_000',
    replacement: '(20000 + 1)',
    reason: 'how deep a list can be paged is promised to nobody to the alert',
  },
  {
    path: 'services/alerter/src/book/asking.ts',
    original: '0',
    replacement: '1',
    within: 'callOff = timer.after(Math.min(Math.max(atMs - nowMs(), 0), lookAtLeastEveryMs), run)',
    reason: 'a millisecond later: nobody is promised it',
  },
  {
    path: 'services/alerter/src/delivery/delivery-log.ts',
    original: 'received !== before.received',
    replacement: 'true',
    reason: 'what waits is given what it has',
  },
  {
    path: 'services/alerter/src/delivery/endpoints.ts',
    original: 'push',
    replacement: 'unshift',
    within: 'if (mayBegin) requests.push(...(await beginNext(draft, endpoint)))',
    reason: 'endpoints do not wait for each other: none is first',
  },
  {
    path: 'packages/engine/src/alerts/sources.ts',
    original: 'this.#numbers.size === 0',
    replacement: 'false',
    reason: 'a watch without any number is stored in more bytes, and read as none',
  },
  {
    path: 'packages/engine/src/alerts/sources.ts',
    original: 'all',
    replacement: 'true',
    reason: 'a source that is decided before its time is decided as it was',
  },
  {
    path: 'packages/engine/src/subjects/agent-day-cell.ts',
    original: '||',
    replacement: '&&',
    within: 'this.#lifetime.isPast(logTimeMs) ||',
    reason:
      'a day that is past is forgotten by then: what it takes over counts nowhere; an equal carry is folded to the same',
  },
  {
    path: 'packages/engine/src/subjects/contact-cell.ts',
    original: 'contact.isBlank && !contact.journalStale && !isTold',
    replacement: 'false',
    reason:
      'a contact of which nothing was accepted folds to nothing, and what the store does not hold is removed once more',
  },
  ...[
    { original: 'utcDay === this.#last', replacement: 'false' },
    { original: 'this.#last = utcDay', replacement: leftOut },
  ].map((shortcut) => ({
    path: 'packages/engine/src/partition/subject-days.ts',
    ...shortcut,
    reason: 'without the shortcut the list of days says the same',
  })),
  {
    path: 'packages/engine/src/partition/refusals.ts',
    original: 'values[index] ?? null',
    replacement: '(values[index])!',
    reason: 'a store answers each key that it is asked for, with null where it has nothing',
  },
  ...memos,
  ...comparisons,
]

export function equivalentOf(
  mutant: Mutant,
  source: string,
  known: readonly Equivalent[] = equivalents,
): Equivalent | undefined {
  const line = source.split('\n')[mutant.line - 1]?.trim()
  return known.find(
    ({ path, original, replacement, within }) =>
      path === mutant.path &&
      original === mutant.original &&
      replacement === mutant.replacement &&
      (within === undefined || within === line),
  )
}
