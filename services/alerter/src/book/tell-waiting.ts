import type { Ledger } from '../partition/ledger.ts'
import { type IssuedTelling, tellIssued } from './issued.ts'
import { openWork } from './work.ts'

/** Tells what waits of a tenant's closed periods, commit by commit. @throws PartitionLost */
export async function tellWaiting(
  ledger: Ledger,
  tenant: string,
  telling: IssuedTelling,
): Promise<void> {
  for (let waits = true; waits;) {
    waits = await ledger.change(async (reads) => {
      const work = await openWork(reads, [], [tenant])
      const { book, out } = tellIssued(tenant, work.book(tenant), telling, reads.nowMs)
      work.setBook(tenant, book)
      work.send(out)
      return { change: work.change(), result: book.issued.waiting.length > 0 }
    })
  }
}
