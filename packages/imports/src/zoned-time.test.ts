import { expect, test } from 'vitest'
import { dateIn, timeIn } from './zoned-time.ts'

test.each([
  ['2026-03-02', '2026-03-02'],
  ['2026/3/2', '2026-03-02'],
  ['2026.03.02', '2026-03-02'],
  ['2024-02-29', '2024-02-29'],
  ['2026-02-29', null],
  ['2026-13-01', null],
  ['2026-3/2', null],
  ['02.03.2026', null],
  ['2026-03-02 09:00', null],
  ['', null],
])('the date %j is %j', (text, date) => expect(dateIn(text)).toBe(date))

const shanghai = 'Asia/Shanghai'

test.each([
  {
    rule: 'an offset says where',
    text: '2026-03-02T09:00:00+08:00',
    ...{ zone: null, time: '2026-03-02T01:00:00.000Z' },
  },
  {
    rule: 'an offset wins over the zone',
    ...{ text: '2026-03-02 09:00Z', zone: shanghai, time: '2026-03-02T09:00:00.000Z' },
  },
  {
    rule: 'a zone says where there is no offset',
    ...{ text: '2026/3/2 9:00', zone: shanghai, time: '2026-03-02T01:00:00.000Z' },
  },
  {
    rule: 'seconds and parts of them may be there',
    ...{ text: '2026-03-02 09:00:05.25', zone: shanghai, time: '2026-03-02T01:00:05.000Z' },
  },
  {
    rule: 'a date alone is its beginning',
    ...{ text: '2026-03-02', zone: shanghai, time: '2026-03-01T16:00:00.000Z' },
  },
])('$rule: $text', ({ text, zone, time }) => {
  expect(timeIn(text, zone)).toMatchObject({ time, local: expect.stringMatching(/^2026-03-02T/) })
})

test.each([
  {
    text: '2026-03-02 09:00',
    says: 'an offset, as 2026-03-02T09:00:00+08:00, or a time zone of the file',
  },
  { text: '2026-03-02 24:00', zone: shanghai, says: 'a time of the day, 00:00 to 23:59' },
  { text: '2026-03-02T09:60:00Z', says: 'a time of the day, 00:00 to 23:59' },
  { text: '9:00', says: 'a time such as' },
  { text: '2026-02-30 09:00', says: 'a time such as' },
  {
    text: '2026-03-29 02:30',
    zone: 'Europe/Rome',
    says: 'not there, or there twice, in Europe/Rome',
  },
  {
    text: '2026-10-25 02:30',
    zone: 'Europe/Rome',
    says: 'not there, or there twice, in Europe/Rome',
  },
])('$text is no instant: $says', ({ text, zone = null, says }) => {
  expect(timeIn(text, zone)).toMatchObject({ expected: { en: expect.stringContaining(says) } })
})
