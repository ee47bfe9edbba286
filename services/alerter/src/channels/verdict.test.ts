import type { EndpointKind } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import type { Answer, Verdict } from './channel.ts'
import { channels } from './index.ts'
import { retryAfterMs } from './verdict.ts'

const nowMs = Date.parse('2026-03-02T01:00:57.000Z') as EpochMs
const kinds = Object.keys(channels) as EndpointKind[]
const answer = (status: number, body = '', headers: Answer['headers'] = {}): Answer => ({
  status,
  body,
  headers,
})
const judged = (kind: EndpointKind, given: Answer): Verdict => channels[kind].judge(given, nowMs)

const accepted = { kind: 'accepted' }
const refused = (reason: string, more: object = {}) => ({
  kind: 'refused',
  reason,
  detail: expect.any(String),
  ...more,
})

describe.each(kinds)('%s: whatever the channel', (kind) => {
  test.each([
    {
      given: answer(301, '', { location: 'https://elsewhere.example/' }),
      verdict: refused('redirect', { detail: '301 to https://elsewhere.example/' }),
    },
    { given: answer(302), verdict: refused('redirect') },
    { given: answer(304), verdict: refused('redirect') },
    { given: answer(308), verdict: refused('redirect') },
    { given: answer(400, 'bad'), verdict: refused('status', { detail: '400 bad' }) },
    { given: answer(401), verdict: refused('status', { detail: '401' }) },
    { given: answer(404), verdict: refused('status') },
    { given: answer(410, 'enough'), verdict: { kind: 'gone', detail: '410 enough' } },
    { given: answer(429), verdict: refused('rate-limited') },
    {
      given: answer(429, '', { 'retry-after': '17' }),
      verdict: refused('rate-limited', { afterMs: 17_000 }),
    },
    { given: answer(500, 'sorry'), verdict: refused('status', { detail: '500 sorry' }) },
    {
      given: answer(503, '', { 'retry-after': 'Mon, 02 Mar 2026 01:01:00 GMT' }),
      verdict: refused('status', { afterMs: 3_000 }),
    },
    { given: answer(500, 'ok'), verdict: refused('status') },
    { given: answer(500, '{"errcode":0,"code":0}'), verdict: refused('status') },
  ])('$given.status $given.body $given.headers', ({ given, verdict }) => {
    expect(judged(kind, given)).toEqual(verdict)
  })

  test('a detail is short and one line', () => {
    const verdict = judged(kind, answer(500, 'a\n'.repeat(10_000)))
    expect(verdict.kind === 'refused' && verdict.detail.length).toBeLessThanOrEqual(200)
    expect(verdict.kind === 'refused' && verdict.detail).not.toContain('\n')
  })
})

const loginPage = '<!doctype html><title>Sign in</title>'

describe('a success is what the channel calls one', () => {
  test.each<{ kind: EndpointKind; given: Answer; verdict: object }>([
    { kind: 'webhook', given: answer(200), verdict: accepted },
    { kind: 'webhook', given: answer(204), verdict: accepted },
    { kind: 'webhook', given: answer(299, loginPage), verdict: accepted },
    { kind: 'wecom', given: answer(200, '{"errcode":0,"errmsg":"ok"}'), verdict: accepted },
    {
      kind: 'wecom',
      given: answer(200, '{"errcode":93000,"errmsg":"invalid webhook url"}'),
      verdict: refused('code', { detail: '93000 invalid webhook url' }),
    },
    {
      kind: 'wecom',
      given: answer(200, '{"errcode":45009,"errmsg":"api freq out of limit"}'),
      verdict: refused('rate-limited', { afterMs: 60_000 }),
    },
    { kind: 'wecom', given: answer(200, '{"errcode":"0"}'), verdict: refused('strange-answer') },
    { kind: 'wecom', given: answer(200, '{}'), verdict: refused('strange-answer') },
    { kind: 'wecom', given: answer(200, 'null'), verdict: refused('strange-answer') },
    { kind: 'wecom', given: answer(200), verdict: refused('strange-answer') },
    {
      kind: 'wecom',
      given: answer(200, loginPage),
      verdict: refused('strange-answer', { detail: loginPage }),
    },
    { kind: 'dingtalk', given: answer(200, '{"errcode":0,"errmsg":"ok"}'), verdict: accepted },
    {
      kind: 'dingtalk',
      given: answer(200, '{"errcode":310000,"errmsg":"sign not match"}'),
      verdict: refused('code', { detail: '310000 sign not match' }),
    },
    {
      kind: 'dingtalk',
      given: answer(200, '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}'),
      verdict: refused('rate-limited', { afterMs: 600_000 }),
    },
    {
      kind: 'dingtalk',
      given: answer(200, '{"errcode":410100,"errmsg":"发送速度太快而限流"}'),
      verdict: refused('rate-limited', { afterMs: 600_000 }),
    },
    { kind: 'dingtalk', given: answer(200, loginPage), verdict: refused('strange-answer') },
    {
      kind: 'feishu',
      given: answer(200, '{"code":0,"msg":"success","data":{}}'),
      verdict: accepted,
    },
    {
      kind: 'feishu',
      given: answer(
        200,
        '{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}',
      ),
      verdict: accepted,
    },
    {
      kind: 'feishu',
      given: answer(200, '{"StatusCode":0,"StatusMessage":"success"}'),
      verdict: accepted,
    },
    {
      kind: 'feishu',
      given: answer(200, '{"StatusCode":0,"code":19001,"msg":"param invalid"}'),
      verdict: refused('code'),
    },
    {
      kind: 'feishu',
      given: answer(
        200,
        '{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}',
      ),
      verdict: refused('code'),
    },
    {
      kind: 'feishu',
      given: answer(200, '{"code":11232,"msg":"frequency limited"}'),
      verdict: refused('rate-limited', { afterMs: 10_000 }),
    },
    {
      kind: 'feishu',
      given: answer(400, '{"code":99991400,"msg":"request trigger frequency limit"}', {
        'x-ogw-ratelimit-reset': '52',
      }),
      verdict: refused('rate-limited', { afterMs: 52_000 }),
    },
    {
      kind: 'feishu',
      given: answer(429, '{"code":99991400,"msg":"request trigger frequency limit"}'),
      verdict: refused('rate-limited', { afterMs: 60_000 }),
    },
    { kind: 'feishu', given: answer(200, loginPage), verdict: refused('strange-answer') },
    { kind: 'slack', given: answer(200, 'ok'), verdict: accepted },
    { kind: 'slack', given: answer(200, 'ok\n'), verdict: accepted },
    { kind: 'slack', given: answer(200, '{"ok":true}'), verdict: refused('strange-answer') },
    { kind: 'slack', given: answer(200), verdict: refused('strange-answer') },
    {
      kind: 'slack',
      given: answer(404, 'no_service'),
      verdict: refused('status', { detail: '404 no_service' }),
    },
    {
      kind: 'slack',
      given: answer(410, 'channel_is_archived'),
      verdict: { kind: 'gone', detail: '410 channel_is_archived' },
    },
    { kind: 'teams', given: answer(202), verdict: accepted },
    { kind: 'teams', given: answer(200), verdict: accepted },
    { kind: 'teams', given: answer(200, '1'), verdict: accepted },
    {
      kind: 'teams',
      given: answer(
        200,
        'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429',
      ),
      verdict: refused('rate-limited'),
    },
    { kind: 'teams', given: answer(200, loginPage), verdict: refused('strange-answer') },
    { kind: 'alertmanager', given: answer(200), verdict: accepted },
    {
      kind: 'alertmanager',
      given: answer(400, '"start time must be before end time"'),
      verdict: refused('status'),
    },
    { kind: 'alertmanager', given: answer(200, loginPage), verdict: refused('strange-answer') },
  ])('$kind: $given.status $given.body', ({ kind, given, verdict }) => {
    expect(judged(kind, given)).toEqual(verdict)
  })
})

describe('Retry-After', () => {
  test.each([
    { said: '0', afterMs: 0 },
    { said: ' 120 ', afterMs: 120_000 },
    { said: 'Mon, 02 Mar 2026 01:02:57 GMT', afterMs: 120_000 },
    { said: 'Monday, 02-Mar-26 01:02:57 GMT', afterMs: 120_000 },
    { said: 'Mon, 02 Mar 2026 01:00:00 GMT', afterMs: 0 },
    { said: '-5', afterMs: undefined },
    { said: '1.5', afterMs: undefined },
    { said: '1e3', afterMs: undefined },
    { said: '99999999999999', afterMs: undefined },
    { said: 'soon', afterMs: undefined },
    { said: 'Mon, someday', afterMs: undefined },
    { said: '', afterMs: undefined },
  ])('"$said" is $afterMs ms', ({ said, afterMs }) => {
    expect(retryAfterMs(answer(503, '', { 'retry-after': said }), nowMs)).toBe(afterMs)
  })
})
