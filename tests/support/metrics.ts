/** One scrape of `/metrics`. */
export type Scrape = {
  /** The sum of a metric's series that have these labels; 0 when there is none. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number
}

const line = /^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/

export async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(5_000) })
  if (!response.ok) throw new Error(`${url}/metrics answers ${response.status}`)
  const series = (await response.text()).split('\n').flatMap((text) => {
    const { name, labels = '', value } = line.exec(text)?.groups ?? {}
    return name === undefined ? [] : [{ name, labels: `,${labels},`, value: Number(value) }]
  })
  return {
    sum(name, labels = {}) {
      const wanted = Object.entries(labels).map(([label, value]) => `,${label}="${value}",`)
      return series
        .filter((one) => one.name === name && wanted.every((part) => one.labels.includes(part)))
        .reduce((total, { value }) => total + value, 0)
    },
  }
}
