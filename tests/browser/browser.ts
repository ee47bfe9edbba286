import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const folders = (process.env['PATH'] ?? '').split(delimiter)

/** The browser of `DESKPULSE_TEST_CHROMIUM`, else one of the system, else Playwright's own; `null`: there is none. */
export function browserPath(): string | null {
  const given = process.env['DESKPULSE_TEST_CHROMIUM']
  if (given !== undefined) return given
  const installed = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  return [...installed, chromium.executablePath()].find((path) => existsSync(path)) ?? null
}

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', ...quiet] })
}

export type Board = {
  readonly page: Page
  /** What the console was told as errors, the page's own and those of its security policy. */
  readonly errors: readonly string[]
  /** A tile's text, as one line. */
  tile(id: string): Promise<string>
  text(selector: string): Promise<string>
}

/** `prepare`: before the page is loaded. */
export type BoardOptions = BrowserContextOptions & {
  readonly prepare?: (page: Page) => Promise<unknown>
}

/** The wallboard at an address, as soon as it says something. */
export async function openBoard(
  browser: Browser,
  address: string,
  { prepare, ...options }: BoardOptions = {},
): Promise<Board> {
  const context = await browser.newContext({
    viewport: { width: 1_920, height: 1_080 },
    locale: 'en-GB',
    ...options,
  })
  const page = await context.newPage()
  await prepare?.(page)
  const errors: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
  page.on('pageerror', (error) => void errors.push(error.message))
  await page.goto(address)
  await expect
    .poll(() => page.locator('body').getAttribute('data-state'), { timeout: 10_000 })
    .not.toBe('starting')
  const text = async (selector: string) =>
    (await page.locator(selector).innerText()).replace(/\s+/g, ' ').trim()
  return { page, errors, text, tile: (id) => text(`#tile-${id}`) }
}
