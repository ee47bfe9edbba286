import type { EpochMs } from '@deskpulse/core/time'
import type { Browser } from 'playwright-core'
import { onTestFinished } from 'vitest'
import {
  openWorld,
  type World,
  type WorldOptions,
} from '../../services/alerter/src/http/testing/world.ts'
import { type Board, openBoard } from './browser.ts'

export type Shown = Board & { readonly world: World; readonly url: string }

/** The page on an alerter of its own, whose transitions the test writes. */
export async function showAlerts(
  browser: Browser,
  options: WorldOptions = {},
  query = '',
  fill: (world: World) => Promise<unknown> = async () => {},
): Promise<Shown> {
  const world = await openWorld({ ...options, real: true })
  const url = await world.http.listen({ host: '127.0.0.1', port: 0 })
  await fill(world)
  const beating = setInterval(() => void world.heartbeat(), 1_000)
  onTestFinished(() => clearInterval(beating))
  await world.heartbeat()
  const board = await openBoard(browser, `${url}/alerts?tenant=acme&lang=en${query}`)
  return { ...board, world, url }
}

export const ago = (seconds: number): EpochMs => (Date.now() - 1_000 * seconds) as EpochMs
