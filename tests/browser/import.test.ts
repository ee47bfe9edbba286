import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../support/embedded.ts'
import { type Board, browserPath, launchBrowser, openBoard } from './browser.ts'

const path = browserPath()
const soon = { interval: 50 }
const header = '坐席;日期;是否排班;是否出勤;违规次数'
const right = `${header}\nlin;2026/3/2;是;是;\nwu;2026/3/2;是;否;2\n`
const wrong = `${header}\nlin;soon;是;是;\nwu;2026/3/2;是;maybe;2\n`

describe.skipIf(path === null)('the page that takes files in', () => {
  let browser: Browser
  let product: Embedded
  beforeAll(async () => {
    browser = await launchBrowser(path!)
    product = await startEmbedded({
      openTenants: false,
      tenants: { acme: { timeZone: 'Asia/Shanghai', closing: { grace: '36500d' } }, other: {} },
    })
    await product.client.caughtUp('acme')
  })
  afterAll(async () => {
    await browser?.close()
    await product?.[Symbol.asyncDispose]()
  })

  const open = (query = '&lang=en', options = {}): Promise<Board> =>
    openBoard(browser, `${product.service.url}/import?tenant=acme&kind=attendance${query}`, options)

  /** As a person who picks it; its time of change is that of the browser’s copy. */
  const choose = (page: Page, text: string, name = 'rows.csv') =>
    page.locator('#file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  const isSendable = (page: Page) => page.locator('#send').isEnabled()
  const rows = (page: Page) =>
    page
      .locator('#errors tr')
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)))

  async function attended() {
    await product.client.caughtUp('acme')
    const day = { period: 'day', from: '2026-03-02', to: '2026-03-03', slice: 'all' }
    const [row] = await product.client.periods('acme', { ...day, kpis: 'attendance_rate' })
    const { numerator, denominator } = row?.kpis['attendance_rate'] ?? {}
    return { numerator, denominator }
  }

  test('sends a file once it was checked, and says that sending it again changes nothing', async () => {
    const { page, text, errors } = await open()
    expect(await text('h1')).toBe('Scores in')
    expect(await page.locator('#check').isDisabled()).toBe(true)
    await choose(page, right)
    await expect.poll(() => text('#file-name'), soon).toBe('rows.csv')
    expect(await isSendable(page)).toBe(false)
    await page.getByRole('button', { name: 'Check' }).click()
    await expect
      .poll(() => text('#summary'), soon)
      .toBe('No error: 2 rows would be sent to acme. Nothing has been sent yet.')
    expect((await attended()).denominator).toBe(0)
    await page.getByRole('button', { name: 'Send' }).click()
    await expect
      .poll(() => text('#summary'), soon)
      .toBe('Sent: 2 rows to acme. The same file again changes nothing; a corrected one replaces.')
    expect(await isSendable(page)).toBe(false)
    expect(await attended()).toEqual({ numerator: 1, denominator: 2 })
    expect(errors).toEqual([])
  })

  test('sends by the keyboard alone, and the focus stays where it was', async () => {
    const { page, text } = await open()
    await choose(page, right)
    await expect.poll(() => page.locator('#check').isEnabled(), soon).toBe(true)
    await page.locator('#check').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => text('#summary'), soon).toContain('No error')
    expect(await page.evaluate('document.activeElement.id')).toBe('check')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => text('#summary'), soon).toContain('Sent: 2 rows')
    expect(await page.evaluate('document.activeElement.id')).toBe('check')
  })

  test('takes a file that is dropped, wherever on the page', async () => {
    const { page, text } = await open()
    await page.evaluate(`
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([${JSON.stringify(right)}], 'dropped.csv'))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    `)
    await expect.poll(() => text('#file-name'), soon).toBe('dropped.csv')
    await page.locator('#check').click()
    await expect.poll(() => text('#summary'), soon).toContain('No error: 2 rows')
  })

  test('shows every error by its line, and sends nothing', async () => {
    const { page, text, errors } = await open()
    await choose(page, wrong)
    await page.locator('#check').click()
    await expect.poll(() => text('#summary'), soon).toBe('2 errors in rows.csv: nothing was sent.')
    expect(await rows(page)).toEqual([
      ['2', '日期', 'a date such as 2026-03-02 or 2026/3/2', 'soon'],
      ['3', '是否出勤', 'yes or no (是, 否)', 'maybe'],
    ])
    expect(await isSendable(page)).toBe(false)
    expect(errors).toEqual([])
  })

  test('speaks Chinese, its errors too, and switches', async () => {
    const { page, text } = await open('', { locale: 'zh-CN' })
    expect(await text('h1')).toBe('导入评分')
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await choose(page, wrong)
    await page.getByRole('button', { name: '检查' }).click()
    await expect.poll(() => text('#summary'), soon).toBe('rows.csv 中有 2 处错误：未发送任何内容。')
    expect((await rows(page))[0]).toEqual(['2', '日期', '日期，如 2026-03-02 或 2026/3/2', 'soon'])
    await page.getByRole('button', { name: 'English' }).click()
    await expect.poll(() => text('#summary'), soon).toContain('2 errors in rows.csv')
    await expect.poll(async () => (await rows(page))[0]?.[2], soon).toContain('a date such as')
  })

  test('takes a check back when anything else is chosen', async () => {
    const { page, text } = await open()
    const changes = [
      () => choose(page, wrong),
      () => page.locator('#zone').selectOption('Europe/Rome'),
      () => page.locator('#kind').selectOption('quality'),
      () => page.locator('#tenant-picker').selectOption('other'),
    ]
    for (const change of changes) {
      await page.locator('#tenant-picker').selectOption('acme')
      await page.locator('#kind').selectOption('attendance')
      await choose(page, right)
      await page.locator('#check').click()
      await expect.poll(() => isSendable(page), soon).toBe(true)
      await change()
      await expect.poll(() => text('#summary'), soon).toBe('')
      expect(await isSendable(page)).toBe(false)
    }
    expect(page.url()).toContain('tenant=other')
  })

  test('tells what a kind is for, its columns, and has its template', async () => {
    const { page, text } = await open()
    await page.locator('#kind').selectOption('quality')
    expect(await text('#kind-description')).toContain('Reviews of contacts by samples.')
    await page.locator('summary').click()
    expect(await page.locator('#columns tr').nth(1).innerText()).toMatch(/^agent\s+yes\s+lin\.na$/)
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download a template' }).click()
    expect((await downloading).suggestedFilename()).toBe('quality.csv')
  })

  test('says what to do where the server cannot be reached, or the file is of the future', async () => {
    const { page, text } = await open()
    await choose(page, right)
    await page.route('**/imports/**', (route) => route.abort())
    await page.locator('#check').click()
    await expect.poll(() => text('#summary'), soon).toContain('The server cannot be reached.')
    await page.unroute('**/imports/**')
    await page.evaluate('Date.prototype.toISOString = () => "2100-01-01T00:00:00.000Z"')
    await choose(page, right)
    await page.locator('#check').click()
    await expect.poll(() => text('#summary'), soon).toContain('ahead of the server’s clock')
  })

  test('is reached from the wallboard, and leads back to it', async () => {
    const { page, text } = await openBoard(browser, `${product.service.url}/?tenant=acme&lang=en`)
    await page.getByRole('link', { name: 'Scores in' }).click()
    await expect.poll(() => text('h1'), soon).toBe('Scores in')
    await page.getByRole('link', { name: 'Wallboard' }).click()
    await expect.poll(() => text('#tile-waiting h2'), soon).toBe('Waiting now')
  })

  test('says that there is no such tenant', async () => {
    const { text, errors } = await openBoard(
      browser,
      `${product.service.url}/import?tenant=nobody&lang=en`,
    )
    await expect.poll(() => text('#notice'), soon).toBe('There is no such tenant.')
    expect(errors.length).toBeLessThanOrEqual(1) // The browser tells of the 404.
  })

  test.each([
    { width: 1_280, height: 900 },
    { width: 400, height: 800 },
  ])(
    'axe finds no fault, and nothing is wider than the window: $width × $height',
    async (viewport) => {
      for (const language of ['en', 'zh']) {
        const { page } = await open(`&lang=${language}`, { viewport })
        await page.locator('summary').click()
        for (const text of [wrong, right]) {
          await choose(page, text)
          await page.locator('#check').click()
          await expect
            .poll(() => page.locator('#summary').getAttribute('data-status'), soon)
            .toMatch(/ok|wrong/)
          await page.evaluate(axe.source)
          const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
          expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual(
            [],
          )
          expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(
            true,
          )
        }
      }
    },
  )
})
