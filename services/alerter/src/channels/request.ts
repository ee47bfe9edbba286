import { createHmac } from 'node:crypto'
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

export function hmacSha256Base64(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64')
}
