/** Who is counted in a chaos run, and in which zone: offsets of whole hours, of quarters, west, with and without summer time. */
export const zones: Readonly<Record<string, string>> = {
  acme: 'UTC',
  '0': 'Asia/Kathmandu',
  'north-west': 'America/St_Johns',
  roma: 'Europe/Rome',
  [`long-${'x'.repeat(58)}`]: 'Asia/Shanghai',
  closing: 'Australia/Lord_Howe',
}

/** Whose periods are closed while it lasts: its rows may wait to be issued again, so that they are compared with the clean pass alone. */
export const isClosing = (tenant: string): boolean => tenant === 'closing'

export const tenants: readonly string[] = Object.keys(zones)

const topic = ['refund', 'login', 'delivery']

/** Their part of the configuration. */
export const tenantSettings: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries(zones).map(([tenant, timeZone]) => [
    tenant,
    {
      timeZone,
      customersArePseudonyms: true,
      ...(!isClosing(tenant) && { closing: { grace: '36500d' } }),
      slices: { dimensions: ['queue', 'agent', 'channel', 'class', 'topic'], values: { topic } },
    },
  ]),
)
