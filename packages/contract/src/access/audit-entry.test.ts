import { describe, expect, test } from 'vitest'
import {
  auditBytesMax,
  type AuditEntry,
  decodeAuditEntry,
  encodeAuditEntry,
} from './audit-entry.ts'
import { keyText, newKey } from './key-text.ts'

const entry: AuditEntry = {
  ...{ id: 'e-1', who: { id: '0123456789ab', name: 'Li' } },
  from: { address: '10.0.0.7', userAgent: 'curl/8' },
  ...{ tenant: 'acme', action: 'silence.create', object: 's-1' },
  ...{ before: null, after: { comment: 'moving desks' } },
}
const again = (changes: Partial<AuditEntry>): AuditEntry | null =>
  decodeAuditEntry(encodeAuditEntry({ ...entry, ...changes }))

describe('an entry of the audit', () => {
  test('is read as it was written', () => {
    expect(again({})).toEqual(entry)
    const quiet = { tenant: null, from: { address: null, userAgent: null } }
    expect(again(quiet)).toEqual({ ...entry, ...quiet })
  })

  test('that knows of nothing before and after has null', () => {
    expect(again({ before: undefined, after: undefined })).toMatchObject({
      ...{ before: null, after: null },
    })
  })

  test('holds as much as it may, and of more the size and the hash', () => {
    const most = 'x'.repeat(auditBytesMax - 2)
    expect(again({ before: most })?.before).toBe(most)
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string
    expect(again({ after: `${most}x` })?.after).toEqual({ bytes: auditBytesMax + 1, sha256 })
    expect(again({ after: `${most}y` })?.after).not.toEqual(again({ after: `${most}x` })?.after)
  })

  test('holds no secret of a key that was written into it', () => {
    const key = newKey('acme')
    const bytes = encodeAuditEntry({ ...entry, after: { comment: `use ${keyText(key)}` } })
    const text = Buffer.from(bytes).toString()
    expect(text).not.toContain(key.secret)
    expect(text).toContain(key.id)
  })

  test.each(['no JSON', '{}', JSON.stringify({ ...entry, action: 'cat.feed' })])(
    'is not read from %s',
    (text) => expect(decodeAuditEntry(Buffer.from(text))).toBeNull(),
  )
})
