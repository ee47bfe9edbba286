import { problemOf, type SlicesResponse } from '@deskpulse/contract'
import { type Dimension, dimensions, keepsSlice, partText } from '@deskpulse/core'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import type { Step } from '../reading/question.ts'
import { iso, type Stamped } from './answer.ts'

const isDimension = (text: string): text is Dimension => (dimensions as readonly string[]).includes(text)

/** `GET …/slices?dimension=queue`: values configured, then those seen; 404 when the tenant keeps no slices of the dimension. */
export function sliceValuesStep(dimension: string, { config, valuesOf, logTimeMs }: TenantBasis): Step<Outcome<Stamped<SlicesResponse>>> {
  if (!isDimension(dimension) || !keepsSlice([{ dimension, value: '' }], config)) {
    const error = { path: 'dimension', expected: config.slices.dimensions.join(' | '), got: dimension }
    return { kind: 'settled', result: refused(problemOf('unknown-slice', 'the tenant keeps no slices of this dimension', [error])) }
  }
  const values = valuesOf(dimension).map((value) => ({ value, slice: partText(dimension, value), name: value }))
  return { kind: 'settled', result: granted({ asOf: iso(logTimeMs), dimension, values }) }
}
