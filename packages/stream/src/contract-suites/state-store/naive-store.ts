import type { Change, CommitOutcome, Epoch, OutboxEntry } from '../../state-store.ts'
import { at, offset, text } from './fixture.ts'

/** One partition as plain maps: slow, obvious, and without any of the ways in which a real store can go wrong. Values are text. */
export function naiveStore() {
  const records = new Map<string, string>()
  const hashes = new Map<string, Map<string, string>>()
  const lists = new Map<string, Map<string, number>>()
  const wakes = new Map<string, number>()
  let out: OutboxEntry[] = []
  let owner: Epoch | undefined
  let position = { offset: offset(0), logTimeMs: at(0) }

  const byTimeThenName = ([a, atA]: [string, number], [b, atB]: [string, number]): number =>
    atA - atB || (a < b ? -1 : 1)

  return {
    acquire: (epoch: Epoch | undefined) => void (owner = epoch),
    trim: (count: number) => void (out = out.slice(count)),
    commit(change: Change): CommitOutcome {
      if (change.epoch !== owner) return { kind: 'fenced' }
      if (change.fromOffset !== position.offset) return { kind: 'behind', offset: position.offset }
      for (const { key, bytes } of change.puts)
        bytes === null ? records.delete(key) : records.set(key, text(bytes) ?? '')
      for (const { key, bytes } of change.appends)
        records.set(key, (records.get(key) ?? '') + text(bytes))
      for (const { key, field, bytes } of change.fields ?? []) {
        const fields = hashes.getOrInsertComputed(key, () => new Map())
        bytes === null ? fields.delete(field) : fields.set(field, text(bytes) ?? '')
      }
      for (const { key, member, score } of change.lists ?? []) {
        const members = lists.get(key) ?? new Map<string, number>()
        lists.set(key, members)
        score === null ? members.delete(member) : members.set(member, score)
      }
      for (const { subject, atMs } of change.wakes)
        atMs === null ? wakes.delete(subject) : wakes.set(subject, atMs)
      out = [...out, ...change.out]
      position = { offset: change.toOffset, logTimeMs: change.logTimeMs }
      return { kind: 'committed' }
    },
    state: () => ({ ...position, out }),
    value: (key: string): string | null => records.get(key) ?? null,
    list(key: string, members: number) {
      const there = [...(lists.get(key) ?? [])]
        .filter(([, score]) => score <= position.logTimeMs)
        .sort(byTimeThenName)
      return {
        count: there.length,
        first: there.slice(0, members).map(([member, score]) => ({ member, score })),
      }
    },
    recordsOf: (hash: string): ReadonlyMap<string, string> =>
      new Map(
        [...records]
          .filter(([key]) => key.startsWith(`${hash}#`))
          .map(([key, value]) => [key.slice(hash.length + 1), value]),
      ),
    hash: (key: string): ReadonlyMap<string, string> => hashes.get(key) ?? new Map(),
    dueWakes: (upToMs: number, limit: number) =>
      [...wakes]
        .filter(([, due]) => due <= upToMs)
        .sort(byTimeThenName)
        .slice(0, limit)
        .map(([subject, due]) => ({ subject, atMs: at(due) })),
  }
}
