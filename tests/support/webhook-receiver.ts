import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { Webhook } from 'standardwebhooks'
import type { Certificate } from './certificate.ts'
import { until } from './until.ts'

/** The documented body of a webhook. */
export type ToldAlert = {
  readonly type: 'alert.firing' | 'alert.resolved' | 'alert.summary'
  readonly timestamp: string
  readonly data: {
    readonly alertId: string
    readonly tenant: string
    readonly rule: string
    readonly subject: string
    readonly contactId: string | null
    readonly slice: string
    /** Of a summary. */
    readonly count?: number
    readonly alertIds?: readonly string[]
    readonly retracted: boolean
    readonly since: string
    readonly startedAt: string
    readonly endedAt: string | null
    readonly value: number | null
    readonly text: { readonly en: string; readonly zh: string }
  }
}

export type Delivery = {
  readonly id: string
  readonly atMs: number
  readonly told: ToldAlert
  /** Of the request; empty: it had none. */
  readonly authorization: string
}

/** A supervisor's endpoint: takes webhooks, checks each signature, and keeps all of them. */
export type WebhookReceiver = {
  readonly url: string
  readonly secret: string
  deliveries(): readonly Delivery[]
  /** Those of one alert subject, in the order in which they came. */
  of(subject: string): readonly Delivery[]
  /** Requests whose signature or body was wrong. */
  refused(): readonly string[]
  until(
    state: string,
    wanted: (deliveries: readonly Delivery[]) => boolean,
    withinMs?: number,
  ): Promise<readonly Delivery[]>
  stop(): Promise<void>
}

/**
 * @param hold which requests get no answer (their delivery is kept): the sender does not learn that it came.
 * @param tls it speaks TLS, to clients alone whose certificate is of `ca`.
 */
export async function startWebhookReceiver(
  hold: (delivery: Delivery, before: number) => boolean = () => false,
  tls: (Certificate & { readonly ca: string }) | null = null,
): Promise<WebhookReceiver> {
  const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`
  const webhook = new Webhook(secret)
  const kept: Delivery[] = []
  const refused: string[] = []
  const take: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      try {
        const told = webhook.verify(body, request.headers as Record<string, string>) as ToldAlert
        const { 'webhook-id': id, authorization = '' } = request.headers
        const delivery = { id: String(id), atMs: Date.now(), told, authorization }
        kept.push(delivery)
        if (!hold(delivery, kept.length - 1)) response.writeHead(204).end()
      } catch (error) {
        refused.push(`${String(error)}: ${body.slice(0, 500)}`)
        response.writeHead(400).end()
      }
    })
  }
  const server =
    tls === null ? createServer(take) : createSecureServer({ ...tls, requestCert: true }, take)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${address.port}/hook`,
    secret,
    deliveries: () => kept,
    of: (subject) => kept.filter(({ told }) => told.data.subject === subject),
    refused: () => refused,
    until: (state, wanted, withinMs = 30_000) =>
      until(state, () => kept, wanted, { withinMs, everyMs: 10 }),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
