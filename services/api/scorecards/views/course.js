// The totals of twelve periods: a chart to look at, and a table with the same numbers.
import { points } from '../amounts.js'
import { h } from '../dom.js'
import { periodName, shortPeriodName } from '../periods.js'
import uPlot from '../uPlot.esm.js'

/** @typedef {import('../source.js').AgentScore} AgentScore */

/** @param {import('./app.js').App} app @param {AgentScore} agent */
export function courseTable({ setting: { t, language } }, { course }) {
  const head = course.map(({ label }) =>
    h(
      'th',
      { scope: 'col', title: periodName(label, t, language) },
      shortPeriodName(label, language),
    ),
  )
  const totals = course.map(({ total }) => h('td', {}, points(total)))
  return h(
    'div',
    { class: 'course', key: 'course' },
    h(
      'table',
      {},
      h('caption', { class: 'unseen' }, t.course),
      h('thead', {}, h('tr', {}, h('th', { scope: 'row' }, t.period), ...head)),
      h('tbody', {}, h('tr', {}, h('th', { scope: 'row' }, t.total), ...totals)),
    ),
  )
}

/** Of two inks that are read on the dark page and on white paper alike: what is printed is what was drawn. */
const ink = { line: '#18a06f', axis: '#7b8a97', grid: '#7b8a9740' }

/** `of`: what it was drawn of, as text. @type {{ plot: uPlot, into: Element, of: string } | null} */
let drawn = null

/** Draws the course where the card has its place, or takes it away with the card. @param {AgentScore | null} agent @param {string} language */
export function drawCourse(agent, language) {
  const into = document.getElementById('course-chart')
  if (agent === null || into === null) {
    drawn?.plot.destroy()
    drawn = null
    return
  }
  const { course, card } = agent
  const of = JSON.stringify([course, card.bands, language])
  if (drawn?.into === into && drawn.of === of) return
  drawn?.plot.destroy()
  const labels = course.map(({ label }) => shortPeriodName(label, language))
  const plot = new uPlot(
    optionsOf(labels, card.bands, into.clientWidth),
    [course.map((_, place) => place), course.map(({ total }) => total)],
    into,
  )
  drawn = { plot, into, of }
}

/** As wide as the page lets it be. */
export function resizeCourse() {
  if (drawn !== null) drawn.plot.setSize({ width: drawn.into.clientWidth, height })
}

const height = 190

const labelWidth = 56

/** Where not every period has room for its name, every second one has, or third: the last one always. @param {number} place @param {number} count @param {number} width */
const isNamed = (place, count, width) =>
  (count - 1 - place) % Math.ceil((count * labelWidth) / width) === 0

/** Totals from 0 to 100, with a line where each band begins. @param {readonly string[]} labels @param {import('../source.js').Card['bands']} bands @param {number} width @returns {uPlot.Options} */
function optionsOf(labels, bands, width) {
  const axis = { stroke: ink.axis, font: '12px system-ui', ticks: { show: false } }
  const begins = bands.map(({ from }) => from).filter((from) => from > 0)
  return {
    ...{ width, height, legend: { show: false }, cursor: { show: false } },
    scales: {
      x: { time: false, range: [-0.5, labels.length - 0.5] },
      y: { range: [0, 100] },
    },
    series: [
      {},
      {
        ...{ stroke: ink.line, width: 2.5, spanGaps: true },
        points: { show: true, size: 8, fill: ink.line, stroke: ink.line },
      },
    ],
    axes: [
      {
        ...axis,
        grid: { show: false },
        splits: () => labels.map((_, place) => place),
        values: ({ width }, places) =>
          places.map((place) =>
            isNamed(place, labels.length, width) ? (labels[place] ?? '') : '',
          ),
      },
      {
        ...axis,
        size: 36,
        grid: { stroke: ink.grid, width: 1 },
        splits: () => [0, ...begins.toReversed(), 100],
      },
    ],
  }
}
