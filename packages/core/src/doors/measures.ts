/** What is counted: records of measures, their slices, for how long they are kept. */

export { minorDigits } from '../measures/currency.ts'
export { DimensionSet, dimensionSet, equalDimensions, numberOf } from '../measures/dimension-set.ts'
export { binOf, binValue, percentile } from '../measures/histogram.ts'
export {
  attributeNames,
  cellsPerField,
  type ContactAttributes,
  type CreditScope,
  type DimensionValues,
  familiesMax,
  firstCell,
  maturities,
  type Maturity,
  type Measure,
} from '../measures/measure.ts'
export { countOf, durationOf, emptyMerged, encodeTotal, mergeRecord } from '../measures/merged.ts'
export { decodeRecord, encodeRecord } from '../measures/record-codec.ts'
export {
  addCount,
  addDuration,
  addMoney,
  addRecord,
  copyOfRecord,
  addSpan,
  countOfRecord,
  emptyRecord,
  firstBinCell,
  isEmpty,
  type MeasureRecord,
  sumCell,
} from '../measures/record.ts'
export { spreadOverMinutes } from '../measures/spread.ts'
export { bucketMs, kept, retentionMs } from '../measures/retention.ts'
export {
  decodeRolledTo,
  decodeRunning,
  encodeRolledTo,
  encodeRunning,
  type RunningMinute,
  type RunningMinutes,
} from '../measures/running-minutes.ts'
export { keepsSlice, slicesOf } from '../slices/kept-slices.ts'
export { type SliceIndex, sliceIndex } from '../slices/slice-index.ts'
export { decodeSliceTable, emptySliceTable } from '../slices/slice-table.ts'
export {
  allText,
  openVocabularies,
  otherValue,
  type ParsedSlice,
  parseReadSlice,
  parseSlice,
  partText,
  type ReadDimension,
  type ReadSlice,
  type Slice,
  type SlicePart,
  sliceText,
  teamDimension,
  teamOf,
} from '../slices/slice.ts'
export {
  isLimited,
  type LimitedDimension,
  limitedDimensions,
  nearlyFullShare,
  pastValuesMax,
} from '../slices/value-limit.ts'
