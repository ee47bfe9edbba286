/** Of a page that was asked for over HTTPS: a browser takes it from this host alone, and sends it to no other. */
export const sessionCookie = '__Host-deskpulse'
/** Of a page over HTTP, where browsers take no cookie of that name. */
export const plainSessionCookie = 'deskpulse'
