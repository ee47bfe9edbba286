import type { Sample } from '../cases/case.ts'
import { runRounds } from '../cases/rounds.ts'
import { curveOf, pointName, type CurveName } from './curves.ts'

export type GrowthOptions = {
  readonly curves: readonly CurveName[]
  /** Of a run of one point. */
  readonly events: number
  readonly runs: number
  /** The points of a curve; its own unless said. */
  readonly at?: (curve: CurveName) => readonly number[]
  readonly onRound?: (text: string) => void
}

/** One point of a curve, with a sample of each round. */
export type Point = { readonly at: number; readonly samples: readonly Sample[] }
export type GrowthResult = ReadonlyMap<CurveName, readonly Point[]>

const ownPoints = (curve: CurveName): readonly number[] => curveOf(curve).at

/** Curve after curve; a round runs every point of a curve once, each in a process of its own: whoever else uses the machine is there for all of them. */
export async function runGrowth({
  curves,
  events,
  runs,
  at = ownPoints,
  onRound = () => {},
}: GrowthOptions): Promise<GrowthResult> {
  const result = new Map<CurveName, readonly Point[]>()
  for (const curve of curves) {
    const names = at(curve).map((place) => pointName(curve, place))
    const tell = (round: number): void => onRound(`growth, ${curve}: round ${round} of ${runs}`)
    const samples = await runRounds({ names, events, runs, onRound: tell })
    result.set(
      curve,
      at(curve).map((place) => ({ at: place, samples: samples.get(pointName(curve, place))! })),
    )
  }
  return result
}
