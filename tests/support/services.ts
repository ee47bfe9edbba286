import { scrape, type Scrape } from './metrics.ts'
import { startProcess, type Ended, type StartOptions, type TestProcess } from './processes.ts'
import { until, type Patience } from './until.ts'

export type Readiness = {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, boolean>>
  readonly reasons: Readonly<Record<string, string>>
}

/** A service at an address that it keeps over restarts. */
export type Service = {
  /** `http://127.0.0.1:port`, or https. */
  readonly url: string
  /** The process of now. */
  process(): TestProcess
  /** Starts it, also again after its end, and returns when it is ready. @throws Error with its output when it ends before. */
  start(patience?: Patience): Promise<void>
  /** `null`: it was never started. */
  end(signal: NodeJS.Signals): Promise<Ended | null>
  readiness(): Promise<Readiness>
  scrape(): Promise<Scrape>
}

export type ServiceOptions = StartOptions & {
  readonly main: string
  readonly port: number
  /** It has `http.tls`, with a certificate that this process trusts. */
  readonly secure?: boolean
}

/** The service is not running yet. */
export function service({ main, port, secure = false, ...options }: ServiceOptions): Service {
  const url = `${secure ? 'https' : 'http'}://127.0.0.1:${port}`
  let running: TestProcess | null = null

  function processOf(): TestProcess {
    if (running === null) throw new Error(`${main} was not started`)
    return running
  }

  async function readiness(): Promise<Readiness> {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })
    return (await response.json()) as Readiness
  }

  return {
    url,
    process: processOf,
    readiness,
    scrape: () => scrape(url),
    end: (signal) => running?.end(signal) ?? Promise.resolve(null),
    async start(patience) {
      const started = startProcess(main, options)
      running = started
      const ready = async (): Promise<boolean> => started.hasEnded() || (await readiness()).ready
      await until(`${main} is ready`, ready, Boolean, patience)
      if (started.hasEnded())
        throw new Error(`${main} ended before it was ready:\n${started.out()}\n${started.err()}`)
    },
  }
}
