import { runCatchUps, type CatchUps } from './catch-up.ts'
import { isSame } from './equality/equality.ts'
import { runLive, type LiveRun } from './live.ts'
import { preparePeers } from './prepare.ts'

export type PeersOptions = {
  readonly runs: number
  /** Of the history, over all tenants. */
  readonly events: number
  readonly live: { readonly perSecond: number; readonly seconds: number }
  readonly onRound: (text: string) => void
}

export type PeersResult = {
  readonly options: Omit<PeersOptions, 'onRound'>
  readonly catchUps: CatchUps
  /** By subject; `null` where figures differ: then nothing was measured. */
  readonly live: ReadonlyMap<string, readonly LiveRun[]> | null
}

/** Whether every figure that a peer has is the one that Deskpulse has. */
export const isEqual = ({ catchUps }: PeersResult): boolean => isSame(catchUps.equality)

/** Deskpulse beside its peers: the figures compared first, and then, if they are the same, the speed. */
export async function runPeers({ onRound, ...options }: PeersOptions): Promise<PeersResult> {
  await preparePeers(onRound)
  const { runs, events, live } = options
  const tell = (what: string) => (round: number) =>
    onRound(`peers, ${what}: ${round === 0 ? 'warm-up' : `round ${round} of ${runs}`}`)
  const catchUps = await runCatchUps({ runs, events, onRound: tell('catch-up') })
  if (!isSame(catchUps.equality)) return { options, catchUps, live: null }
  return { options, catchUps, live: await runLive({ runs, ...live, onRound: tell('live') }) }
}
