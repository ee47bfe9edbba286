import type { Spread } from '../measuring/stats.ts'
import { countText, numberText } from './format.ts'

/** One curve: a median with whiskers at each place of the axis. */
export type Panel = {
  readonly title: string
  readonly points: readonly { readonly at: number; readonly spread: Spread }[]
  /** Shown behind the curve, with what it says. */
  readonly band: { readonly from: number; readonly to: number; readonly text: string } | null
}

export type Plot = {
  readonly title: string
  readonly subtitle: string
  /** What grows, of every panel. */
  readonly axis: string
  readonly panels: readonly Panel[]
  /** Below: version, date, load. */
  readonly notes: readonly string[]
}

const size = { panelWidth: 430, height: 410, top: 96, bottom: 290, left: 70, right: 405 } as const
const ink = {
  paper: '#ffffff',
  text: '#1f2328',
  faint: '#59636e',
  grid: '#d8dee4',
  line: '#0969da',
  band: '#dafbe1',
} as const

/** A picture that stands alone: white paper of its own, so that it is readable on dark pages, too. The horizontal axis is logarithmic. */
export function plotSvg({ title, subtitle, axis, panels, notes }: Plot): string {
  const width = size.panelWidth * panels.length
  const drawn = panels.map(
    (panel, place) =>
      `<g transform="translate(${place * size.panelWidth} 0)">${panelSvg(panel, axis)}</g>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${size.height}" viewBox="0 0 ${width} ${size.height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escaped(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${size.height - 1}" rx="6" fill="${ink.paper}" stroke="${ink.grid}"/>
${text(16, 28, title, 'font-size="17" font-weight="600"')}
${text(16, 48, subtitle, '', ink.faint)}
${drawn.join('\n')}
${notes.map((note, line) => text(16, size.height - 14 - 16 * (notes.length - 1 - line), note, 'font-size="10"', ink.faint)).join('\n')}
</svg>
`
}

function panelSvg({ title, points, band }: Panel, axis: string): string {
  const { top, bottom, left, right } = size
  const { ticks, most } = ticksUpTo(
    Math.max(band?.to ?? 0, ...points.map(({ spread }) => spread.max)) * 1.08,
  )
  const logs = points.map(({ at }) => Math.log(at))
  const [least, span] = [Math.min(...logs), Math.max(...logs) - Math.min(...logs)]
  const x = (at: number): number =>
    round(left + 18 + (right - left - 36) * (span === 0 ? 0.5 : (Math.log(at) - least) / span))
  const y = (value: number): number => round(bottom - ((bottom - top) * value) / most)
  const line = (x1: number, y1: number, x2: number, y2: number, colour: string): string =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="1.5"/>`

  const shaded =
    band === null
      ? ''
      : `<rect x="${left}" y="${y(band.to)}" width="${right - left}" height="${round(y(band.from) - y(band.to))}" fill="${ink.band}"/>${text(right - 4, bottom - 8, band.text, 'font-size="11" text-anchor="end"', ink.faint)}`
  const grid = ticks.map(
    (tick) =>
      line(left, y(tick), right, y(tick), ink.grid) +
      text(left - 8, y(tick) + 4, countText(tick), 'text-anchor="end"', ink.faint),
  )
  const curve = `<polyline fill="none" stroke="${ink.line}" stroke-width="2" points="${points.map(({ at, spread }) => `${x(at)},${y(spread.median)}`).join(' ')}"/>`
  const marks = points.map(({ at, spread: { median, min, max } }) => {
    const [place, low, high] = [x(at), y(min), y(max)]
    const whiskers =
      line(place, low, place, high, ink.line) +
      [low, high].map((end) => line(place - 5, end, place + 5, end, ink.line)).join('')
    const told = `<title>${countText(at)}: ${numberText(median)} (${numberText(min)}–${numberText(max)})</title>`
    const dot = `<circle cx="${place}" cy="${y(median)}" r="4" fill="${ink.line}">${told}</circle>`
    const labels =
      text(place, high - 7, numberText(median), 'text-anchor="middle"') +
      text(place, bottom + 18, countText(at), 'font-size="11" text-anchor="middle"')
    return whiskers + dot + labels
  })
  const titles =
    text(left, top - 14, title, 'font-weight="600"') +
    text((left + right) / 2, bottom + 38, `${axis} (log scale)`, 'text-anchor="middle"')
  return [
    shaded,
    ...grid,
    line(left, bottom, right, bottom, ink.text),
    curve,
    ...marks,
    titles,
  ].join('\n')
}

/** Round numbers from 0 to past `value`, some four of them. */
function ticksUpTo(value: number): { readonly ticks: readonly number[]; readonly most: number } {
  const rough = Math.max(value, Number.MIN_VALUE) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!
  const count = Math.ceil(value / step)
  return { ticks: Array.from({ length: count + 1 }, (_, tick) => tick * step), most: count * step }
}

const round = (value: number): number => Math.round(value * 10) / 10

function text(
  x: number,
  y: number,
  content: string,
  attributes: string,
  colour: string = ink.text,
): string {
  return `<text x="${x}" y="${y}" fill="${colour}" ${attributes}>${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
