import { measures } from '@deskpulse/core/kpis'
import type { CommitNotice, FeedBreak, StateStore } from '@deskpulse/stream'
import { expect, test, vi } from 'vitest'
import { openApi } from './testing/server.ts'

/** As the feed of aggregators of another version is to this one. */
function unreadable(store: StateStore): StateStore {
  async function* follow(
    ...args: Parameters<StateStore['follow']>
  ): AsyncGenerator<CommitNotice | FeedBreak> {
    for await (const _notice of store.follow(...args)) yield 'unreadable'
  }
  return { ...store, follow }
}

test('where commits of another version tell what they changed in a form of their own, values are right all the same, and the log says so once', async () => {
  const { floor, json, reads, warnings } = await openApi({ wrap: unreadable })
  const opened = async (): Promise<unknown> =>
    (await json('/v1/tenants/acme/kpis/live?slice=all&window=5m&kpis=contacts_opened')).rows[0]
      ?.kpis['contacts_opened']?.value
  for (const [before, count] of [0, 1, 2, 3].entries()) {
    if (count > 0) floor.count(measures.contactOpened, ['all'])
    await floor.commit()
    await vi.waitUntil(async () => (await opened()) === count)
    expect(reads()).toBeGreaterThan(before)
  }
  expect(warnings).toEqual([[expect.stringContaining('in a form that this version does not know')]])
})
