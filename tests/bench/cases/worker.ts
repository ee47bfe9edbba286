// One case, or a point of a curve, in a process of its own: each 'run' message is answered with a sample; it ends when its parent lets go of it.
import { openerOf } from './catalogue.ts'
import { measure } from './measure.ts'

const [name = '', events = ''] = process.argv.slice(2)
const open = openerOf(name)
if (open === null) throw new Error(`no such case: ${name}`)

const benchCase = await open(Number(events))
process.on('message', () => void measure(benchCase).then((sample) => process.send?.(sample)))
process.on(
  'disconnect',
  () => void Promise.resolve(benchCase.close?.()).then(() => process.exit(0)),
)
process.send?.('ready')
