import {
  decodeRolledTo,
  decodeRunning,
  encodeRolledTo,
  encodeRunning,
  retentionMs,
  type RunningMinute,
  type RunningMinutes,
} from '@deskpulse/core/measures'
import { bucketKey, rolledToKey, runningKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { ChangeSet } from './change-set.ts'

/** `slices`: those that are still to be rolled, and hold something. */
export type TenantMinute = RunningMinute & { readonly slices: Set<number> }

/** Slices of a minute that are added to its slot and its day. */
export type Roll = { readonly minute: TenantMinute; readonly slices: readonly number[] }

const isOver = (startMs: EpochMs, logTimeMs: EpochMs): boolean => startMs + minuteMs <= logTimeMs

/**
 * The minutes of a tenant whose measures are not yet all in their slots and days. A minute comes here with the first that counts in it, unless it is over by then; when it
 * is over it is rolled, slice by slice in order of their numbers, the oldest minute first, and goes. It does not expire before.
 */
export class TenantMinutes {
  readonly #tenant: string
  #minutes: TenantMinute[]
  /** Of the first minute, slices below are rolled. */
  #rolledTo: number
  #areSlicesKnown: boolean
  #changed: { minutes: boolean; rolledTo: boolean } = { minutes: false, rolledTo: false }
  readonly #rolled: EpochMs[] = []

  /** Parallel to `keys`. */
  constructor(tenant: string, [running = null, rolledTo = null]: readonly (Uint8Array | null)[]) {
    this.#tenant = tenant
    this.#minutes = decodeRunning(running).map((minute) => ({ ...minute, slices: new Set() }))
    this.#rolledTo = decodeRolledTo(rolledTo)
    this.#areSlicesKnown = this.#minutes.length === 0
  }

  static keys(tenant: string): readonly [running: string, rolledTo: string] {
    return [runningKey(tenant), rolledToKey(tenant)]
  }

  /** As `running:<tenant>` has them after the last commit, between two folds. */
  get list(): RunningMinutes {
    return this.#minutes
  }

  has(startMs: EpochMs): boolean {
    return this.#find(startMs) !== undefined
  }

  /** Minutes of which it must be told, by `know`, in which slices they hold something. */
  unknown(): readonly TenantMinute[] {
    return this.#areSlicesKnown ? [] : this.#minutes
  }

  /** A slice of a minute holds something. @returns whether it is still to be rolled. */
  know(minute: TenantMinute, slice: number): boolean {
    if (this.isRolled(minute, slice)) return false
    minute.slices.add(slice)
    return true
  }

  /** That was all. */
  known(): void {
    this.#areSlicesKnown = true
  }

  /** The minute to whose record alone something is added, but in slices that are rolled; `null`: it is over, and it is none of these. */
  running(startMs: EpochMs, dayStartMs: EpochMs, logTimeMs: EpochMs): TenantMinute | null {
    return (
      this.#find(startMs) ??
      (isOver(startMs, logTimeMs) ? null : this.#begin({ startMs, dayStartMs, slices: new Set() }))
    )
  }

  isRolled(minute: TenantMinute, slice: number): boolean {
    return slice < this.#rolledTo && minute === this.#minutes[0]
  }

  /** Whether the slice holds something that is still to be rolled. */
  holds(slice: number): boolean {
    return this.#minutes.some(({ slices }) => slices.has(slice))
  }

  /** At most so many slices of minutes that are over. They count as rolled from here on. */
  roll(slicesMax: number, logTimeMs: EpochMs): Roll[] {
    const rolls: Roll[] = []
    let left = slicesMax
    for (;;) {
      const [minute] = this.#minutes
      if (minute === undefined || !isOver(minute.startMs, logTimeMs) || left <= 0) return rolls
      const slices = [...minute.slices].sort((a, b) => a - b).slice(0, left)
      for (const slice of slices) minute.slices.delete(slice)
      left -= slices.length
      if (slices.length > 0) rolls.push({ minute, slices })
      if (minute.slices.size === 0) this.#end(minute)
      else this.#setRolledTo(slices.at(-1)! + 1)
    }
  }

  write(changes: ChangeSet, logTimeMs: EpochMs): void {
    if (this.#changed.minutes) changes.put(runningKey(this.#tenant), encodeRunning(this.#minutes))
    if (this.#changed.rolledTo)
      changes.put(rolledToKey(this.#tenant), encodeRolledTo(this.#rolledTo))
    for (const startMs of this.#rolled.splice(0))
      changes.expire(bucketKey(this.#tenant, 'minute', startMs), minuteExpiryMs(startMs, logTimeMs))
    this.#changed = { minutes: false, rolledTo: false }
  }

  #find(startMs: EpochMs): TenantMinute | undefined {
    return this.#minutes.find((minute) => minute.startMs === startMs)
  }

  #begin(minute: TenantMinute): TenantMinute {
    this.#minutes.push(minute)
    this.#minutes.sort((a, b) => a.startMs - b.startMs)
    this.#changed.minutes = true
    return minute
  }

  #end({ startMs }: TenantMinute): void {
    this.#minutes.shift()
    this.#rolled.push(startMs)
    this.#changed.minutes = true
    this.#setRolledTo(0)
  }

  #setRolledTo(slice: number): void {
    this.#changed.rolledTo ||= this.#rolledTo !== slice
    this.#rolledTo = slice
  }
}

/** Garbage collection a day after nobody reads the minute any more. */
export const minuteExpiryMs = (startMs: EpochMs, logTimeMs: EpochMs): number =>
  Math.max(1, startMs + minuteMs - logTimeMs + retentionMs.minute + dayMs)
