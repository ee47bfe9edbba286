import { type Equivalent, ofLine } from './equivalent.ts'
import { leftOut } from './operators.ts'

const computedAgain = 'what is not remembered is computed again, and comes to the same'
const overEarlier = 'a memo that starts over earlier is computed again, and comes to the same'
const foldedAnew = 'what else is folded anew has not changed, and comes to the same'
const wakeTimes = 'packages/engine/src/replay/wake-times.ts'
const thrownOut =
  'when times that were replaced are thrown out costs room and time, and makes no wake another'

/** What is remembered or passed over to save time, and comes to the same without. */
export const memos: readonly Equivalent[] = [
  ...ofLine(
    'packages/contract/src/events/catalogue.ts',
    'if (nearestTypes.size >= rememberedMax) nearestTypes.clear()',
    overEarlier,
    ['nearestTypes.size >= rememberedMax', 'true'],
    ['>=', '>'],
    ['>=', '<'],
  ),
  ...ofLine(
    'packages/contract/src/events/catalogue.ts',
    'if (found !== undefined) return found',
    computedAgain,
    ['found !== undefined', 'false'],
  ),
  ...ofLine(
    'packages/contract/src/events/catalogue.ts',
    'nearestTypes.set(text, found)',
    computedAgain,
    ['nearestTypes.set(text, found)', leftOut],
  ),
  ...ofLine(
    'packages/core/src/time/calendar.ts',
    'if (known !== undefined) return known',
    computedAgain,
    ['known !== undefined', 'false'],
  ),
  ...ofLine(
    'packages/core/src/time/calendar.ts',
    'if (starts.size >= cachedDaysMax) starts = new Map()',
    overEarlier,
    ['starts.size >= cachedDaysMax', 'true'],
    ['>=', '>'],
    ['>=', '<'],
  ),
  ...ofLine('packages/core/src/time/calendar.ts', 'starts.set(utcDay, found)', computedAgain, [
    'starts.set(utcDay, found)',
    leftOut,
  ]),
  ...ofLine(
    'packages/core/src/time/calendar.ts',
    'const cachedDaysMax = 20_000 // More than 50 years of a back-fill.',
    overEarlier,
    ['20_000', '0'],
    ['20_000', '(20000 + 1)'],
  ),
  ...ofLine(
    'packages/core/src/time/period-starts.ts',
    'for (const memo of [hours, days]) if (memo.size > heldMax) memo.clear()',
    overEarlier,
    ['memo.size > heldMax', 'true'],
    ['>', '>='],
    ['>', '<='],
  ),
  ...ofLine(
    'packages/core/src/time/period-starts.ts',
    'const heldMax = 20_000',
    overEarlier,
    ['20_000', '0'],
    ['20_000', '(20000 + 1)'],
  ),
  ...ofLine(
    'packages/core/src/slices/slice-index.ts',
    'if (last?.config === config) return last.compiled',
    computedAgain,
    ['last?.config === config', 'false'],
  ),
  ...ofLine(
    'packages/core/src/slices/slice-index.ts',
    'const compiled = compiledOf.get(config) ?? compile(config)',
    computedAgain,
    ['compiledOf.get(config) ?? compile(config)', '(compile(config))'],
  ),
  ...ofLine(
    'packages/core/src/slices/slice-index.ts',
    'compiledOf.set(config, compiled)',
    computedAgain,
    ['compiledOf.set(config, compiled)', leftOut],
  ),
  ...ofLine(
    'packages/core/src/slices/slice-index.ts',
    'last = { config, compiled }',
    computedAgain,
    ['last = { config, compiled }', leftOut],
  ),
  ...ofLine(
    'packages/core/src/slices/slice-index.ts',
    'if (memo.size >= sliceLimits.memoEntriesMax) memo.clear()',
    overEarlier,
    ['memo.size >= sliceLimits.memoEntriesMax', 'true'],
    ['>=', '>'],
    ['>=', '<'],
  ),
  ...ofLine('packages/core/src/slices/slice-index.ts', 'memo.set(number, ids)', computedAgain, [
    'memo.set(number, ids)',
    leftOut,
  ]),
  ...ofLine(
    'packages/core/src/slices/slice-index.ts',
    'const ids = memo.get(number) ?? compute(values)',
    computedAgain,
    ['memo.get(number) ?? compute(values)', '(compute(values))'],
  ),
  ...ofLine(
    'packages/core/src/slices/slice-index.ts',
    'for (const one of [number, numberOf(credit)]) remember(memo, one, ids)',
    computedAgain,
    ['remember(memo, one, ids)', leftOut],
  ),
  ...ofLine(
    'packages/core/src/measures/record.ts',
    'if (low === high || cells[high - 1]! < cell) return high // Mostly what is added comes in order.',
    'without the shortcut the search finds the same place',
    ['low === high || cells[high - 1]! < cell', 'false'],
    ['||', '&&'],
    ['-', '+'],
    ['1', '0'],
  ),
  ...ofLine(
    'packages/engine/src/partition/measure-deltas.ts',
    'if (places.length === 1) return',
    'of one place nothing is left to be added',
    ['places.length === 1', 'false'],
    ['1', '0'],
    ['return', leftOut],
  ),
  ...ofLine(
    'packages/engine/src/partition/measure-deltas.ts',
    'if (this.#last?.minuteStartMs !== minuteStartMs)',
    'what was asked for last is found again',
    ['this.#last?.minuteStartMs !== minuteStartMs', 'true'],
  ),
  ...ofLine(
    'packages/engine/src/partition/measure-deltas.ts',
    'if (last !== null && last.credit === credit && last.scope === scope && last.config === config)',
    'what was asked for last is found again',
    [
      'last !== null && last.credit === credit && last.scope === scope && last.config === config',
      'false',
    ],
  ),
  ...ofLine(
    'packages/engine/src/partition/measure-deltas.ts',
    'const key = numberOf(credit) * 3 + scopePlace[scope]',
    'a number for each of three has room in four',
    ['3', '(3 + 1)'],
  ),
  ...ofLine(
    'packages/engine/src/replay/log-pages.ts',
    'for (let high = low + step - 1; low < high;) {',
    'one offset more is looked at',
    ['1', '0'],
  ),
  ...ofLine(
    'packages/engine/src/partition/measure-deltas.ts',
    'this.#last = sum',
    'what was asked for last is found again',
    ['this.#last = sum', leftOut],
  ),
  ...ofLine(
    wakeTimes,
    'if (this.#replaced > replacedMin + this.size) this.#throwOutReplaced()',
    thrownOut,
    ['this.#replaced > replacedMin + this.size', 'true'],
    ['this.#replaced > replacedMin + this.size', 'false'],
    ['>', '>='],
    ['>', '<='],
    ['+', '-'],
    ['this.#throwOutReplaced()', leftOut],
  ),
  ...ofLine(
    wakeTimes,
    'const replacedMin = 1_000',
    thrownOut,
    ['1_000', '0'],
    ['1_000', '(1000 + 1)'],
  ),
  ...ofLine(
    wakeTimes,
    'this.#replaced += 1',
    thrownOut,
    ['this.#replaced += 1', leftOut],
    ['+=', '-='],
    ['1', '0'],
    ['1', '(1 + 1)'],
  ),
  ...ofLine(wakeTimes, 'this.#queue = queueOf(this)', thrownOut, [
    'this.#queue = queueOf(this)',
    leftOut,
  ]),
  ...ofLine(
    wakeTimes,
    'this.#replaced = 0',
    thrownOut,
    ['this.#replaced = 0', leftOut],
    ['0', '1'],
  ),
  ...ofLine(wakeTimes, '#replaced = 0', thrownOut, ['0', '1']),
  ...ofLine(
    'packages/core/src/folds/agent/contact-parts.ts',
    'before.length === 1 && after.length === 1 && a !== undefined && b !== undefined && isAlike(a, b)',
    foldedAnew,
    ['===', '!=='],
  ),
  ...(
    [
      ['subjects/contacts.ts', 'if (contacts.size > 0) {', 'contacts.size > 0'],
      [
        'partition/subjects.ts',
        'if (subjects.size > 0) await kind.load(subjects, logTimeMs, load)',
        'subjects.size > 0',
      ],
    ] as const
  ).flatMap(([path, within, original]) =>
    ofLine(`packages/engine/src/${path}`, within, 'of none nothing is loaded', [original, 'true']),
  ),
]
