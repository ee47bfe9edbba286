import { measures } from '@deskpulse/core/kpis'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi } from '../../services/api/src/testing/server.ts'
import { browserPath, launchBrowser, openBoard } from './browser.ts'

const path = browserPath()
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

test.skipIf(path === null)(
  'a board whose values did not change is sent none, and still says as of when they stand',
  async () => {
    const { floor, http } = await openApi({ real: true })
    let bodies = 0
    http.server.on('request', ({ url = '' }, response) => {
      if (url.includes('/kpis/live'))
        response.on('finish', () => (bodies += response.statusCode === 304 ? 0 : 1))
    })
    floor.count(measures.contactOpened, ['all'], 7)
    await floor.commit()
    const { text, tile, errors } = await openBoard(
      browser,
      await http.listen({ host: '127.0.0.1', port: 0 }),
    )
    const shownSince = new Map<number, Set<string>>()
    const timesShown = async (): Promise<number> => {
      await floor.commit()
      const shown = await text('#connection')
      const since = shownSince.get(bodies) ?? new Set()
      shownSince.set(bodies, since.add(shown))
      return since.size
    }
    await expect.poll(timesShown, { interval: 100 }).toBeGreaterThan(2) // Two could be of the body before and of the last one.
    expect(await text('#connection')).toMatch(/^Live · as of /)
    expect(await tile('today')).toContain('Contacts today 7')
    expect(errors).toEqual([])
  },
)
