import { setGlobalProxyFromEnv } from 'node:http'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  answers,
  answersInTurn,
  type Behaviour,
  hostile,
  openReceiver,
  type Receiver,
  type ReceiverOptions,
  selfSigned,
} from '../testing/index.ts'
import type { OutRequest } from '../channels/channel.ts'
import { openSender, sendingLimits } from './open-sender.ts'
import type { Sender, Sent } from './sender.ts'

const never = new AbortController().signal
const limits = { connectTimeoutMs: 2_000, totalTimeoutMs: 4_000 }
const impatient = { connectTimeoutMs: 60, totalTimeoutMs: 120 }

let receivers: Receiver[] = []
let senders: Sender[] = []
beforeEach(() => {
  receivers = []
  senders = []
})
afterEach(async () => {
  await Promise.all([...senders, ...receivers].map((one) => one.close()))
})

async function receiverOf(behaviour: Behaviour, options?: ReceiverOptions): Promise<Receiver> {
  const receiver = await openReceiver(behaviour, options)
  receivers.push(receiver)
  return receiver
}

function senderOf(options: Partial<Parameters<typeof openSender>[0]> = {}): Sender {
  const sender = openSender({ allowPrivateAddresses: true, ...limits, ...options })
  senders.push(sender)
  return sender
}

const requestTo = (url: string): OutRequest => ({
  url,
  headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
  body: '{"a":"é"}',
})

async function sendTo(
  behaviour: Behaviour,
  options: Partial<Parameters<typeof openSender>[0]> = {},
): Promise<{ sent: Sent; receiver: Receiver }> {
  const receiver = await receiverOf(behaviour)
  return { sent: await senderOf(options).send(requestTo(receiver.url), never), receiver }
}

const failed = (reason: string, detail: unknown) => ({ kind: 'failed', reason, detail })
const answered = (status: number, body: unknown) => ({
  kind: 'answered',
  answer: { status, headers: expect.any(Object), body },
})

test('a request arrives as it was written, over a connection of its own', async () => {
  const { sent, receiver } = await sendTo(
    answers(200, 'ok', { 'X-Answer': 'a', 'set-cookie': 'b' }),
  )
  expect(sent).toEqual(answered(200, 'ok'))
  expect(sent.kind === 'answered' && sent.answer.headers).toEqual({
    'x-answer': 'a',
    'set-cookie': 'b',
    'content-length': '2',
  })
  expect(receiver.requests).toEqual([
    {
      method: 'POST',
      path: '/',
      headers: {
        'content-type': 'application/json',
        'webhook-id': 'msg_1',
        'content-length': '10',
        host: `127.0.0.1:${receiver.port}`,
        connection: 'close',
      },
      body: '{"a":"é"}',
    },
  ])
})

test('a GET arrives without a body', async () => {
  const receiver = await receiverOf(answers(200, 'ok'))
  const sent = await senderOf({}).send(
    { method: 'GET', url: receiver.url, headers: { 'user-agent': 'x' }, body: '' },
    never,
  )
  expect(sent).toEqual(answered(200, 'ok'))
  const headers = { 'user-agent': 'x', host: `127.0.0.1:${receiver.port}`, connection: 'close' }
  expect(receiver.requests).toEqual([{ method: 'GET', path: '/', headers, body: '' }])
})

test('two messages to one receiver are two connections: no address outlives its check', async () => {
  const receiver = await receiverOf(answers(200, 'ok', { connection: 'keep-alive' }))
  const sender = senderOf()
  await sender.send(requestTo(receiver.url), never)
  await sender.send(requestTo(receiver.url), never)
  expect(receiver.connections).toBe(2)
})

test('a repeat of a request is the same request: its receiver knows it by its id', async () => {
  const receiver = await receiverOf(
    answersInTurn([answers(503, 'later'), hostile.closesAfterTheRequest], answers(200, 'ok')),
  )
  const sender = senderOf()
  const sent = [1, 2, 3].map(() => requestTo(receiver.url))
  expect(await sender.send(sent[0]!, never)).toEqual(answered(503, 'later'))
  expect(await sender.send(sent[1]!, never)).toMatchObject({ reason: 'answer-broken' })
  expect(await sender.send(sent[2]!, never)).toEqual(answered(200, 'ok'))
  expect(receiver.requests).toHaveLength(3)
  expect(new Set(receiver.requests.map((request) => JSON.stringify(request))).size).toBe(1)
})

describe('an answer is what its receiver gives', () => {
  test.each([
    { name: '204', behaviour: answers(204), status: 204, body: '' },
    { name: '500', behaviour: answers(500, 'sorry'), status: 500, body: 'sorry' },
    { name: '410', behaviour: answers(410), status: 410, body: '' },
    {
      name: 'HTTP/1.0 without a length',
      behaviour: { onRequest: raw('HTTP/1.0 200 OK\r\n\r\nok') },
      status: 200,
      body: 'ok',
    },
    {
      name: '100 Continue before it',
      behaviour: {
        onRequest: raw(
          'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
        ),
      },
      status: 200,
      body: 'ok',
    },
    {
      name: '103 Early Hints before it',
      behaviour: {
        onRequest: raw(
          'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
        ),
      },
      status: 200,
      body: 'ok',
    },
    {
      name: 'chunks',
      behaviour: {
        onRequest: raw(
          'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n',
        ),
      },
      status: 200,
      body: 'ok',
    },
    {
      name: 'a failure whose body breaks off',
      behaviour: hostile.closesInTheBodyOfAFailure,
      status: 500,
      body: 'sorry',
    },
  ])('$name', async ({ behaviour, status, body }) => {
    const { sent } = await sendTo(behaviour)
    expect(sent).toEqual(answered(status, body))
  })

  test('429 with Retry-After', async () => {
    const { sent } = await sendTo(answers(429, '', { 'Retry-After': '17' }))
    expect(sent.kind === 'answered' && sent.answer.headers['retry-after']).toBe('17')
  })
})

test('a redirect is not followed: where it points to sees nothing', async () => {
  const elsewhere = await receiverOf(answers(200, 'ok'))
  const { sent } = await sendTo(answers(301, '', { location: elsewhere.url }))
  expect(sent).toEqual(answered(301, ''))
  expect(elsewhere.connections).toBe(0)
})

test('no proxy is used, whatever the environment says', async () => {
  const proxy = await receiverOf(answers(200, 'proxied'))
  const restore = setGlobalProxyFromEnv({ http_proxy: proxy.url, https_proxy: proxy.url })
  try {
    const { sent } = await sendTo(answers(200, 'ok'))
    expect(sent).toEqual(answered(200, 'ok'))
    expect(proxy.connections).toBe(0)
  } finally {
    restore()
  }
})

describe('a connection that closes or an answer that is none', () => {
  test.each([
    { name: 'closed at once', behaviour: hostile.closesAtOnce, reason: 'answer-broken' },
    { name: 'reset after the request', behaviour: hostile.resets, reason: 'answer-broken' },
    {
      name: 'closed after the request',
      behaviour: hostile.closesAfterTheRequest,
      reason: 'answer-broken',
    },
    {
      name: 'closed in the headers',
      behaviour: hostile.closesInTheHeaders,
      reason: 'answer-broken',
    },
    {
      name: 'closed in the body of a success',
      behaviour: hostile.closesInTheBody,
      reason: 'answer-broken',
    },
    { name: 'headers of 100 KB', behaviour: hostile.hugeHeaders, reason: 'answer-broken' },
    { name: 'headers without an end', behaviour: hostile.endlessHeaders, reason: 'answer-broken' },
    { name: 'chunks that are none', behaviour: hostile.invalidChunks, reason: 'answer-broken' },
    { name: 'two lengths', behaviour: hostile.twoLengths, reason: 'answer-broken' },
    { name: 'another protocol', behaviour: hostile.noHttp, reason: 'answer-broken' },
    {
      name: 'a switch of protocols',
      behaviour: hostile.switchesProtocols,
      reason: 'answer-broken',
    },
  ])('$name: $reason', async ({ behaviour, reason }) => {
    const { sent } = await sendTo(behaviour)
    expect(sent).toEqual(failed(reason, expect.stringMatching(/./u)))
  })

  test('nobody listens: connection-failed', async () => {
    const receiver = await openReceiver(answers(200))
    await receiver.close()
    expect(await senderOf().send(requestTo(receiver.url), never)).toEqual(
      failed('connection-failed', 'ECONNREFUSED'),
    )
  })
})

describe('whoever is slow is cut at the deadline', () => {
  test.each([
    { name: 'silent after the request', behaviour: hostile.silent },
    { name: 'reads nothing', behaviour: hostile.deaf },
    { name: 'headers drop by drop', behaviour: hostile.slowHeaders },
    { name: 'the body of a success drop by drop', behaviour: hostile.slowBody },
    { name: '100 Continue for ever', behaviour: hostile.endlessContinue },
  ])('$name: timed-out', async ({ behaviour }) => {
    const { sent } = await sendTo(behaviour, impatient)
    expect(sent).toEqual(failed('timed-out', 'no answer within 120 ms'))
  })

  test('the body of a failure drop by drop: the status is enough', async () => {
    const { sent } = await sendTo(hostile.slowFailure, impatient)
    expect(sent).toEqual(answered(503, expect.stringMatching(/^laterx*$/u)))
  })

  test('a TLS handshake that does not begin: the deadline of the connection', async () => {
    const receiver = await receiverOf(hostile.deaf)
    const sent = await senderOf(impatient).send(
      requestTo(receiver.url.replace('http:', 'https:')),
      never,
    )
    expect(sent).toEqual(failed('timed-out', 'no connection within 60 ms'))
  })
})

test('of an endless body no more is read than fits, and the status counts', async () => {
  const { sent, receiver } = await sendTo(hostile.endlessBody, { answerBytesMax: 1_000 })
  expect(sent).toEqual(answered(200, 'x'.repeat(1_000)))
  await receiver.idle()
  expect(receiver.bytesWritten).toBeLessThan(8 * 1024 * 1024) // What the sockets of both sides hold, not what was read.
})

test('the limits that nobody chose are 5 s, 10 s, 64 KB and 16 KB', () => {
  expect(sendingLimits).toEqual({
    connectTimeoutMs: 5_000,
    totalTimeoutMs: 10_000,
    answerBytesMax: 65_536,
    headerBytesMax: 16_384,
  })
})

describe('TLS', () => {
  const hosts = ['127.0.0.1']
  let good: ReturnType<typeof selfSigned>
  beforeAll(() => {
    good = selfSigned({ hosts })
  })

  test('a certificate that is trusted, for this host and this time: answered', async () => {
    const receiver = await receiverOf(answers(200, 'ok'), { tls: good })
    expect(await senderOf({ ca: good.cert }).send(requestTo(receiver.url), never)).toEqual(
      answered(200, 'ok'),
    )
  })

  test.each([
    {
      name: 'self-signed',
      make: () => ({ tls: good, ca: undefined }),
      detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    },
    {
      name: 'expired',
      make: () =>
        trusted({ hosts, notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }),
      detail: 'CERT_HAS_EXPIRED',
    },
    {
      name: 'not yet valid',
      make: () =>
        trusted({ hosts, notBefore: new Date('2048-01-01'), notAfter: new Date('2049-01-01') }),
      detail: 'CERT_NOT_YET_VALID',
    },
    {
      name: 'of another host',
      make: () => trusted({ hosts: ['other.example'] }),
      detail: "ERR_TLS_CERT_ALTNAME_INVALID: IP: 127.0.0.1 is not in the cert's list: ",
    },
  ])('$name: tls-failed, and the request is not sent', async ({ make, detail }) => {
    const { tls, ca } = make()
    const receiver = await receiverOf(answers(200, 'ok'), { tls })
    const sent = await senderOf({ ca }).send(
      requestTo(receiver.url.replace('http:', 'https:')),
      never,
    )
    expect(sent).toEqual(failed('tls-failed', detail))
    expect(receiver.requests).toEqual([])
  })

  test.each([
    {
      name: 'plain HTTP on the port',
      behaviour: hostile.noTls,
      detail: expect.stringMatching(/^EPROTO: \w/u),
    },
    {
      name: 'closed in the handshake',
      behaviour: hostile.closesAtOnce,
      detail: expect.stringMatching(/^(?:ECONNRESET|EPIPE)$/u),
    },
  ])('$name: tls-failed', async ({ behaviour, detail }) => {
    const receiver = await receiverOf(behaviour)
    const sent = await senderOf().send(requestTo(receiver.url.replace('http:', 'https:')), never)
    expect(sent).toEqual(failed('tls-failed', detail))
  })
})

describe('stopping', () => {
  test('the signal ends what is under way', async () => {
    const receiver = await receiverOf(hostile.silent)
    const stop = new AbortController()
    const sending = senderOf().send(requestTo(receiver.url), stop.signal)
    await receiver.received(1)
    stop.abort()
    expect(await sending).toEqual(failed('stopped', 'the sender stops'))
    await receiver.idle()
  })

  test('a signal that was given before: nothing is sent', async () => {
    const receiver = await receiverOf(answers(200))
    expect(await senderOf().send(requestTo(receiver.url), AbortSignal.abort())).toMatchObject({
      reason: 'stopped',
    })
    expect(receiver.requests).toEqual([])
  })

  test('closing ends all that is under way, and what comes later is stopped', async () => {
    const receiver = await receiverOf(hostile.silent)
    const sender = senderOf()
    const sending = [1, 2, 3].map(() => sender.send(requestTo(receiver.url), never))
    await receiver.received(3)
    await sender.close()
    expect(await Promise.all(sending)).toEqual(
      sending.map(() => failed('stopped', 'the sender stops')),
    )
    expect(await sender.send(requestTo(receiver.url), never)).toMatchObject({ reason: 'stopped' })
  })
})

test('what node:http refuses to write is a failure, not an exception', async () => {
  const receiver = await receiverOf(answers(200))
  const sent = await senderOf().send(
    { ...requestTo(receiver.url), headers: { 'x-line': 'a\r\nb: c' } },
    never,
  )
  expect(sent).toEqual(failed('connection-failed', 'ERR_INVALID_CHAR'))
  expect(receiver.connections).toBe(0)
})

test('one slow receiver holds up no other', async () => {
  const slow = await receiverOf(hostile.silent)
  const quick = await receiverOf(answers(200, 'ok'))
  const sender = senderOf()
  const stop = new AbortController()
  const waiting = Array.from({ length: 50 }, () => sender.send(requestTo(slow.url), stop.signal))
  await slow.received(50)
  expect(await sender.send(requestTo(quick.url), never)).toEqual(answered(200, 'ok'))
  stop.abort()
  await Promise.all(waiting)
})

function trusted(options: Parameters<typeof selfSigned>[0]) {
  const tls = selfSigned(options)
  return { tls, ca: tls.cert }
}

function raw(bytes: string): NonNullable<Behaviour['onRequest']> {
  return (socket) => void socket.end(bytes, 'latin1')
}
