import { type ByteReader, Malformed } from '../bytes.ts'
import type { ByteWriter } from './byte-writer.ts'

/**
 * Names in few bytes. Most end in a number (an instant, a slice's number, an id), and many begin alike. So a name is a stem and a place behind it: 0, the
 * stem is the name; n + 1, it is followed by n. A stem is told by how many of its first bytes, of ASCII, are those of the stem before it, and the rest of it.
 */
export type Name = { readonly stem: string; readonly name: string }
export const noName: Name = { stem: '', name: '' }

/** @returns its stem. */
export function writeName(into: ByteWriter, name: string, stemBefore: string): string {
  const end = stemLength(name)
  const stem = name.slice(0, end)
  writeStem(into, stem, stemBefore)
  into.varint(placeOf(name, end))
  return stem
}

/** @throws Malformed */
export function readName(reader: ByteReader, stemBefore: string): Name {
  const stem = readStem(reader, stemBefore)
  return { stem, name: nameAt(stem, reader.varint()) }
}

/** Many: how many stems, then of each itself, how many places, and of each its distance from the one before, of the first one from 0. */
export function writeNames(into: ByteWriter, names: Iterable<string>): void {
  const stems = stemsOf(names)
  into.varint(stems.size)
  let before = ''
  for (const stem of stems.size === 1 ? stems.keys() : [...stems.keys()].sort()) {
    writeStem(into, stem, before)
    before = stem
    writePlaces(into, stems.get(stem)!)
  }
}

/** Every name in the order in which it was written. @throws Malformed */
export function readNames(reader: ByteReader): string[] {
  const names: string[] = []
  let stem = ''
  for (let stems = reader.count(); stems > 0; stems--) {
    stem = readStem(reader, stem)
    let place = 0
    for (let left = reader.count(); left > 0; left--) {
      place += reader.varint()
      if (place > Number.MAX_SAFE_INTEGER)
        throw new Malformed(reader.position, 'a number is too large')
      names.push(nameAt(stem, place))
    }
  }
  return names
}

function writeStem(into: ByteWriter, stem: string, before: string): void {
  const shared = sharedLength(before, stem)
  into.varint(shared)
  into.text(stem, shared)
}

function readStem(reader: ByteReader, before: string): string {
  const shared = reader.varint()
  if (shared > before.length) throw new Malformed(reader.position, 'shares more than there is')
  return shared === 0 ? reader.text() : before.slice(0, shared) + reader.text()
}

function writePlaces(into: ByteWriter, places: number[]): void {
  into.varint(places.length)
  if (places.length > 1) places.sort(ascending)
  let last = 0
  for (const place of places) {
    into.varint(place - last)
    last = place
  }
}

/** The places of names, by stem. */
function stemsOf(names: Iterable<string>): Map<string, number[]> {
  const stems = new Map<string, number[]>()
  for (const name of names) {
    const end = stemLength(name)
    const stem = end === 0 ? '' : name.slice(0, end)
    const place = placeOf(name, end)
    const places = stems.get(stem)
    if (places === undefined) stems.set(stem, [place])
    else places.push(place)
  }
  return stems
}

const ascending = (one: number, other: number): number => one - other

/** More digits might be no safe integer. */
const digitsMax = 15
const [zero, nine] = [0x30, 0x39]

/** Where the number begins that a name ends in, as such a number is written. */
function stemLength(name: string): number {
  let start = name.length
  while (start > 0 && name.length - start < digitsMax) {
    const code = name.charCodeAt(start - 1)
    if (code < zero || code > nine) break
    start--
  }
  while (start < name.length - 1 && name.charCodeAt(start) === zero) start++
  return start
}

function placeOf(name: string, stemEnd: number): number {
  if (stemEnd === name.length) return 0
  let value = 0
  for (let at = stemEnd; at < name.length; at++) value = value * 10 + name.charCodeAt(at) - zero
  return value + 1
}

const nameAt = (stem: string, place: number): string => (place === 0 ? stem : `${stem}${place - 1}`)

function sharedLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length)
  let shared = 0
  while (
    shared < most &&
    one.charCodeAt(shared) === other.charCodeAt(shared) &&
    one.charCodeAt(shared) < 0x80
  )
    shared++
  return shared
}
