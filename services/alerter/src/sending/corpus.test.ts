import { describe, expect, test } from 'vitest'
import { allowedForms, refusedAlways, refusedForms } from '../testing/address-corpus.ts'
import { guardOf } from './guard.ts'
import { openSender } from './open-sender.ts'
import { targetOf } from './target.ts'

const allRefused = Object.values(refusedForms).flat()
const strict = guardOf(false)
const never = new AbortController().signal
const post = (url: string) => ({ url, headers: {}, body: 'secret' })

test('the corpus is as large as it is said to be, and has no form twice', () => {
  expect(allRefused.length).toBeGreaterThanOrEqual(150)
  expect(allowedForms.length).toBeGreaterThanOrEqual(40)
  const urls = [...allRefused, ...allowedForms].map(([url]) => url)
  expect(urls.length).toBe(new Set(urls).size)
})

describe.each(Object.entries(refusedForms))('%s', (_name, forms) => {
  test.each(forms)('%j is refused: %s', async (url, detail) => {
    expect(targetOf(url, strict)).toEqual({ ok: false, detail })
    const resolve = () => Promise.reject(new Error('a name was looked up'))
    const sender = openSender({ allowPrivateAddresses: false, resolve })
    expect(await sender.send(post(url), never)).toEqual({
      kind: 'failed',
      reason: 'address-refused',
      detail,
    })
  })
})

test.each(allowedForms)('%j is allowed: %s', (url) => {
  expect(targetOf(url, strict)).toMatchObject({ ok: true })
})

describe('where private addresses are allowed', () => {
  const lenient = guardOf(true)
  const useless = new Set(refusedAlways.map(([url]) => url))

  test.each(refusedAlways)('%j is refused still: %s', (url, detail) => {
    expect(targetOf(url, lenient)).toEqual({ ok: false, detail })
  })

  test('everything else is allowed', () => {
    const refused = allRefused.filter(([url]) => !targetOf(url, lenient).ok && !useless.has(url))
    expect(
      refused.filter(
        ([, detail]) => !/^(?:unspecified|multicast|broadcast) address$/u.test(detail),
      ),
    ).toEqual([])
  })
})

test('a detail never repeats the URL, which may hold a token', async () => {
  const sender = openSender({ allowPrivateAddresses: false })
  for (const url of [
    'http://user:hunter2@example.com/?key=hunter2',
    'http://127.0.0.1/hunter2',
    'hunter2://hunter2',
  ]) {
    expect(JSON.stringify(await sender.send(post(url), never))).not.toContain('hunter2')
  }
})
