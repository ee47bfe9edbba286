import { expect, test } from 'vitest'
import type { IssuedPeriod } from '../closed/issued-period.ts'
import type { EpochMs } from '../time/time.ts'
import { issuedText } from './issued-text.ts'

const day: IssuedPeriod = {
  ...{ kind: 'day', label: '2026-03-01', cause: 'closed', rows: 12, revision: 1 },
  ...{ startMs: 0 as EpochMs, endMs: 86_400_000 as EpochMs },
}
const late = { ...day, cause: 'late', rows: 1 } as const

test.each([
  [[day], 'acme: day 2026-03-01 was closed, 12 rows', 'acme：2026-03-01（日）已关闭，12 行'],
  [[late], 'acme: day 2026-03-01 was issued, 1 row', 'acme：2026-03-01（日）已发布，1 行'],
  [
    [{ ...late, revision: 3 }],
    'acme: day 2026-03-01 was issued again (revision 3), 1 row',
    'acme：2026-03-01（日）已重新发布（修订版 3），1 行',
  ],
  [
    [day, late],
    'acme: 13 rows of 2 closed periods were issued',
    'acme：已发布 2 个已关闭周期的 13 行',
  ],
])('what was issued is said in both languages: %#', (periods, en, zh) => {
  expect(issuedText({ tenant: 'acme', periods }, 'en')).toBe(en)
  expect(issuedText({ tenant: 'acme', periods }, 'zh')).toBe(zh)
})
