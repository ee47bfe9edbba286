import { join } from 'node:path'
import type { EndpointConfig, EndpointKind } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import {
  appealNoticeOf,
  decidedNoticeOf,
  endedOf,
  endpointOf,
  groupOf,
  lateGroupOf,
  noticeOf,
} from '../testing/notices.ts'
import type { Message, OutRequest } from './channel.ts'
import { channels } from './index.ts'

const nowMs = Date.parse('2026-03-02T01:00:57.120Z') as EpochMs
const kinds = Object.keys(channels) as EndpointKind[]
const chats = kinds.filter((kind) => kind !== 'webhook' && kind !== 'heartbeat')

const messages = {
  firing: { id: 'msg_1', notices: [noticeOf()] },
  resolved: { id: 'msg_2', notices: [endedOf('over', { acknowledgedBy: 'lin' })] },
  retracted: { id: 'msg_3', notices: [endedOf('retracted')] },
  summary: { id: 'msg_5', notices: lateGroupOf(3) },
  'group of 5': { id: 'msg_4', notices: groupOf(5) },
  'appeal filed': { id: 'msg_6', notices: [appealNoticeOf()] },
  'appeal decided': {
    id: 'msg_7',
    notices: [decidedNoticeOf('partly-granted', 'one of them was on time')],
  },
  'alert and appeals': {
    id: 'msg_8',
    notices: [noticeOf(), appealNoticeOf(), decidedNoticeOf('refused', null)],
  },
  'group of 25': { id: 'msg_4', notices: groupOf(25) },
} as const satisfies Readonly<Record<string, Message>>

const widthMax = 320

/** JSON with a line for whatever fits on one: a person compares it, and a near-copy takes little room. */
function lines(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value)
  const isBranch = typeof value === 'object' && value !== null
  if (!isBranch || indent.length + flat.length <= widthMax) return flat
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const inner = `${indent}  `
  const parts = Object.entries(value).map(([name, part]) => {
    const text = lines(part, inner)
    return `${inner}${Array.isArray(value) ? text : `${JSON.stringify(name)}: ${text}`}`
  })
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`
}

/** The request as a person compares it: the body as JSON, and what cannot be seen in escapes. */
function shown(request: OutRequest): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`)
  const body = lines(JSON.parse(request.body)).replaceAll('\u200b', '\\u200b')
  return [`POST ${request.url}`, ...headers, '', body, ''].join('\n')
}

function golden(endpoint: EndpointConfig, names: readonly (keyof typeof messages)[]): string {
  const channel = channels[endpoint.kind]
  return names
    .map((name) => `=== ${name}\n${shown(channel.request(endpoint, messages[name], nowMs))}`)
    .join('\n')
}

const file = (name: string): string => join(import.meta.dirname, 'golden', `${name}.txt`)
const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']

test('webhook: what is sent, as it is documented', async () => {
  await expect(
    golden(endpointOf('webhook', { secrets }), [
      ...(['firing', 'resolved', 'retracted', 'summary'] as const),
      ...(['appeal filed', 'appeal decided'] as const),
    ]),
  ).toMatchFileSnapshot(file('webhook'))
})

test('heartbeat: nothing but that it is sent', () => {
  const [one, other] = [messages.firing, messages['group of 25']].map((message) =>
    channels.heartbeat.request(endpointOf('heartbeat', { secrets }), message, nowMs),
  )
  expect(one).toEqual({
    method: 'GET',
    url: 'https://hooks.example/send?key=k1',
    headers: { 'user-agent': 'Deskpulse-Alerter/1' },
    body: '',
  })
  expect(other).toEqual(one)
})

/** Both languages say what each of them says; one shows how a single one is laid out. */
const laid = [
  ...chats.map((kind) => ({ kind, language: 'both' as const })),
  { kind: 'wecom' as const, language: 'zh' as const },
]

test.each(laid)('$kind in $language: what is sent', async ({ kind, language }) => {
  const group = kind === 'alertmanager' ? 'group of 5' : 'group of 25' // A chat leaves out what has no room.
  const names = ['firing', 'resolved', 'retracted', 'summary', group] as const
  const appeals = ['appeal filed', 'appeal decided', 'alert and appeals'] as const
  const all = kind === 'alertmanager' ? names : [...names, ...appeals]
  await expect(golden(endpointOf(kind, { secrets, language }), all)).toMatchFileSnapshot(
    file(`${kind}.${language}`),
  )
})
