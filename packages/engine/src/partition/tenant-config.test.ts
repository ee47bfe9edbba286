import { defaultTenantConfig } from '@deskpulse/core/config'
import { DeskpulseError } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { Tenant } from './tenant.ts'

test('a stored configuration with a key that only a later version knows stops the fold, and says what to do', () => {
  const versions = [
    { id: 'a', takenMs: 0, fromMs: 0, config: { ...defaultTenantConfig, later: 1 } },
  ]
  const stored = Buffer.from(JSON.stringify(versions))
  const refusal = expect.objectContaining({
    code: 'STORE_FOLD_VERSION',
    message: expect.stringMatching(/tenant acme.*later.*deskpulse rebuild/) as string,
  })
  expect(() => new Tenant('acme', [stored])).toThrow(DeskpulseError)
  expect(() => new Tenant('acme', [stored])).toThrow(refusal as Error)
})
