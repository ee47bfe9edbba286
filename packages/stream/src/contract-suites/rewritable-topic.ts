import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogRecord, NewRecord, Offset } from '../event-log.ts'
import type { RewritableTopic, Rewriting } from '../rewritable-topic.ts'

/** An empty topic; `again` opens the same one a second time, as another process does. */
export type OpenedTopic = { readonly topic: RewritableTopic; again(): Promise<RewritableTopic> }

const first = 0 as Offset
const record = (text: string, headers: Readonly<Record<string, string>> = {}): NewRecord => ({
  key: null,
  value: Buffer.from(text),
  headers,
})
const textOf = ({ value }: LogRecord): string => Buffer.from(value ?? []).toString()

/** What every RewritableTopic must keep. `runs`: of the property, which takes a topic for each. */
export function rewritableTopicContract(
  open: () => Promise<OpenedTopic>,
  { runs = 20 }: { readonly runs?: number } = {},
): void {
  const closing: RewritableTopic[] = []
  let topic: RewritableTopic
  let other: RewritableTopic

  async function begin(): Promise<void> {
    const opened = await open()
    topic = opened.topic
    other = await opened.again()
    closing.push(topic, other)
  }

  async function end(): Promise<void> {
    await Promise.all(closing.splice(0).map((one) => one.close()))
  }

  beforeEach(begin)
  afterEach(end)

  async function all(): Promise<readonly LogRecord[]> {
    const records: LogRecord[] = []
    for (let next = first; ;) {
      const page = await other.read(next, 3)
      if (page.length === 0) return records
      records.push(...page)
      next = (Number(page.at(-1)!.offset) + 1) as Offset
    }
  }

  test('what one process appends the other reads, with its headers, in order', async () => {
    const before = Date.now()
    await topic.append([record('a', { format: 'x' }), record('b')])
    await other.append([record('c')])
    await topic.append([record('d')])
    const records = await all()
    expect(records.map(textOf)).toEqual(['a', 'b', 'c', 'd'])
    expect(records.map(({ headers }) => headers)).toEqual([{ format: 'x' }, {}, {}, {}])
    expect(new Set(records.map(({ offset }) => offset)).size).toBe(4)
    for (const { appendedAtMs } of records)
      expect(Math.abs(appendedAtMs - before)).toBeLessThan(60_000)
  })

  test('rewritten, it has what stays and what took a place, each once, and nothing of what went', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('keep', 'remove', 'change'), { maxLength: 12 }),
        async (fates) => {
          await end()
          await begin()
          await topic.append(fates.map((fate, n) => record(`${n}`, { fate })))
          const decide = (one: LogRecord): Rewriting => {
            const fate = one.headers['fate']
            if (fate === 'change') return record(`changed ${textOf(one)}`)
            return fate === 'remove' ? 'remove' : 'keep'
          }
          await other.rewrite(decide)
          const expected = fates.flatMap((fate, n) =>
            fate === 'remove' ? [] : [fate === 'change' ? `changed ${n}` : `${n}`],
          )
          expect((await all()).map(textOf).toSorted()).toEqual(expected.toSorted())
        },
      ),
      { numRuns: runs },
    )
  })

  test('what is appended while it is rewritten stays, undecided', async () => {
    await topic.append([record('old'), record('going')])
    const decided = new Set<string>()
    const appending: Promise<void>[] = []
    await other.rewrite((one) => {
      if (appending.length === 0) appending.push(topic.append([record('new')]))
      decided.add(textOf(one))
      return textOf(one) === 'going' ? 'remove' : 'keep'
    })
    await Promise.all(appending)
    expect([...decided]).toEqual(['old', 'going'])
    expect((await all()).map(textOf).toSorted()).toEqual(['new', 'old'])
  })

  test('large records survive it whole', async () => {
    const large = Buffer.alloc(1_200_000, 'x')
    await topic.append([record('going')])
    for (let n = 0; n < 3; n += 1) await topic.append([{ key: null, value: large }])
    await other.rewrite((one) => (textOf(one) === 'going' ? 'remove' : 'keep'))
    const records = await all()
    expect(records.map(({ value }) => large.equals(value!))).toEqual([true, true, true])
  })
}
