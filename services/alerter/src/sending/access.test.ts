import type { EndpointConfig } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, onTestFinished, test } from 'vitest'
import { channels } from '../channels/index.ts'
import { answers, openReceiver, type Receiver, selfSigned } from '../testing/index.ts'
import { noticeOf } from '../testing/notices.ts'
import { openSender } from './open-sender.ts'
import type { Sent } from './sender.ts'

const server = selfSigned({ hosts: ['floor.test', '127.0.0.1'] })
const client = selfSigned({ hosts: ['deskpulse'] })
const stranger = selfSigned({ hosts: ['deskpulse', 'stranger'] })
const never = new AbortController().signal

async function receiver(): Promise<Receiver> {
  const opened = await openReceiver(answers(200, ''), { tls: server, clients: client.cert })
  onTestFinished(() => opened.close())
  return opened
}

async function send(
  endpoint: Pick<EndpointConfig, 'kind' | 'url' | 'token' | 'tls'>,
): Promise<Sent> {
  const sender = openSender({ allowPrivateAddresses: true })
  onTestFinished(() => sender.close())
  const whole: EndpointConfig = {
    ...{ name: 'floor', secrets: [], language: 'en', alerts: true, closedPeriods: [] },
    ...{ appeals: false, tenants: null, severityMin: 'info' },
    ...endpoint,
  }
  const message = { id: 'msg_1', notices: [noticeOf()] }
  return sender.send(channels[whole.kind].request(whole, message, 0 as EpochMs), never)
}

describe.each(['webhook', 'alertmanager'] as const)('%s', (kind) => {
  test('is told the token, and shown the certificate', async () => {
    const { url, requests } = await receiver()
    const tls = { ca: server.cert, ...client }
    expect(await send({ kind, url, token: 'abc.def', tls })).toMatchObject({ kind: 'answered' })
    expect(requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer abc.def'])
  })

  test('may have a certificate for another name, which is said', async () => {
    const { url } = await receiver()
    const tls = { ca: server.cert, ...client, servername: 'floor.test' }
    expect(await send({ kind, url, tls })).toMatchObject({ kind: 'answered' })
    const other = { ...tls, servername: 'other.test' }
    expect(await send({ kind, url, tls: other })).toMatchObject({ reason: 'tls-failed' })
  })

  test('that nobody vouches for is told no token', async () => {
    const { url, requests } = await receiver()
    const sent = await send({ kind, url, token: 'abc', tls: { ca: stranger.cert, ...client } })
    expect(sent).toMatchObject({ kind: 'failed', reason: 'tls-failed' })
    expect(JSON.stringify(sent)).not.toContain('abc')
    expect(requests).toEqual([])
  })

  test.each([
    { name: 'no certificate', shown: {} },
    { name: 'one of somebody else', shown: stranger },
  ])('takes nothing from who shows $name', async ({ shown }) => {
    const { url, requests } = await receiver()
    const sent = await send({ kind, url, tls: { ca: server.cert, ...shown } })
    expect(sent).toMatchObject({ kind: 'failed' })
    expect(requests).toEqual([])
  })
})
