/**
 * Headers of what is sent again. `customers`, of an HTTP request or of a record of the raw topic: the customers are pseudonyms of this installation, as in events that the folds
 * had refused; without it they would be hidden again, and be other customers. `tenant`, of a record of the raw topic: the tenant that it was sent to, as the address says it over
 * HTTP.
 */
export const resending = {
  customers: 'deskpulse-customers',
  arePseudonyms: 'pseudonyms',
  tenant: 'deskpulse-tenant',
} as const
