import type { Ledger } from '../partition/ledger.ts'
import { type AnnouncementTelling, tellAnnounced } from './announcements.ts'
import { openWork } from './work.ts'

/** Tells what waits of what was announced of a tenant, commit by commit. @throws PartitionLost */
export async function tellWaiting(
  ledger: Ledger,
  tenant: string,
  telling: AnnouncementTelling,
): Promise<void> {
  for (let waits = true; waits;) {
    waits = await ledger.change(async (reads) => {
      const work = await openWork(reads, [], [tenant])
      const { book, out } = tellAnnounced(tenant, work.book(tenant), telling, reads.nowMs)
      work.setBook(tenant, book)
      work.send(out)
      return { change: work.change(), result: book.announced.waiting.length > 0 }
    })
  }
}
