import type { CommandSpec } from './spec.ts'

const widthMax = 100

export function generalHelp(commands: readonly CommandSpec[]): string {
  const rows = commands.map(({ name, summary }): [string, string] => [name, summary])
  return [
    'Real-time contact-center metrics: tools.',
    '',
    'Usage: deskpulse COMMAND [options]',
    '',
    'Commands:',
    ...table(rows),
    '',
    'Options:',
    ...table([
      ['--help, -h', 'This text; after a command, its options.'],
      ['--version', 'The version.'],
    ]),
    '',
  ].join('\n')
}

/** Of commands that begin with the same word. */
export function groupHelp(word: string, commands: readonly CommandSpec[]): string {
  return [
    `Usage: deskpulse ${word} COMMAND [options]`,
    '',
    'Commands:',
    ...table(commands.map(({ name, summary }): [string, string] => [name, summary])),
    '',
    `deskpulse ${word} COMMAND --help shows the options of one.`,
    '',
  ].join('\n')
}

export function commandHelp(spec: CommandSpec): string {
  const rows = Object.entries(spec.options).map(([name, option]): [string, string] => {
    const short = option.short === undefined ? '' : `, -${option.short}`
    return [`--${name}${short}${option.value === undefined ? '' : ` ${option.value}`}`, option.help]
  })
  return [
    spec.summary,
    '',
    `Usage: ${spec.usage}`,
    '',
    'Options:',
    ...table(rows),
    '',
    'Examples:',
    ...spec.examples.map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4
  return rows.flatMap(([name, text]) => {
    const lines = wrapped(text, widthMax - left)
    return lines.map(
      (line, index) => (index === 0 ? `  ${name}`.padEnd(left) : ' '.repeat(left)) + line,
    )
  })
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
