import { problemOf, type SlicesResponse } from '@deskpulse/contract'
import { dimensions, type TenantConfig } from '@deskpulse/core/config'
import {
  isLimited,
  keepsSlice,
  type LimitedDimension,
  partText,
  type ReadDimension,
  type ReadSlice,
  teamDimension,
} from '@deskpulse/core/measures'
import { openKinds } from '@deskpulse/core/state'
import { fromJsonBytes } from '@deskpulse/stream'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import type { Answer } from '../reading/held.ts'
import { readStep, type Step } from '../reading/question.ts'
import { iso, type Stamped } from './answer.ts'

const isDimension = (text: string): text is ReadDimension =>
  text === teamDimension || (dimensions as readonly string[]).includes(text)

/**
 * `GET …/slices?dimension=queue`: values configured, then those in which something was counted, or stands open; 404 when the tenant keeps no slices of
 * the dimension. What was only named, by an event that was refused, taken back or said nothing of it, is not listed.
 */
export function sliceValuesStep(
  dimension: string,
  basis: TenantBasis,
  [days]: Answer['values'],
): Step<Outcome<Stamped<SlicesResponse>>> {
  const { config, tenant } = basis
  const dayCounts = days ? fromJsonBytes<readonly number[]>(days) : []
  if (!isDimension(dimension) || !keepsSlice([{ dimension, value: '' }] as ReadSlice, config)) {
    const error = {
      path: 'dimension',
      expected: keptDimensions(config).join(' | '),
      got: dimension,
    }
    return {
      kind: 'settled',
      result: refused(
        problemOf('unknown-slice', 'the tenant keeps no slices of this dimension', [error]),
      ),
    }
  }
  if (dimension === teamDimension) return teamsStep(basis)
  const texts = basis
    .valuesOf(dimension)
    .map((value) => ({ value, slice: partText(dimension, value), name: value }))
  const named = texts.map((one) => ({
    ...one,
    id: basis.slices.valuesSeen(dimension).has(one.value)
      ? basis.slices.idOf(one.slice)
      : undefined,
  }))
  const doubtful = named.flatMap(({ id }) =>
    id === undefined || (dayCounts[id] ?? 0) !== 0 ? [] : [id],
  )
  return readStep({
    needs: {
      keys: [],
      open: doubtful.flatMap((slice) =>
        openKinds.map((kind) => ({ tenant, slice, kind, members: 0 })),
      ),
    },
    isCurrent: () => true,
    finish({ open, logTimeMs }) {
      const isVoid = (id: number | undefined): boolean => {
        const place = id === undefined ? -1 : doubtful.indexOf(id)
        if (place < 0) return false
        return open
          .slice(place * openKinds.length, (place + 1) * openKinds.length)
          .every(({ count }) => count === 0)
      }
      const values = named.filter(
        ({ id, value }) => basis.isConfigured(dimension, value) || !isVoid(id),
      )
      return granted({
        ...{
          asOf: iso(logTimeMs),
          dimension,
          values: values.map(({ value, slice, name }) => ({ value, slice, name })),
        },
        ...(isLimited(dimension) && { limit: limitOf(dimension, basis) }),
      })
    },
  })
}

/** Every team that ever had an agent. */
function teamsStep({ rosters }: TenantBasis): Step<Outcome<Stamped<SlicesResponse>>> {
  const values = rosters.teams.map((value) => {
    return { value, slice: partText(teamDimension, value), name: value }
  })
  return readStep({
    needs: { keys: [], open: [] },
    isCurrent: () => true,
    finish: ({ logTimeMs }) => granted({ asOf: iso(logTimeMs), dimension: teamDimension, values }),
  })
}

const keptDimensions = ({ slices: { dimensions: kept } }: TenantConfig): readonly string[] =>
  kept.includes('agent') ? [...kept, teamDimension] : kept

/** How full the dimension is. `other`: the first of the values that count as that. */
function limitOf(
  dimension: LimitedDimension,
  { slices, config }: TenantBasis,
): SlicesResponse['limit'] {
  const { values, valuesMax, past } = slices.limitOf(dimension)
  return { values, max: valuesMax ?? config.sliceValuesMax, other: [...past] }
}
