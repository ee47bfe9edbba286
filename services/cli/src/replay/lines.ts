import { CommandFailure } from '../command-line/failure.ts'

export const lineLengthMax = 16 * 1024 * 1024

/**
 * Lines of UTF-8 bytes, split at LF alone (a CR before it goes too): JSON may hold U+2028, at which `node:readline` would cut. Blank lines
 * are left out; the last line needs no LF.
 * @throws CommandFailure for a line past `lineLengthMax`, so that memory stays bounded.
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  let lineNumber = 0
  for await (const chunk of bytes) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      lineNumber++
      if (part.trim() !== '') yield part.replace(/\r$/, '')
    }
    if (rest.length > lineLengthMax)
      throw new CommandFailure(`line ${lineNumber + 1} is longer than ${lineLengthMax} characters`)
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield rest.replace(/\r$/, '')
}
