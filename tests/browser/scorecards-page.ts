import { defaultCard, type ScoreCard } from '@deskpulse/core/config'
import { measures } from '@deskpulse/core/kpis'
import { partText } from '@deskpulse/core/measures'
import type { EpochMs } from '@deskpulse/core/time'
import type { Browser, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { type Api, openApi } from '../../services/api/src/testing/server.ts'
import { type Board, type BoardOptions, openBoard } from './browser.ts'

const { fcrDue, fcrSolved, offerAccepted, offerMissed, contactOpened } = measures
const share = { statistic: 'value', slice: null, few: null, whenEmpty: null } as const
const line = [
  [0, 0],
  [1, 100],
] as const

/** Half for what was solved at once, three tenths for what was answered, two for quality, which nobody told. */
export const card: ScoreCard = {
  ...{ ...defaultCard, id: 'service', name: { en: 'Service', zh: '服务' } },
  items: [
    { ...share, kpi: 'fcr_gross', weight: 50, points: line },
    { ...share, kpi: 'agent_answer_rate', weight: 30, points: line },
    { ...share, kpi: 'qa_score', weight: 20, points: [[0, 0] as const, [100, 100] as const] },
  ],
}

const countsOf = ([solved, accepted]: Scored) =>
  [
    [fcrDue, 10],
    [fcrSolved, solved],
    [offerAccepted, accepted],
    [offerMissed, 10 - accepted],
  ] as const
type Scored = readonly [solved: number, accepted: number]

/** What agents solved and answered in February, of ten each, with their teams. */
export const february: Readonly<Record<string, readonly [team: string, ...scored: Scored]>> = {
  'Li Wei': ['night', 10, 9],
  'Chen Yu': ['night', 9, 8],
  'agent-10': ['day', 8, 8],
  'agent-2': ['day', 7, 9],
  'Wang Fang': ['day', 6, 9],
  'Zhao Min': ['night', 4, 7],
}

const monthOf = (back: number): EpochMs => Date.UTC(2026, 1 - back, 1) as EpochMs

/** A tenant whose card has scores of twelve months up to February 2026, and of March, which goes on. */
export async function scoredTenant(cards: readonly ScoreCard[] = [card]): Promise<Api> {
  const api = await openApi()
  const { floor } = api
  floor.configure({ scoreCards: cards })
  for (const [agent, [team, ...scored]] of Object.entries(february)) {
    const slice = partText('agent', agent)
    floor.roster(agent, [{ from: '2025-01-01', teams: [team], role: 'agent', aliases: [] }])
    for (let back = 11; back >= 0; back -= 1) {
      const startMs = monthOf(back)
      const counted = countsOf(back === 0 ? scored : courseOf(scored, back))
      floor.issue(
        slice,
        { kind: 'month', startMs },
        { closedAtMs: monthOf(back - 1) + 60_000, counts: counted },
      )
      if (back < 2) for (const [measure, n] of counted) floor.count(measure, [slice], n, startMs)
    }
    floor.count(fcrDue, [slice], 10)
    floor.count(fcrSolved, [slice], scored[0])
  }
  floor.closeTo(monthOf(-1), monthOf(11))
  revise(api)
  await floor.commit()
  return api
}

/** Months before were better and worse by turns. */
const courseOf = ([solved, accepted]: Scored, back: number): Scored => [
  Math.max(0, Math.min(10, solved + [0, 1, -1, 0, -2][back % 5]!)),
  accepted,
]

/** One that Li Wei had solved was none after all. */
function revise({ floor }: Api): void {
  const startMs = monthOf(0)
  floor.issue(
    partText('agent', 'Li Wei'),
    { kind: 'month', startMs },
    {
      ...{ revision: 2, cause: 'late', closedAtMs: monthOf(-1) + 4 * 3_600_000 },
      counts: [...countsOf([9, 9]), [contactOpened, 1]],
    },
  )
  floor.count(fcrSolved, [partText('agent', 'Li Wei')], -1, startMs)
  floor.count(contactOpened, [partText('agent', 'Li Wei')], 1, startMs)
}

export type Shown = Board & { readonly api: Api; readonly url: string }

/** The page on such a tenant; `query` goes on from the period. */
export async function showCards(
  browser: Browser,
  query = '',
  { api: given, ...options }: BoardOptions & { readonly api?: Api } = {},
): Promise<Shown> {
  const api = given ?? (await scoredTenant())
  const url = await api.http.listen({ host: '127.0.0.1', port: 0 })
  const address = `${url}/scorecards?tenant=acme&lang=en&period=2026-02${query}`
  const board = await openBoard(browser, address, {
    viewport: { width: 1_600, height: 900 },
    ...options,
  })
  onTestFinished(() => board.page.context().close())
  return { ...board, api, url }
}

/** The names of the agents, from the first row on. */
export const namesIn = async (page: Page): Promise<string[]> =>
  page.locator('.team tbody th').allInnerTexts()
