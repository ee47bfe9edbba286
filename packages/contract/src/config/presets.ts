import * as z from 'zod'
import douyin from '../../presets/douyin.json' with { type: 'json' }
import gov12345 from '../../presets/gov12345.json' with { type: 'json' }
import jd from '../../presets/jd.json' with { type: 'json' }
import pdd from '../../presets/pdd.json' with { type: 'json' }
import taobao from '../../presets/taobao.json' with { type: 'json' }

/** Where a rule was published, and when; when it was read there. `null`: nowhere that was found, or without a date: the note says what it rests on. */
const source = z.strictObject({
  url: z.url().nullable(),
  published: z.iso.date().nullable(),
  read: z.iso.date(),
  note: z.string().min(1),
})

/** What a platform judges its merchants by, from a date on. `date`: of the publication, else of the day on which it was read. */
const version = z.strictObject({
  date: z.iso.date(),
  /** What is counted: replies, sessions, customers or calls. */
  unit: z.enum(['rounds', 'sessions', 'customers', 'calls']),
  /** KPIs that are the platform's. */
  kpis: z.array(z.string()).min(1),
  /** Over how many days it judges; `null`: by the day. */
  trailingDays: z.union([z.literal(7), z.literal(30)]).nullable(),
  /** Keys of a tenant, as in the file. */
  settings: z.record(z.string(), z.unknown()),
  /** Of each of these, and of each key of the settings. */
  sources: z.record(z.string(), source),
})

const preset = z.strictObject({
  name: z.string(),
  title: z.strictObject({ en: z.string(), zh: z.string() }),
  /** In the order of their dates. */
  versions: z.array(version).min(1),
})

export type Preset = z.output<typeof preset>
export type PresetVersion = Preset['versions'][number]

/** The rules of platforms that a tenant may choose by a name, in the order of the documentation. */
export const presets: readonly Preset[] = z.array(preset).parse([taobao, jd, pdd, douyin, gov12345])

export const presetNames: readonly string[] = presets.map(({ name }) => name)

/** A name, for the latest version; or a name and the date of a version. */
export const presetChoice = z.union([
  z.string().min(1).max(128),
  z.strictObject({ name: z.string().min(1).max(128), date: z.string().max(10) }),
])
export type PresetChoice = z.output<typeof presetChoice>

/** A version of a preset, and whose it is. */
export type ChosenPreset = PresetVersion & Pick<Preset, 'name' | 'title'>

/** What a tenant chose; `null`: there is no such preset, or no version of that date. */
export function chosenPreset(choice: PresetChoice): ChosenPreset | null {
  const { name, date } = typeof choice === 'string' ? { name: choice, date: null } : choice
  const found = presets.find((one) => one.name === name)
  const its =
    date === null ? found?.versions.at(-1) : found?.versions.find((one) => one.date === date)
  return found === undefined || its === undefined ? null : { ...its, name, title: found.title }
}

/** Dates of the versions of a preset; none: it is not known. */
export const presetDates = (name: string): readonly string[] =>
  presets.find((one) => one.name === name)?.versions.map(({ date }) => date) ?? []
