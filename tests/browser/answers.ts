import type { Browser, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { openApi } from '../../services/api/src/testing/server.ts'
import { type Board, type BoardOptions, openBoard } from './browser.ts'

export type Value = {
  readonly value: number | null
  readonly status?: 'ok' | 'warning' | 'breach' | 'no-data'
  readonly since?: string
  readonly numerator?: number
  readonly denominator?: number
  readonly count?: number
  readonly breakdown?: Readonly<Record<string, number>>
  readonly target?: { readonly min?: number; readonly max?: number }
}
type Kpis = Readonly<Record<string, Value | undefined>>

/** What the API answers about a tenant, written by hand: KPIs by slice, of the last 15 minutes and of today. */
export type Answers = {
  readonly live: Readonly<Record<string, Kpis>>
  readonly today: Readonly<Record<string, Kpis>>
  /** There are more queues than either has room for. */
  readonly isCut?: boolean
  /** Records that were lost. */
  readonly incomplete?: object
}

export const sinceAgo = (ms: number): string => new Date(Date.now() - ms).toISOString()

const judged = (kpi: Value | undefined) =>
  kpi && { status: kpi.value === null ? 'no-data' : 'ok', ...kpi }
const rowsOf = (slices: Readonly<Record<string, Kpis>>) =>
  Object.entries(slices).map(([slice, kpis]) => ({
    slice,
    kpis: Object.fromEntries(Object.entries(kpis).map(([id, kpi]) => [id, judged(kpi)])),
  }))

export type AnsweredBoard = Board & {
  /** From the next look on. */
  answer(answers: Answers): void
}

/** `tenants`: beside `acme`, after it by name. */
export type AnsweredOptions = BoardOptions & { readonly tenants?: readonly string[] }

/** The wallboard of the tenant `acme` on answers that are written by hand. Gone when the test ends. */
export async function boardOf(
  browser: Browser,
  first: Answers,
  { tenants = [], ...options }: AnsweredOptions = {},
): Promise<AnsweredBoard> {
  let answers = first
  const api = await openApi({
    real: true,
    tenants: Object.fromEntries(tenants.map((name) => [name, {}])),
  })
  await api.floor.commit()
  const url = await api.http.listen({ host: '127.0.0.1', port: 0 })
  const prepare = async (page: Page): Promise<void> => {
    await page.route('**/kpis/live?*', (route) => {
      const slices =
        new URL(route.request().url()).searchParams.get('window') === 'today'
          ? answers.today
          : answers.live
      const { incomplete } = answers
      const rest = {
        ...(answers.isCut === true && { omitted: 7, cursor: 'bmV4dA' }),
        ...(incomplete && { incomplete }),
      }
      return route.fulfill({
        json: {
          tenant: 'acme',
          asOf: new Date().toISOString(),
          stale: false,
          clock: null,
          rows: rowsOf(slices),
          ...rest,
        },
      })
    })
    await options.prepare?.(page)
  }
  const board = await openBoard(browser, url, { ...options, prepare })
  onTestFinished(() => board.page.context().close())
  return { ...board, answer: (next) => void (answers = next) }
}

/** What any tenant's answers hold; a test says what differs. */
export function answersOf({ live = {}, today = {} }: Partial<Answers> = {}): Answers {
  const none = { value: null }
  return {
    live: {
      ...live,
      all: {
        waiting_now: { value: 0 },
        waiting_over_target: { value: 0 },
        longest_wait: none,
        backlog: { value: 0 },
        ...live['all'],
      },
      'class=live': {
        response_time: none,
        answered_within_30s_of_due: none,
        ...live['class=live'],
      },
    },
    today: {
      ...today,
      all: {
        contacts_opened: { value: 0 },
        contacts_handled: { value: 0 },
        contacts_resolved: { value: 0 },
        ...today['all'],
      },
      'class=live': {
        response_time: none,
        answered_within_30s_of_due: none,
        ...today['class=live'],
      },
    },
  }
}
