import { erasureBody, erasureSchema } from '@deskpulse/contract'
import { json, type Operation, toTenant } from '@deskpulse/runtime'

export const eraseCustomer: Operation = {
  id: 'eraseCustomer',
  tag: { name: 'personal data', description: 'What leads to a customer.' },
  summary:
    'Erases a customer: answers no longer name them, and dead letters that do are removed. Values stay as they are. Again changes nothing more.',
  access: toTenant('admin'),
  changes: 'customer.erase',
  body: { required: true, content: { 'application/json': { schema: erasureBody } } },
  answers: { 200: json(erasureSchema, 'The customer is erased; of a dry run: would be') },
  problems: [
    ...(['bad-request', 'not-json', 'unsupported-media-type', 'too-large'] as const),
    ...(['unknown-tenant', 'too-many-tenants', 'limit-reached'] as const),
    ...(['log-unavailable', 'log-full', 'busy', 'stopping'] as const),
  ],
}
