import type { LimitedDimension } from './value-limit.ts'

/** The record `slices:<tenant>`. */
export type SliceTable = {
  /** Canonical texts of slices; the position is the number. */
  readonly texts: readonly string[]
  /** How many values of a limited dimension have slices of their own; `null`: no configuration was met yet. */
  readonly valuesMax: number | null
  /** Configured values, which have slices of their own whatever else comes. */
  readonly reserved: Readonly<Partial<Record<LimitedDimension, readonly string[]>>>
  /** The first values that came past the limit. A dimension that is named here is full for good. */
  readonly past: Readonly<Partial<Record<LimitedDimension, readonly string[]>>>
}

export const emptySliceTable: SliceTable = { texts: [], valuesMax: null, reserved: {}, past: {} }

/** JSON, non-ASCII escaped so that a character is a byte. */
export function encodeSliceTable(table: SliceTable): Uint8Array {
  const json = JSON.stringify(table).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const bytes = new Uint8Array(json.length)
  for (let at = 0; at < json.length; at++) bytes[at] = json.charCodeAt(at)
  return bytes
}

/** @throws SyntaxError or RangeError when the bytes are no such table. */
export function decodeSliceTable(bytes: Uint8Array): SliceTable {
  const chunk = 8_192
  let json = ''
  for (let at = 0; at < bytes.length; at += chunk)
    json += String.fromCharCode(...bytes.subarray(at, at + chunk))
  const table: unknown = JSON.parse(json)
  if (!isTable(table)) throw new RangeError('not a slice table')
  return table
}

function isTable(value: unknown): value is SliceTable {
  if (typeof value !== 'object' || value === null) return false
  const { texts, valuesMax, reserved, past } = value as Partial<Record<keyof SliceTable, unknown>>
  return (
    isTexts(texts) &&
    (valuesMax === null || Number.isSafeInteger(valuesMax)) &&
    isLists(reserved) &&
    isLists(past)
  )
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string')

const isLists = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(isTexts)
