import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answers, answersOf, boardOf, sinceAgo } from './answers.ts'
import { browserPath, launchBrowser } from './browser.ts'

const path = browserPath()
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

const soon = { interval: 50 }
const parts = (numerator: number, denominator: number) => ({
  value: numerator / denominator,
  numerator,
  denominator,
})
const level = { ...parts(23, 30), status: 'warning' as const, target: { min: 0.8 } }
const abandoned = { ...parts(29, 400), status: 'breach' as const, target: { max: 0.05 } }
const response = { value: 20_512, count: 3, target: { max: 30_000 } }
const inTime = { ...parts(9, 10), target: { min: 0.8 } }

/** A queue of calls: one has waited for 95 s. */
const hotline = {
  live: {
    waiting_now: { value: 4 },
    waiting_over_target: { value: 1 },
    longest_wait: { value: 95_000, since: sinceAgo(95_000) },
    contacts_offered: { value: 30 },
    service_level_of_offered: level,
    speed_of_answer: { value: 12_345, count: 25 },
  },
  today: {
    contacts_offered: { value: 412 },
    contacts_opened: { value: 398 },
    abandon_rate: abandoned,
  },
}
const calls: Answers = {
  live: { 'queue=hotline': hotline.live, 'class=voice': { contacts_offered: { value: 30 } } },
  today: { 'queue=hotline': hotline.today, 'class=voice': { contacts_offered: { value: 412 } } },
}
const chats: Answers = {
  live: {
    'queue=chats': { waiting_now: { value: 1 } },
    'queue=chats,class=live': { response_time: response, answered_within_30s_of_due: inTime },
    'class=live': { response_time: response, answered_within_30s_of_due: inTime },
  },
  today: { 'queue=chats': { contacts_opened: { value: 55 } } },
}
const both = {
  live: { ...calls.live, ...chats.live },
  today: { ...calls.today, ...chats.today },
}

describe.skipIf(path === null)('the columns of the queues', () => {
  test('of a voice center are about calls: service level, speed of answer and who hung up today, in both languages', async () => {
    const { page, text, errors } = await boardOf(browser, answersOf(calls))
    expect(await text('#queue-head')).toBe(
      'Queue Waiting now Longest wait Service level Speed of answer Abandoned today Contacts today',
    )
    expect(await text('#queue-rows')).toMatch(/^hotline 4 1:[34]\d 76.7 % 12.3 s 7.3 % 398$/)
    const marks = page.locator('#queue-rows td svg:not([hidden])')
    expect(
      await marks.evaluateAll((shapes) => shapes.map((shape) => shape.getAttribute('aria-label'))),
    ).toEqual(['1 over limit', '1 over limit', 'Slightly below', 'Off target'])
    await page.getByRole('button', { name: '中文' }).click()
    expect(await text('#queue-head')).toBe(
      '队列 当前等待 最长等待 服务水平 平均应答速度 今日放弃率 今日会话',
    )
    expect(errors).toEqual([])
  })

  test('of a tenant with calls and chats are about both; a queue says nothing of what it does not have', async () => {
    const { text } = await boardOf(browser, answersOf(both))
    expect(await text('#queue-head')).toBe(
      'Queue Waiting now Longest wait Service level Speed of answer Abandoned today Average response Answered in 30 s Contacts today',
    )
    expect(await text('#queue-rows tr:nth-child(1)')).toBe('chats 1 – – – – 20.5 s 90 % 55')
    expect(await text('#queue-rows tr:nth-child(2)')).toMatch(
      /^hotline 4 1:[34]\d 76.7 % 12.3 s 7.3 % – – 398$/,
    )
  })

  test('come with the first call, and go with the last', async () => {
    const { text, answer } = await boardOf(browser, answersOf(chats))
    const head = 'Queue Waiting now Longest wait Average response Answered in 30 s Contacts today'
    expect(await text('#queue-head')).toBe(head)
    answer(answersOf(both))
    await expect.poll(() => text('#queue-head'), soon).toContain('Service level')
    answer(answersOf(chats))
    await expect.poll(() => text('#queue-head'), soon).toBe(head)
    expect(await text('#queue-rows')).toBe('chats 1 – 20.5 s 90 % 55')
  })

  const mail = { value: 2_100_000, count: 4 }
  const mailInTime = { ...parts(3, 4), target: { min: 0.9 }, status: 'breach' as const }

  test('of a tenant with e-mail alone are about its replies, each within its own limit', async () => {
    const kpis = { response_time: mail, answered_within_target_of_due: mailInTime }
    const { text } = await boardOf(
      browser,
      answersOf({
        live: {
          all: kpis,
          'queue=post': kpis,
          'queue=post,class=live': { response_time: { value: null } },
        },
        today: { 'queue=post': { contacts_opened: { value: 7 } } },
      }),
    )
    expect(await text('#queue-head')).toBe(
      'Queue Waiting now Longest wait Average response Answered in time Contacts today',
    )
    expect(await text('#queue-rows')).toBe('post 0 – 35:00 min 75 % 7')
  })

  test('beside chats say how long e-mails took, and not that they were late for a chat', async () => {
    const none = { value: null }
    const { text } = await boardOf(
      browser,
      answersOf({
        live: {
          ...chats.live,
          'queue=post': {
            response_time: mail,
            answered_within_30s_of_due: parts(0, 4),
            answered_within_target_of_due: mailInTime,
          },
          'queue=post,class=live': { response_time: none, answered_within_30s_of_due: none },
        },
        today: { ...chats.today, 'queue=post': { contacts_opened: { value: 7 } } },
      }),
    )
    expect(await text('#queue-rows tr:nth-child(2)')).toBe('post 0 – 35:00 min – 7')
  })

  test('stand in a row for a queue that calls are passed on to, though none was opened there', async () => {
    const { text } = await boardOf(
      browser,
      answersOf({
        live: { ...calls.live, 'queue=second': { waiting_now: { value: 0 } } },
        today: {
          ...calls.today,
          'queue=second': { contacts_offered: { value: 2 }, abandon_rate: parts(0, 2) },
        },
      }),
    )
    expect(await text('#queue-rows tr:nth-child(2)')).toBe('second 0 – – – 0 % 0')
  })

  test('are in two lines on a phone', async () => {
    const { page } = await boardOf(browser, answersOf(both), {
      viewport: { width: 390, height: 844 },
    })
    const tops = (await page
      .locator('#queue-rows tr:first-child td')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().top))) as number[]
    expect(new Set(tops.slice(0, 4)).size).toBe(1)
    expect(new Set(tops.slice(4)).size).toBe(1)
    expect(tops).toHaveLength(8)
  })
})
