import type { EpochMs } from '@deskpulse/core/time'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  accepted,
  floor,
  type World,
  type WorldOptions,
} from '../../services/alerter/src/http/testing/world.ts'
import { ago, showAlerts } from './alerts-page.ts'
import { browserPath, launchBrowser } from './browser.ts'

const path = browserPath()
const soon = { interval: 50 }
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

const shown = (options?: WorldOptions, query?: string, fill?: (world: World) => Promise<unknown>) =>
  showAlerts(browser, options, query, fill)
const widthOf = 'document.documentElement.scrollWidth'

describe.skipIf(path === null)('the alerts’ page', () => {
  test('shows the gravest first, then the oldest; what came too late behind all, marked', async () => {
    const { page } = await shown({}, '', async (world) => {
      const of = (queue: string, startedMs: EpochMs) => ({
        contactId: queue,
        slice: `queue=${queue}`,
        startedMs,
        sinceMs: startedMs,
      })
      await world.transition(of('young', ago(5)))
      await world.transition({ ...of('late', ago(36 * 86_400)), late: true })
      await world.transition(of('old', ago(50)))
      await world.transition({ ...of('grave', ago(1)), severity: 'critical' })
    })
    const titles = page.locator('a.card .title')
    const expected = ['grave', 'old', 'young', 'late'].map(
      (queue) => `Customer waiting · queue ${queue} · chat`,
    )
    await expect.poll(() => titles.allInnerTexts(), soon).toEqual(expected)
    expect(await page.locator('a.card').last().innerText()).toContain('Detected late')
    expect(await page.locator('a.card use').first().getAttribute('href')).toBe('#shape-critical')
  })

  test('shows what events say as text, never as markup', async () => {
    const evil = '<img src=x onerror="document.title=1"><b>c</b>'
    const { page, text, errors } = await shown({}, '', (world) =>
      world.transition({ contactId: evil, slice: 'queue=%3Cscript%3E' }),
    )
    await expect
      .poll(() => text('a.card .title'), soon)
      .toBe('Customer waiting · queue <script> · chat')
    expect(await text('a.card')).toContain(evil)
    await page.locator('a.card').click()
    await expect.poll(() => text('#detail-title'), soon).toContain('queue <script>')
    expect(await text('.facts')).toContain(`contact ${evil}`)
    expect(await page.locator('#main img, #main b').count()).toBe(0)
    expect(errors).toEqual([])
  })

  test('silences an alert from where it stands, and ends the silence early', async () => {
    const { page, text } = await shown({}, '', (world) => world.transition())
    await page.locator('a.card').click()
    const form = page.getByRole('form', { name: 'Silence this alert' })
    await form.getByLabel('Scope').selectOption({ label: 'Customer waiting in queue billing' })
    await form.getByLabel('Comment').fill('moving desks')
    await form.getByLabel('Your name').fill('Li')
    await form.getByRole('button').click()
    await expect
      .poll(() => text('.detail .tags'), soon)
      .toMatch(/Silenced by Li until .*: moving desks/)
    await page.getByRole('link', { name: 'Silences' }).click()
    await expect
      .poll(() => text('#main'), soon)
      .toMatch(
        /Active from .* until .* rule = Customer waiting slice = queue billing Li: moving desks/,
      )
    await page.getByRole('button', { name: 'Expire now' }).click()
    await expect.poll(() => text('#main'), soon).toContain('Expired from')
  })

  test('makes a silence of several conditions', async () => {
    const { page, text } = await shown({}, '&view=silences')
    await expect.poll(() => text('#main'), soon).toContain('No silences')
    const form = page.getByRole('form', { name: 'New silence' })
    await form.getByLabel('Value').selectOption({ label: 'Customer waiting' })
    await form.getByRole('button', { name: 'Add matcher' }).click()
    await form.getByLabel('Matcher').nth(1).selectOption('label')
    await form.getByLabel('Label', { exact: true }).fill('team')
    await form.getByLabel('Value').nth(1).fill('night')
    await form.getByLabel('Your name').fill('Li')
    await form.getByLabel('Duration').selectOption('2h')
    await form.getByRole('button', { name: 'Silence' }).click()
    await expect
      .poll(() => text('#main'), soon)
      .toContain('rule = Customer waiting label team = night')
  })

  test('keeps what is being typed while everything around it changes', async () => {
    const { page, world } = await shown({}, '', (one) =>
      one.transition({ startedMs: ago(60), sinceMs: ago(90) }),
    )
    await page.locator('a.card').click()
    const comment = page.getByRole('form', { name: 'Acknowledge' }).getByLabel('Comment')
    await comment.pressSequentially('half a ')
    await world.transition({ contactId: 'other', severity: 'critical', slice: 'queue=other' })
    await expect.poll(() => page.locator('a.card').count(), soon).toBe(2)
    await page.keyboard.type('sentence')
    expect(await comment.inputValue()).toBe('half a sentence')
  })

  test('says that somebody else has changed the rules meanwhile, and shows them', async () => {
    const { page, world } = await shown({}, '&view=rules')
    const card = page.locator('article', {
      has: page.getByRole('heading', { name: 'Customer waiting' }),
    })
    await card.locator('summary').click()
    await page.route('**/alert-rules', (route) => route.abort()) // The page does not see it come.
    const put = await world.ask('PUT', '/v1/tenants/acme/alert-rules/fcr', {
      author: 'Wang',
      rule: { name: 'fcr', enabled: false },
    })
    expect(put.statusCode).toBe(200)
    await card.getByLabel('Limit (s)').fill('50')
    await card.getByLabel('Your name').fill('Li')
    await card.getByRole('button', { name: 'Save' }).click()
    await expect
      .poll(() => card.getByRole('alert').innerText(), soon)
      .toContain('Somebody else has changed the rules')
    await page.unroute('**/alert-rules')
    const fcr = page.locator('article', {
      has: page.getByRole('heading', { name: 'Low first contact resolution' }),
    })
    await expect.poll(() => fcr.innerText(), soon).toContain('Disabled')
  })

  test('says first that an endpoint is disabled, why, and enables it', async () => {
    let status = 410
    const answer = () =>
      status === 200
        ? accepted
        : ({ kind: 'answered', answer: { status, headers: {}, body: '' } } as const)
    const { page, text } = await shown({ answer }, '', (world) => world.transition())
    await expect
      .poll(() => text('#notices'), soon)
      .toContain('Endpoint floor is disabled: nothing is sent to it.')
    await page.getByRole('link', { name: 'Enable again' }).click()
    await expect.poll(() => text('#main'), soon).toContain('The receiver wants no more (410).')
    status = 200
    await page.locator('#author').fill('Li')
    await page.locator('#author').blur()
    await page.getByRole('button', { name: 'Enable again' }).click()
    await expect.poll(() => text('#main'), soon).toContain('floor Healthy')
  })

  test('without an endpoint says that nobody is notified, and what to do', async () => {
    const { page, text } = await shown({ alerts: { endpoints: [] } }, '', (world) =>
      world.transition(),
    )
    await expect
      .poll(() => text('#notices'), soon)
      .toContain('Nobody is notified: no endpoint is configured')
    expect(await text('a.card')).not.toContain('Not notified') // Once is enough.
    await page.getByRole('link', { name: 'How to add one' }).click()
    await expect.poll(() => text('#main pre'), soon).toContain('endpoints:')
  })

  test('is grey and stands still when its data is late', async () => {
    const { page, text, world } = await shown({}, '', (one) => one.transition())
    await expect.poll(() => text('#connection'), soon).toContain('Live')
    const beat = setInterval(() => void world.heartbeat(60_000), 100)
    onTestFinished(() => clearInterval(beat))
    await expect.poll(() => page.locator('body').getAttribute('data-state'), soon).toBe('stale')
    expect(await text('#banner')).toMatch(/^Data is late: alerts are as of/)
  })

  test('shows an alert that is gone as gone', async () => {
    const { text } = await shown({}, `&alert=${'0'.repeat(32)}`)
    await expect.poll(() => text('#main'), soon).toContain('This alert no longer exists')
  })

  test('fits a phone, whatever it shows', async () => {
    const { page, url, world } = await shown({ alerts: { endpoints: [floor] } }, '', (one) =>
      one.transition({ contactId: 'c'.repeat(128), slice: 'queue=a-queue-with-a-long-name' }),
    )
    await page.setViewportSize({ width: 390, height: 844 })
    await world.ask('POST', '/v1/tenants/acme/silences', {
      author: 'Li',
      comment: 'x'.repeat(300),
      matchers: [],
      duration: '1h',
    })
    for (const view of ['alerts', 'history', 'silences', 'rules', 'endpoints']) {
      await page.goto(`${url}/alerts?tenant=acme&view=${view}`)
      await expect.poll(() => page.locator('#main').innerText(), soon).not.toBe('')
      expect(await page.evaluate(widthOf), view).toBeLessThanOrEqual(390)
    }
    await page.goto(`${url}/alerts?tenant=acme`)
    await page.locator('a.card').click()
    await expect.poll(() => page.locator('#detail-title').count(), soon).toBe(1)
    expect(await page.locator('.list').isVisible()).toBe(false)
    expect(await page.evaluate(widthOf)).toBeLessThanOrEqual(390)
  })
})
