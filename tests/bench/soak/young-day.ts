/**
 * A time zone in which the day began less than an hour ago: a count of "today" goes on for 23 hours.
 * In the names of these zones, the sign is the other way round: Etc/GMT+5 is five hours behind UTC.
 */
export function zoneOfYoungDay(atMs: number): string {
  const hour = new Date(atMs).getUTCHours()
  if (hour === 0) return 'Etc/GMT'
  return hour <= 12 ? `Etc/GMT+${hour}` : `Etc/GMT-${24 - hour}`
}
