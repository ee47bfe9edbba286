// A connector: takes the webhooks of a help desk and sends Deskpulse what they mean. docs/howto/connector.md explains it.
// DESKPULSE=http://127.0.0.1:8080 TENANT=acme PORT=8090 node help-desk.ts
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

const { DESKPULSE = 'http://127.0.0.1:8080', TENANT = 'acme', PORT = '8090' } = process.env

/** What this help desk posts. `delivery` names the telling, and is no part of what an event is known by: an export tells the same again. */
type Webhook = {
  readonly delivery: string
  readonly event: string
  readonly at: string
  readonly ticket: {
    readonly id: number
    readonly requester: number
    readonly group: string
    readonly assignee: string | null
  }
  readonly comment?: {
    readonly id: number
    readonly author: 'requester' | 'agent'
    readonly public: boolean
  }
}

/** What an event says, and its identity: of what happened, however often and in whatever way it is told. */
type Meaning = readonly [type: string, id: string, data: object]

/** The events that a webhook means; none: it means nothing to Deskpulse. */
function meaningOf({ event, at, ticket, comment }: Webhook): readonly Meaning[] {
  const contactId = String(ticket.id)
  const agentId = ticket.assignee ?? undefined
  const opened = {
    ...{ contactId, customerId: String(ticket.requester) },
    ...{ channel: 'ticket', queue: ticket.group },
  }
  const messages: readonly Meaning[] =
    comment === undefined
      ? []
      : [['message.sent', `comment/${comment.id}`, messageOf(contactId, agentId, comment)]]
  switch (event) {
    case 'ticket.created':
      return [['contact.opened', `ticket/${contactId}/created`, opened], ...messages]
    case 'comment.added':
      return messages
    case 'ticket.assigned':
      return [
        [
          'contact.assigned',
          `ticket/${contactId}/assigned/${at}`,
          { contactId, agentId, queue: ticket.group },
        ],
      ]
    case 'ticket.solved':
      return [['contact.resolved', `ticket/${contactId}/solved/${at}`, { contactId }]]
    case 'ticket.reopened':
      return [
        ['contact.reopened', `ticket/${contactId}/reopened/${at}`, { contactId, by: 'customer' }],
      ]
    default:
      return []
  }
}

function messageOf(
  contactId: string,
  agentId: string | undefined,
  { id, author, public: isPublic }: NonNullable<Webhook['comment']>,
): object {
  return {
    contactId,
    from: author === 'agent' ? 'agent' : 'customer',
    visibility: isPublic ? 'public' : 'private',
    agentId: author === 'agent' ? agentId : undefined,
    messageId: String(id),
  }
}

/** The same webhook gives the same events: their ids come from what it tells, their time is when that happened. */
function translate(webhook: Webhook): readonly object[] {
  return meaningOf(webhook).map(([type, id, data]) => ({
    specversion: '1.0',
    id,
    source: '/help-desk',
    type: `deskpulse.${type}.v1`,
    time: webhook.at,
    tenant: TENANT,
    data,
  }))
}

/** What the help desk is to be answered: 2xx it is done with the webhook, 503 it posts it again later. */
async function send(events: readonly object[]): Promise<number> {
  if (events.length === 0) return 204
  const response = await fetch(`${DESKPULSE}/v1/tenants/${TENANT}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(events),
  })
  const answer: unknown = await response.json()
  const { refused = 0 } = answer as { readonly refused?: number }
  if (response.status === 202 && refused === 0) return 204
  console.error(response.status, JSON.stringify(answer)) // What was refused, with `path` and `expected`; or not taken, with `code`.
  return response.status === 202 || response.status === 422 ? 204 : 503
}

const server = createServer((request, response) => {
  json(request)
    .then((webhook) => send(translate(webhook as Webhook)))
    .catch((error: unknown) => {
      console.error(error) // Deskpulse is away, or the webhook is another one than is described above.
      return 503
    })
    .then((status) => response.writeHead(status).end())
    .catch(console.error)
})
server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') console.log(`webhooks to http://127.0.0.1:${address?.port}/`)
})
