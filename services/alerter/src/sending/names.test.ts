import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answers, openReceiver, type Receiver } from '../testing/index.ts'
import { openGuardedSender, openSender } from './open-sender.ts'
import type { Resolve } from './resolve.ts'

const never = new AbortController().signal
const at = (...addresses: readonly string[]): Resolve => {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  return () => Promise.resolve(found)
}

describe('a name is refused by any of its addresses', () => {
  test.each([
    { addresses: ['127.0.0.1'], kind: 'loopback' },
    { addresses: ['::1'], kind: 'loopback' },
    { addresses: ['10.0.0.7'], kind: 'private' },
    { addresses: ['169.254.169.254'], kind: 'link-local' },
    { addresses: ['fd00:ec2::254'], kind: 'private' },
    { addresses: ['::ffff:127.0.0.1'], kind: 'loopback' },
    { addresses: ['::127.0.0.1'], kind: 'tunnel' },
    { addresses: ['fe80::1%eth0'], kind: 'link-local' },
    { addresses: ['8.8.8.8', '192.168.1.1'], kind: 'private' },
    { addresses: ['2001:4860:4860::8888', '8.8.8.8', '127.0.0.1'], kind: 'loopback' },
    { addresses: ['0177.0.0.1'], kind: 'unreadable' },
    { addresses: ['nonsense'], kind: 'unreadable' },
  ])('$addresses: $kind', async ({ addresses, kind }) => {
    const sender = openSender({ allowPrivateAddresses: false, resolve: at(...addresses) })
    expect(
      await sender.send({ url: 'https://rebind.example/', headers: {}, body: '' }, never),
    ).toEqual({
      kind: 'failed',
      reason: 'address-refused',
      detail: `resolves to a ${kind} address`,
    })
  })
})

test('a name without an address is unknown', async () => {
  const request = { url: 'http://nobody.example/', headers: {}, body: '' }
  const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND nobody.example'), {
    code: 'ENOTFOUND',
  })
  for (const [resolve, detail] of [
    [at(), 'no address'],
    [() => Promise.reject(unknown), 'ENOTFOUND'],
  ] as const) {
    const sender = openSender({ allowPrivateAddresses: false, resolve })
    expect(await sender.send(request, never)).toEqual({
      kind: 'failed',
      reason: 'name-unknown',
      detail,
    })
  }
})

test('a look-up that does not end is cut by the deadline of the connection', async () => {
  const sender = openSender({
    allowPrivateAddresses: false,
    resolve: () => new Promise(() => undefined),
    connectTimeoutMs: 30,
  })
  expect(await sender.send({ url: 'http://slow.example/', headers: {}, body: '' }, never)).toEqual({
    kind: 'failed',
    reason: 'timed-out',
    detail: 'no connection within 30 ms',
  })
})

describe('a name that changes its answer', () => {
  /** Two machines in one: 127.0.0.2 stands for a public address, 127.0.0.1 for a private one. Both listen on the same port. */
  const publicly = '127.0.0.2'
  const privately = '127.0.0.1'
  const guard = {
    address: (address: string) => (address === publicly ? null : ('private' as const)),
    name: () => null,
  }
  let open: readonly Receiver[] = []

  beforeEach(async () => {
    const outside = await openReceiver(answers(200, 'outside'), { host: publicly })
    const inside = await openReceiver(answers(200, 'inside'), {
      host: privately,
      port: outside.port,
    })
    open = [outside, inside]
  })
  afterEach(() => Promise.all(open.map((receiver) => receiver.close())))

  test('between the check and the connection: it is asked once, and the address that was checked is connected to', async () => {
    const turns = [[publicly], [privately], [privately]]
    let asked = 0
    const sender = openGuardedSender(guard, { resolve: (host) => at(...turns[asked++]!)(host) })
    const request = { url: `http://rebind.example:${open[0]!.port}/hook`, headers: {}, body: '{}' }
    expect(await sender.send(request, never)).toMatchObject({
      kind: 'answered',
      answer: { status: 200, body: 'outside' },
    })
    expect(asked).toBe(1)
    expect(await sender.send(request, never)).toMatchObject({
      kind: 'failed',
      reason: 'address-refused',
    })
    expect(asked).toBe(2)
    expect(open.map(({ connections }) => connections)).toEqual([1, 0])
    expect(open[0]!.requests[0]!.headers['host']).toBe(`rebind.example:${open[0]!.port}`)
  })

  test('answers with both at once: it is refused, and neither is connected to', async () => {
    const sender = openGuardedSender(guard, { resolve: at(publicly, privately) })
    expect(
      await sender.send(
        { url: `http://both.example:${open[0]!.port}/`, headers: {}, body: '' },
        never,
      ),
    ).toMatchObject({
      reason: 'address-refused',
    })
    expect(open.map(({ connections }) => connections)).toEqual([0, 0])
  })
})
