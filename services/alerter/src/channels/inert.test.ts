import type { EndpointKind, Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appealNoticeOf, endedOf, endpointOf, groupOf, noticeOf } from '../testing/notices.ts'
import { bytesOf, cutTo } from './fit.ts'
import { channels } from './index.ts'
import { linkTarget, markdown, mrkdwn, plain } from './inert.ts'

const nowMs = Date.parse('2026-03-02T01:00:57.120Z') as EpochMs
const chats = [
  'wecom',
  'dingtalk',
  'feishu',
  'slack',
  'teams',
] as const satisfies readonly EndpointKind[]
const page = 'https://desk.example/alerts?tenant=acme'

const attacks = [
  '<!channel>',
  '<!everyone|hello>',
  '<@U12345>',
  '<@all>',
  '@all',
  '@everyone',
  '@所有人',
  '<at user_id="all">所有人</at>',
  '<at id=all></at>',
  '&lt;@all&gt;',
  '[click](https://evil.example/)',
  '![x](https://evil.example/x.png)',
  '<https://evil.example|billing>',
  '<a href="https://evil.example">x</a>',
  'https://evil.example/login',
  'evil.example',
  'weixin://dl/chat',
  '**bold** _it_ ~~gone~~ `code`',
  '# heading\n> quote\n- list',
  '\r\n\r\n[x](https://evil.example)',
  '\u2028[x](https://evil.example)',
  '\u202eelpmaxe.live',
  '{{DATE(2017-02-14T06:08:39Z,LONG)}}',
  '\ud800 half a character',
  '"}],"at":{"isAtAll":true}',
]

/** All that can come from events or from people, set to one text. */
function noticeFull(text: string, changes: Partial<Notice> = {}): Notice {
  return noticeOf({
    tenant: text,
    rule: text,
    subject: text,
    slice: text,
    contactId: text,
    labels: { [text]: text },
    text: { en: text, zh: text },
    acknowledgedBy: text,
    url: page,
    ...changes,
  })
}

/** An appeal whose texts are all this one. */
const appealFull = (text: string): Notice => ({
  ...appealNoticeOf(
    { atMs: nowMs, by: text, decision: 'refused', note: text },
    { tenant: text, appealId: text, agentId: text, kpis: [text], reason: text, filedBy: text },
  ),
  url: page,
})

function bodyOf(kind: EndpointKind, notices: readonly Notice[]): unknown {
  const { body } = channels[kind].request(
    endpointOf(kind, { language: 'both' }),
    { id: 'msg_1', notices },
    nowMs,
  )
  return JSON.parse(body)
}

/** Every string of a body with the path that leads to it. */
function stringsOf(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => stringsOf(part, `${path}.${name}`))
}

/** What is left of the strings that people see without the marks and links that the channel itself makes. */
function seen(kind: EndpointKind, body: unknown): readonly string[] {
  const own = {
    wecom: /<font color="\w+">|<\/font>|\[[^[\]]*\]\(https:\/\/desk\.example[^)]*\)|\*\*/gu,
    dingtalk: /\[[^[\]]*\]\(https:\/\/desk\.example[^)]*\)/gu,
    slack: /<https:\/\/desk\.example[^>|]*\|[^>]*>|&(?:amp|lt|gt);|^\*|\*$/gu,
  } as const
  const texts = stringsOf(body).filter(
    ([path]) => !/(?:url|schema|contentType|tag|type|template|color)$/iu.test(path),
  )
  return texts.map(([, text]) =>
    kind in own ? text.replaceAll(own[kind as keyof typeof own], '') : text,
  )
}

describe.each(chats)('%s: nothing that came with an event is more than text', (kind) => {
  test.each(attacks)('%j', (attack) => {
    for (const notices of [
      [noticeFull(attack)],
      [noticeFull(attack), noticeFull(attack, { alertId: 'b'.repeat(32) })],
      [appealFull(attack)],
      [noticeFull(attack), appealFull(attack)],
    ]) {
      for (const text of seen(kind, bodyOf(kind, notices))) {
        expect(text).not.toMatch(/@(?!\u200b)/u)
        expect(text).not.toContain('://')
        expect(text).not.toMatch(/\p{L}\.\p{L}{2}/u)
        expect(text).not.toContain('{{')
        expect(text).not.toMatch(/[\u202e\u2028\ud800]/u)
        if (kind === 'wecom' || kind === 'dingtalk' || kind === 'slack')
          expect(text).not.toMatch(/[<[\]*`]/u)
        if (kind === 'slack') expect(text).not.toContain('<')
      }
    }
  })

  test('a text has the lines that the channel gives it, whatever it holds', () => {
    const lines = (notice: Notice): number =>
      seen(kind, bodyOf(kind, [notice]))
        .join('\n')
        .split('\n').length
    const text = 'a\nb\r\nc\u2028d\u0085e\u000bf'
    expect(lines(noticeFull(text))).toBe(lines(noticeFull('a')))
    expect(lines(appealFull(text))).toBe(lines(appealFull('a')))
  })
})

test('texts stand in fields that know no markup where a channel has them', () => {
  const tags = stringsOf(bodyOf('feishu', groupOf(3))).filter(
    ([path]) => path.endsWith('text.tag') || path.endsWith('title.tag'),
  )
  expect(new Set(tags.map(([, tag]) => tag))).toEqual(new Set(['plain_text']))
  const types = stringsOf(bodyOf('teams', groupOf(3))).filter(
    ([path]) => path.includes('.body.') && path.endsWith('.type'),
  )
  expect(new Set(types.map(([, type]) => type))).toEqual(new Set(['RichTextBlock', 'TextRun']))
  expect(bodyOf('dingtalk', [noticeFull('@all')])).toMatchObject({ at: { isAtAll: false } })
})

describe('what is harmless stays as it is', () => {
  test.each([
    { text: 'billing (2nd line), 30.5 s – 80 %', rule: 'punctuation' },
    { text: '账单队列：顾客已等待 30 秒', rule: 'Chinese' },
    { text: 'first_line_support', rule: 'an underscore within a word' },
    {
      text: "l'équipe #2 & co",
      rule: 'other languages',
      escaped: { markdown: "l'équipe #2 ＆ co", mrkdwn: "l'équipe #2 &amp; co" },
    },
  ])('$rule', ({ text, escaped }) => {
    expect(plain(text)).toBe(text)
    expect(markdown(text)).toBe(escaped?.markdown ?? text)
    expect(mrkdwn(text)).toBe(escaped?.mrkdwn ?? text)
  })
})

describe('a link', () => {
  test.each([
    { url: page, target: page, rule: 'is kept' },
    {
      url: 'https://desk.example/a(b)c',
      target: 'https://desk.example/a%28b%29c',
      rule: 'ends no markdown',
    },
    {
      url: 'https://desk.example/a|b>c',
      target: 'https://desk.example/a%7Cb%3Ec',
      rule: 'ends no mrkdwn',
    },
    { url: 'javascript:alert(1)', target: null, rule: 'leads to http(s) alone' },
    { url: 'nonsense', target: null, rule: 'is a URL' },
    {
      url: `https://desk.example/${'x'.repeat(500)}`,
      target: null,
      rule: 'leaves room for the alert',
    },
  ])('$rule', ({ url, target }) => {
    expect(linkTarget(url)).toBe(target)
  })
})

describe('cutting', () => {
  const families = '👨‍👩‍👧‍👦'

  test.each([
    { text: 'abcdef', bytesMax: 6, cut: 'abcdef' },
    { text: 'abcdefg', bytesMax: 6, cut: 'abc…' },
    { text: '等待等待', bytesMax: 11, cut: '等待…' },
    { text: `ab${families}cd`, bytesMax: 10, cut: 'ab…' },
    { text: 'e\u0301e\u0301e\u0301', bytesMax: 8, cut: 'e\u0301…' },
    { text: `a${'\u0301'.repeat(500)}b`, bytesMax: 20, cut: '…' },
  ])('$text to $bytesMax bytes: $cut', ({ text, bytesMax, cut }) => {
    expect(cutTo(text, bytesMax, plain)).toBe(cut)
  })

  test('never falls into an escape', () => {
    for (let bytesMax = 3; bytesMax < 40; bytesMax += 1)
      expect(cutTo('<<<<<<<<<<', bytesMax, mrkdwn)).toMatch(/^(?:&lt;)*…?$/u)
  })
})

const limits = {
  wecom: 4_096,
  dingtalk: 20_000,
  feishu: 20_000,
  slack: 12_000,
  teams: 20_000,
} as const
const sizeOf: Readonly<Record<(typeof chats)[number], (body: string) => number>> = {
  wecom: (body) =>
    bytesOf((JSON.parse(body) as { markdown: { content: string } }).markdown.content),
  dingtalk: bytesOf,
  feishu: bytesOf,
  slack: (body) => body.length,
  teams: bytesOf,
}

describe.each(chats)(
  '%s: a message is within its limit, and every alert is shown or counted',
  (kind) => {
    const endpoint = endpointOf(kind, { language: 'both', secrets: ['a secret of a robot'] })
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 2_000, size: 'max' }),
      fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
      fc.constantFrom(...attacks),
    )
    const notice = fc
      .tuple(text, text, fc.boolean(), fc.nat(1_000_000))
      .map(([one, two, over, at]) => {
        const changes = {
          tenant: two,
          rule: two,
          subject: one,
          slice: one,
          text: { en: one, zh: two },
          acknowledgedBy: two,
          alertId: String(at),
        }
        return over ? endedOf('over', changes) : noticeOf(changes)
      })
    const decision = fc.constantFrom('granted', 'partly-granted', 'refused')
    const appeal = fc
      .tuple(text, text, fc.array(text, { maxLength: 8 }), decision)
      .map(([one, two, kpis, decided]) =>
        appealNoticeOf(
          { atMs: nowMs, by: one, decision: decided, note: two },
          { tenant: one, appealId: two, agentId: two, kpis, reason: one },
        ),
      )

    const bodyFor = (notices: readonly Notice[]): string =>
      channels[kind].request(endpoint, { id: 'msg_1', notices }, nowMs).body

    test('one alert, whatever its texts are', () => {
      fc.assert(
        fc.property(notice, (one) => {
          expect(sizeOf[kind](bodyFor([one]))).toBeLessThanOrEqual(limits[kind])
        }),
        { numRuns: 60, endOnFailure: true },
      )
    })

    test('one appeal, whatever its texts are', () => {
      fc.assert(
        fc.property(appeal, (one) => {
          expect(sizeOf[kind](bodyFor([one]))).toBeLessThanOrEqual(limits[kind])
        }),
        { numRuns: 60, endOnFailure: true },
      )
    })

    test('several, whatever their texts are', () => {
      fc.assert(
        fc.property(fc.array(notice, { minLength: 2, maxLength: 40, size: 'max' }), (notices) => {
          const body = bodyFor(notices)
          expect(sizeOf[kind](body)).toBeLessThanOrEqual(limits[kind])
          const shown = body.split(' — ').length - 1
          const hidden = Number(/and (\d+) more/u.exec(body)?.[1] ?? 0)
          expect(shown + hidden).toBe(notices.length)
          expect(shown).toBeGreaterThan(0)
        }),
        { numRuns: 40, endOnFailure: true },
      )
    })

    test('200 alerts: the gravest are shown, and the rest is counted with the page where it stands', () => {
      const notices = groupOf(channels[kind].noticesMax)
      const { body } = channels[kind].request(endpointOf(kind), { id: 'msg_1', notices }, nowMs)
      const shown = body.split(' — ').length - 1
      expect(body).toContain(`and ${notices.length - shown} more, see the alert page`)
      expect(body).toContain('https://desk.example/alerts?tenant=acme')
      expect(body).not.toContain('Info')
      expect(sizeOf[kind](body)).toBeLessThanOrEqual(limits[kind])
    })
  },
)
