import { servePage } from '@deskpulse/runtime'
import type { FastifyInstance } from 'fastify'

const folder = new URL('../scorecards/', import.meta.url)
/** Draws the course of an agent. */
const charts = new URL('.', import.meta.resolve('uplot'))

/** `/scorecards`: the page of score cards, out of the same API as anybody's; its files under `/scorecards/assets/`. */
export async function scorecardsRoutes(app: FastifyInstance): Promise<void> {
  await servePage(app, {
    folder,
    page: '/scorecards',
    files: '/scorecards/assets/',
    libraries: [charts],
    framedBy: 'self',
  })
}
