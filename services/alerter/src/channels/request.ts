import { createHmac } from 'node:crypto'
import type { EndpointConfig } from '@deskpulse/contract'
import type { OutRequest } from './channel.ts'

export const userAgent = 'Deskpulse-Alerter/1'

export function jsonRequest(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): OutRequest {
  return {
    url,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': userAgent,
      ...headers,
    },
    body,
  }
}

/** A request to a program that knows its senders: by the endpoint's token, by its certificate. */
export function knownRequest(
  { token, tls }: EndpointConfig,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): OutRequest {
  const known = token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` }
  return { ...jsonRequest(url, body, known), ...(tls !== undefined && { tls }) }
}

export function hmacSha256Base64(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64')
}
