// What the page says when there is nothing to show: what to do.
import { byId, setText } from './render.js'

/** @param {string} address */
const command = (
  address,
) => `curl ${address}/v1/tenants/acme/events -H 'content-type: application/json' -d '{
  "specversion": "1.0", "id": "1", "source": "/first", "type": "deskpulse.message.sent.v1",
  "time": "'$(date -u +%Y-%m-%dT%H:%M:%SZ)'", "tenant": "acme",
  "data": { "contactId": "c-1", "from": "customer" }
}'`

/** @param {string} name */
function link(name) {
  const [item, anchor] = [document.createElement('li'), document.createElement('a')]
  anchor.href = `?tenant=${encodeURIComponent(name)}`
  anchor.textContent = name
  item.append(anchor)
  return item
}

/** @param {import('./texts.js').Texts} t @param {string | null} unknown the tenant that is not there; `null`: there is none at all @param {readonly string[]} tenants */
export function showWelcome(t, unknown, tenants) {
  const isFirst = unknown === null || tenants.length === 0
  setText(byId('welcome-title'), unknown === null ? t.noTenantTitle : t.unknownTenantTitle(unknown))
  setText(byId('welcome-text'), isFirst ? t.noTenantText : t.unknownTenantText)
  byId('welcome-code').hidden = !isFirst
  setText(byId('welcome-code'), isFirst ? command(location.origin) : '')
  const list = byId('welcome-tenants')
  if (list.children.length !== tenants.length) list.replaceChildren(...tenants.map(link))
}
