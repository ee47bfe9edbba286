import { expect, test } from 'vitest'
import { readSheet } from './sheet.ts'

async function read(text: string) {
  const sheet = await readSheet(Buffer.from(text))
  if ('reason' in sheet) throw new Error(sheet.reason)
  return sheet
}

test.each([
  { what: 'commas', text: 'a,b\n1,2\n' },
  { what: 'semicolons', text: 'a;b\n1;2' },
  { what: 'tabs', text: 'a\tb\n1\t2\n' },
  { what: 'a byte order mark', text: '\uFEFFa,b\n1,2\n' },
  { what: 'CRLF', text: 'a,b\r\n1,2\r\n' },
  { what: 'CR', text: 'a,b\r1,2\r' },
  { what: 'quotes', text: '"a","b"\n"1",2\n' },
  { what: 'blanks around', text: 'a, b \n 1 ,2\n' },
])('cells are the same with $what', async ({ text }) => {
  expect(await read(text)).toEqual({
    header: { line: 1, cells: ['a', 'b'] },
    rows: [{ line: 2, cells: ['1', '2'] }],
  })
})

test('another separator, a quote and a line break may stand in quotes', async () => {
  expect((await read('a;b\n1,5;"x;""y""\r\nz"\n')).rows).toEqual([
    { line: 2, cells: ['1,5', 'x;"y"\nz'] },
  ])
})

test('a row has the line on which it begins; what is blank is none', async () => {
  const { rows } = await read('a,b\r\n\r\n1,"x\r\ny"\r\n,\r\n2,3\r\n')
  expect(rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
    [3, '1'],
    [6, '2'],
  ])
})

test.each([
  { what: 'nothing in it', bytes: Buffer.from(''), says: 'is empty: it has no header', line: 1 },
  {
    what: 'bytes of GBK',
    bytes: Buffer.from([0xd7, 0xf8, 0xcf, 0xaf]),
    says: 'is not UTF-8',
    line: 1,
  },
  {
    what: 'an open quote',
    bytes: Buffer.from('a,b\n1,"2'),
    says: 'is no CSV: Quote Not Closed',
    line: 2,
  },
  {
    what: 'a quote within a cell',
    bytes: Buffer.from('a,b\n1,2"3'),
    says: 'is no CSV: Invalid Opening Quote: a quote is found on field 1 at line 2',
    line: 2,
  },
])(
  'a file with $what is unreadable, and why is said with its line',
  async ({ bytes, says, line }) => {
    expect(await readSheet(bytes)).toMatchObject({ line, reason: expect.stringContaining(says) })
  },
)
