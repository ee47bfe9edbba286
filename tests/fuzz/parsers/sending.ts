import { BlockList, isIP } from 'node:net'
import { endpointKinds } from '@deskpulse/contract'
import { channels } from '../../../services/alerter/src/channels/index.ts'
import { guardOf } from '../../../services/alerter/src/sending/guard.ts'
import { targetOf } from '../../../services/alerter/src/sending/target.ts'
import { allowedForms, refusedForms } from '../../../services/alerter/src/testing/address-corpus.ts'
import { mutatedText } from '../mutation.ts'
import { type Parser, parserOf, refused, taken } from '../parser.ts'
import { nowMs } from './events.ts'

/** Another opinion than the guard's own, of another author. */
const inside = new BlockList()
const ranges4 = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16']
const more4 = ['172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/4', '240.0.0.0/4']
for (const range of [...ranges4, ...more4]) {
  const [address = '', prefix] = range.split('/')
  inside.addSubnet(address, Number(prefix), 'ipv4')
}
for (const [address, prefix] of [
  ['::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(address, prefix, 'ipv6')

const strict = guardOf(false)
const forms = [...Object.values(refusedForms).flat(), ...allowedForms].map(([url]) => url)

const target = parserOf({
  name: 'the address of an endpoint',
  share: 15,
  make: mutatedText(forms),
  read(text) {
    const { ok, ...found } = targetOf(text, strict)
    if (!ok || !('target' in found)) return refused('refused')
    const { host, url } = found.target
    const version = isIP(host)
    if (version !== 0 && inside.check(host, version === 4 ? 'ipv4' : 'ipv6'))
      throw new Error(`${host} is inside`)
    if (url.username !== '' || url.password !== '' || /(?:^|\.)localhost$/.test(host))
      throw new Error('it leads inside')
    return taken(null)
  },
  codes: ['refused'],
})

const bodies = mutatedText(['{"errcode":0,"errmsg":"ok"}', '{"code":9499,"msg":"slow down"}', 'ok'])
const waits = mutatedText(['120', 'Mon, 02 Mar 2026 01:02:30 GMT', '2147483648'])

const answer = parserOf({
  name: 'the answer of an endpoint',
  make: (random) => ({
    kind: random.pick(endpointKinds),
    status: random.pick([200, 204, 301, 400, 410, 429, 500, 599]),
    headers: {
      ...(random.chance(0.5) ? { 'retry-after': waits(random) } : {}),
      location: bodies(random),
    },
    body: bodies(random),
  }),
  read({ kind, ...said }) {
    const verdict = channels[kind].judge(said, nowMs)
    const afterMs = verdict.kind === 'refused' ? (verdict.afterMs ?? 0) : 0
    if (!(afterMs >= 0)) throw new Error(`to be tried again in ${afterMs} ms`)
    return verdict.kind === 'refused' ? refused(verdict.reason) : taken(null)
  },
  codes: ['redirect', 'rate-limited', 'status', 'code', 'strange-answer'],
})

export const sendingParsers: readonly Parser[] = [target, answer]
