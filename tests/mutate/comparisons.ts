import { type Equivalent, ofLine } from './equivalent.ts'

type Line = readonly [path: string, within: string]

/** They compare what is never equal: ids and dates of different things. */
const ofDifferent: readonly Line[] = [
  [
    'packages/core/src/config/local-time.ts',
    '? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))',
  ],
  [
    'packages/core/src/open/held-open.ts',
    'appeals.sort((a, b) => (a.appealId < b.appealId ? -1 : 1))',
  ],
  [
    'packages/core/src/open/held-open.ts',
    'rosters.sort((a, b) => (a.rosterOf < b.rosterOf ? -1 : 1))',
  ],
  [
    'packages/core/src/subjects/own-id/roster.ts',
    'const entries = [...byDate.values()].sort((a, b) => (a.from < b.from ? -1 : 1))',
  ],
  ['packages/core/src/folds/agent/shift-day.ts', '.sort(([a], [b]) => (a < b ? -1 : 1))'],
  [
    'packages/core/src/folds/agent/contact-parts.ts',
    'return [...carried].sort(([a], [b]) => (a < b ? -1 : 1))',
  ],
  [
    'packages/engine/src/subjects/contact-appeals.ts',
    'const all = [...this.#appeals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)',
  ],
  [
    'packages/engine/src/subjects/own-id-talk.ts',
    'return [...this.#heard].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { said }]) => said)',
  ],
]
const others: readonly Line[] = [
  [
    'packages/core/src/open/held-members.ts',
    '.toSorted((a, b) => a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1))',
  ],
  ['packages/core/src/open/standing-list.ts', 'a.atMs - b.atMs || (a.id < b.id ? -1 : 1)'],
  [
    'packages/core/src/folds/customer/sales.ts',
    'a.served.atMs - b.served.atMs || (a.contactId < b.contactId ? -1 : 1)',
  ],
  [
    'packages/core/src/folds/customer/contract-counts.ts',
    ').sort(([a, aMs], [b, bMs]) => aMs - bMs || (a < b ? -1 : 1))',
  ],
  [
    'packages/core/src/folds/agent/handled-days.ts',
    '): number => atMs - other.atMs || (a < b ? -1 : 1)',
  ],
  [
    'packages/core/src/folds/agent/fold-agent-day.ts',
    'others: others.sort((a, b) => (keyOfRow(a) < keyOfRow(b) ? -1 : 1)),',
  ],
  ['packages/engine/src/closing/closings.ts', '(one.tenant.name < other.tenant.name ? -1 : 1)'],
  ['packages/engine/src/closing/issuing.ts', 'slices.sort((a, b) => (a.text < b.text ? -1 : 1))'],
]

/** Of functions by which something is sorted. */
export const comparisons: readonly Equivalent[] = [
  ...[...ofDifferent, ...others].flatMap(([path, within]) =>
    ofLine(path, within, 'of a comparison the sign alone counts', ['1', '(1 + 1)']),
  ),
  ...ofDifferent.flatMap(([path, within]) =>
    ofLine(path, within, 'what is compared is never equal', ['<', '<=']),
  ),
]
