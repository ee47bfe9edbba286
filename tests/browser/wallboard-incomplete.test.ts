import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answersOf, boardOf } from './answers.ts'
import { browserPath, launchBrowser } from './browser.ts'

const path = browserPath()
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

const soon = { interval: 50 }

test.skipIf(path === null)(
  'while records are missing the board says so, in both languages, and beside values that are of now',
  async () => {
    const incomplete = {
      since: '2026-03-02T08:00:00.000Z',
      until: '2026-03-02T09:00:00.000Z',
      records: 70,
    }
    const { answer, text, page } = await boardOf(browser, answersOf())
    expect(await page.locator('#banner').isVisible()).toBe(false)
    answer({ ...answersOf(), incomplete })
    await expect
      .poll(() => text('#banner'), soon)
      .toMatch(/^70 records were lost before they were counted \(since .+\): values lack them\.$/)
    expect(await page.locator('body').getAttribute('data-state')).toBe('live')
    await page.getByRole('button', { name: '中文' }).click()
    expect(await text('#banner')).toMatch(
      /^70 条记录在计入之前已丢失（自 .+ 起），以下数值不完整。$/,
    )
    answer(answersOf())
    await expect.poll(() => page.locator('#banner').isVisible(), soon).toBe(false)
  },
)
