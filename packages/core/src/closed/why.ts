import { cellsPerField, firstCell, type Measure } from '../measures/measure.ts'
import { emptyMerged, mergeRecord } from '../measures/merged.ts'
import { bots } from '../families/bots.ts'
import { contacts } from '../families/contacts.ts'
import { resolutions } from '../families/resolutions.ts'
import type { ClosedRecord } from './closed-record.ts'

/**
 * Why a revision differs from the one before, as far as its measures say. `reopening`: a contact that was resolved was reopened. `repeat-contact`: a customer
 * came back. `late-events`: something else came late, or was told otherwise. `matured`: the window has passed within which a resolution is judged.
 */
export const revisionReasons = ['late-events', 'reopening', 'repeat-contact', 'matured'] as const
export type RevisionReason = (typeof revisionReasons)[number]

const columnOf = (measure: Measure): number => firstCell(measure) / cellsPerField
const { fcrSolved, fcrDue, firstResolutionReopened, fcrMatureDue, fcrMatureSolved } =
  resolutions.measures
const { aiReopened, aiMature, aiDurable } = bots.measures
/** What repeats and reopenings change, and time alone. */
const ofResolutions = new Set(
  [
    fcrSolved,
    firstResolutionReopened,
    fcrMatureDue,
    fcrMatureSolved,
    contacts.measures.reopening,
    aiReopened,
    aiMature,
    aiDurable,
  ].map(columnOf),
)

/** `null`: nothing was issued before. */
export function reasonsOf(
  before: Pick<ClosedRecord, 'measures'> | null,
  after: Pick<ClosedRecord, 'measures'>,
): RevisionReason[] {
  const moved = differenceOf(before?.measures ?? [], after.measures)
  const by = (measure: Measure): number => moved.get(columnOf(measure)) ?? 0
  const isReopened = [firstResolutionReopened, contacts.measures.reopening, aiReopened].some(
    (measure) => by(measure) !== 0,
  )
  const notSolved = by(fcrDue) - by(fcrSolved)
  const found: Readonly<Record<RevisionReason, boolean>> = {
    'late-events': [...moved.keys()].some((column) => !ofResolutions.has(column)),
    reopening: isReopened,
    'repeat-contact': notSolved !== 0 && notSolved !== by(firstResolutionReopened),
    matured: by(fcrMatureDue) !== 0 || by(aiMature) !== 0,
  }
  return revisionReasons.filter((reason) => found[reason])
}

/** By column, where any cell of it differs: by how much its first cell does. */
function differenceOf(
  before: readonly Uint8Array[],
  after: readonly Uint8Array[],
): Map<number, number> {
  const [one, other] = [before, after].map((records) => {
    const merged = emptyMerged()
    for (const bytes of records) mergeRecord(merged, bytes)
    return merged.cells
  })
  const moved = new Map<number, number>()
  for (const cell of new Set([...one!.keys(), ...other!.keys()])) {
    const by = (other!.get(cell) ?? 0) - (one!.get(cell) ?? 0)
    if (by === 0) continue
    const column = Math.floor(cell / cellsPerField)
    moved.set(column, (moved.get(column) ?? 0) + (cell % cellsPerField === 0 ? by : 0))
  }
  return moved
}
