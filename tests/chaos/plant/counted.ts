import type { Kept } from './kept.ts'

/** What the folding processes have counted so far, each since its start; those that do not answer count nothing. */
export async function countedBy(folding: readonly Kept[]): Promise<string> {
  const scrapes = await Promise.allSettled(folding.map(({ service }) => service.scrape()))
  return scrapes
    .map((one) =>
      one.status === 'fulfilled' ? one.value.sum('deskpulse_entries_folded_total') : '',
    )
    .join()
}
