import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedStateStore, type StateStore } from '@deskpulse/stream'
import { onTestFinished } from 'vitest'

/** An empty store of this test. */
export async function openEmbedded(nowMs?: () => number): Promise<StateStore> {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-alerter-'))
  const store = await embeddedStateStore({
    file: join(folder, 'alerts.sqlite'),
    ...(nowMs && { nowMs }),
  })
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  return store
}
