import type { ImportKind } from '../column.ts'
import { costs } from './costs.ts'
import { attendance, forecasts } from './planning.ts'
import { assessments, employeeSurveys, quality, violations } from './scores.ts'
import { shifts } from './shifts.ts'

/** Everything that no other system sends. */
export const importKinds: readonly ImportKind[] = [
  ...[quality, assessments, violations],
  ...[attendance, shifts, forecasts],
  ...[employeeSurveys, costs],
]
