import { exitCodes, type ExitCode, usageFailure } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { tenantName } from '../../command-line/values.ts'
import { newOf, newOptions } from '../../keys/asked.ts'
import { placeOptions, placeUsage, withKeys } from '../../keys/place.ts'
import { writeCreated } from '../../keys/words.ts'
import type { Command, Context } from '../command.ts'

const spec: CommandSpec = {
  name: 'boards create',
  summary: 'Make a link that opens the wallboard of a tenant and may do nothing else.',
  usage: `deskpulse boards create --name N --tenant T ${placeUsage} [options]`,
  positionals: [],
  options: {
    name: newOptions.name,
    tenant: { value: 'T', help: 'Tenant whose wallboard it opens. Required.' },
    lang: { value: 'en|zh', help: 'Language of the page. Default: that of the browser.' },
    expires: newOptions.expires,
    ...placeOptions,
    json: { help: 'The link in a JSON object, with all that is known of it.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse boards create --name lobby --tenant acme --lang zh --url http://127.0.0.1:8080',
  ],
}

export const createCommand: Command = { spec, run: create }

async function create(typed: Typed, context: Context): Promise<ExitCode> {
  const tenant = tenantName(typed.text('tenant'))
  const body = { ...newOf(typed), ...langOf(typed.text('lang')) }
  const created = await withKeys(typed, context, (keys) => keys.createBoard(tenant, body), {
    isNew: true,
  })
  const isJson = typed.switched('json')
  writeCreated(context.terminal, created, { isJson, secret: created.link, noun: 'board' })
  return exitCodes.ok
}

function langOf(lang: string | undefined): { readonly lang?: 'en' | 'zh' } {
  if (lang === undefined) return {}
  if (lang === 'en' || lang === 'zh') return { lang }
  throw usageFailure(`--lang must be en or zh, not ${JSON.stringify(lang)}`)
}
