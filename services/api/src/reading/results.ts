import type { ChangeCursor, Position } from '@deskpulse/stream'
import type { Outcome } from './tenant.ts'

/** An answer as it goes out, and what it depends on beside its moment. */
export type Result = {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
  readonly position: Pick<Position, 'watermarkMs' | 'logTimeMs'>
  readonly stale: boolean
}
export type Made = { readonly cursor: ChangeCursor; readonly result: Result }

/** Answers made of one moment, by the address that asked. */
export type Results = {
  /** `undefined`: never made, or something was committed since. */
  get(address: string): Result | undefined
  /** Makes an answer, and keeps it. Who asks for the same before it is made shares it, unless a commit was told of since it was begun. */
  make(address: string, make: () => Promise<Outcome<Made>>): Promise<Outcome<Result>>
}

type Underway = { readonly begun: number; readonly outcome: Promise<Outcome<Result>> }

const bytesMax = 64 * 1024 * 1024

/**
 * @param current the moment that is held and the newest one known, else `null`.
 * @param told how many commits the change feed has told of.
 */
export function resultsOfMoment(current: () => ChangeCursor | null, told: () => number): Results {
  const kept = new Map<string, Result>()
  const underway = new Map<string, Underway>()
  let keptOf: ChangeCursor | null = null
  let bytes = 0

  function empty(cursor: ChangeCursor | null): void {
    kept.clear()
    keptOf = cursor
    bytes = 0
  }

  function keep(address: string, { cursor, result }: Made): void {
    if (cursor !== current()) return
    if (cursor !== keptOf || bytes + result.body.length > bytesMax) empty(cursor)
    bytes += result.body.length - (kept.get(address)?.body.length ?? 0)
    kept.set(address, result)
  }

  async function begin(
    address: string,
    make: () => Promise<Outcome<Made>>,
  ): Promise<Outcome<Result>> {
    const outcome = await make()
    if (!outcome.ok) return outcome
    keep(address, outcome.value)
    return { ok: true, value: outcome.value.result }
  }

  return {
    get(address) {
      const cursor = current()
      return cursor !== null && cursor === keptOf ? kept.get(address) : undefined
    },
    make(address, make) {
      const known = underway.get(address)
      if (known !== undefined && known.begun === told()) return known.outcome
      const made: Underway = { begun: told(), outcome: begin(address, make) }
      underway.set(address, made)
      const end = (): void => void (underway.get(address) === made && underway.delete(address))
      made.outcome.then(end, end)
      return made.outcome
    },
  }
}
