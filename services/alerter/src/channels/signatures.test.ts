import { createHmac } from 'node:crypto'
import type { EpochMs } from '@deskpulse/core/time'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { endpointOf, noticeOf } from '../testing/notices.ts'
import { dingtalk } from './dingtalk.ts'
import { feishu } from './feishu.ts'
import { hmacSha256Base64 } from './request.ts'
import { signatureOf, webhook } from './webhook.ts'

const at = (text: string | number): EpochMs => new Date(text).getTime() as EpochMs
const message = { id: 'msg_5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f', notices: [noticeOf()] }
const current = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const former = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'

describe('Standard Webhooks', () => {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts, "sign function works";
  // the same message, secret and signature stand in the tests of its other libraries.
  test('the published example', () => {
    const published = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: at(1_614_265_330_000),
      body: '{"test": 2432232314}',
    }
    expect(signatureOf([current], published.id, published.at, published.body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  test('computed by hand from the specification: base64 of HMAC-SHA256 over id.timestamp.body', () => {
    const { headers, body } = webhook.request(
      endpointOf('webhook', { secrets: [current] }),
      message,
      at('2026-03-02T01:00:57.999Z'),
    )
    const key = Buffer.from(current.slice('whsec_'.length), 'base64')
    const expected = createHmac('sha256', key)
      .update(`${message.id}.1772413257.${body}`)
      .digest('base64')
    expect(headers).toMatchObject({
      'webhook-id': message.id,
      'webhook-timestamp': '1772413257',
      'webhook-signature': `v1,${expected}`,
    })
  })

  test('while a secret is rotated out, a receiver that knows either of the two verifies', () => {
    const { headers, body } = webhook.request(
      endpointOf('webhook', { secrets: [current, former] }),
      message,
      at(Date.now()),
    )
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/u)
    for (const secret of [current, former])
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'alert.firing' })
    expect(() =>
      new Webhook('whsec_b3RoZXIgc2VjcmV0IG9mIHNvbWVib2R5IGVsc2U=').verify(body, headers),
    ).toThrow('No matching signature')
  })

  test('without a secret there is an id and a time, and no signature', () => {
    const { headers } = webhook.request(endpointOf('webhook'), message, at(0))
    expect(Object.keys(headers).toSorted()).toEqual([
      'content-type',
      'user-agent',
      'webhook-id',
      'webhook-timestamp',
    ])
  })

  test('a secret that is no base64 signs as it stands', () => {
    const { headers, body } = webhook.request(
      endpointOf('webhook', { secrets: ['not base64 at all!'] }),
      message,
      at(0),
    )
    const expected = createHmac('sha256', 'not base64 at all!')
      .update(`${message.id}.0.${body}`)
      .digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${expected}`)
  })

  test('an attempt later has the same id and a time and signature of its own', () => {
    const endpoint = endpointOf('webhook', { secrets: [current] })
    const [first, second] = [at('2026-03-02T01:00:57Z'), at('2026-03-02T01:05:57Z')].map((nowMs) =>
      webhook.request(endpoint, message, nowMs),
    )
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
    expect(second!.headers['webhook-timestamp']).not.toBe(first!.headers['webhook-timestamp'])
    expect(second!.headers['webhook-signature']).not.toBe(first!.headers['webhook-signature'])
  })
})

describe('DingTalk', () => {
  // DingTalk publishes no signature of a robot's message. It does for its sign-in, made in the same way but for what is signed:
  // https://open.dingtalk.com/document/orgapp/signature-calculation-for-logon-free-scenarios-1
  test('the published example of HMAC-SHA256 and base64', () => {
    expect(hmacSha256Base64('testappSecret', '1546084445901')).toBe(
      'HCbG3xNE3vzhO+u7qCUL1jS5hsu2n5r2cFhnTrtyDAE=',
    )
  })

  // https://open.dingtalk.com/document/robots/customize-robot-security-settings: timestamp in ms + "\n" + secret, signed with the secret, URL-encoded.
  test('timestamp and signature follow the token in the query', () => {
    const secret = 'this is secret'
    const endpoint = endpointOf('dingtalk', {
      url: 'https://oapi.dingtalk.com/robot/send?access_token=XXXXXX',
      secrets: [secret],
    })
    const { url } = dingtalk.request(endpoint, message, at(1_772_413_257_017))
    const sign = createHmac('sha256', secret)
      .update(`1772413257017\n${secret}`, 'utf8')
      .digest('base64')
    expect(url).toBe(
      `https://oapi.dingtalk.com/robot/send?access_token=XXXXXX&timestamp=1772413257017&sign=${encodeURIComponent(sign)}`,
    )
  })

  test('without a secret the URL stays as it is', () => {
    expect(dingtalk.request(endpointOf('dingtalk'), message, at(0)).url).toBe(
      'https://hooks.example/send?key=k1',
    )
  })
})

describe('Feishu', () => {
  // https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: timestamp in s + "\n" + secret is the key, nothing is signed. No vector there.
  test('timestamp and signature stand in the body', () => {
    const { url, body } = feishu.request(
      endpointOf('feishu', { secrets: ['demo'] }),
      message,
      at(1_599_360_473_999),
    )
    const sign = createHmac('sha256', Buffer.from('1599360473\ndemo'))
      .update(Buffer.alloc(0))
      .digest('base64')
    expect(JSON.parse(body)).toMatchObject({
      timestamp: '1599360473',
      sign,
      msg_type: 'interactive',
    })
    expect(url).toBe('https://hooks.example/send?key=k1')
  })

  test('without a secret there is neither', () => {
    expect(
      Object.keys(JSON.parse(feishu.request(endpointOf('feishu'), message, at(0)).body) as object),
    ).toEqual(['msg_type', 'card'])
  })
})
