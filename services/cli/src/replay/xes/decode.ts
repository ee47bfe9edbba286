import { CommandFailure } from '../../command-line/failure.ts'

/** Text of an XML document in the encoding that its declaration names (UTF-8 without one). */
export async function* xmlText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null
  for await (const chunk of bytes) {
    decoder ??= decoderFor(chunk)
    yield decoder.decode(chunk, { stream: true })
  }
  if (decoder !== null) yield decoder.decode()
}

function decoderFor(firstChunk: Uint8Array): TextDecoder {
  const start = Buffer.from(firstChunk.subarray(0, 200)).toString('latin1')
  const encoding = /^[^<]*<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/.exec(start)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(encoding)
  } catch (cause) {
    throw new CommandFailure(`the XML encoding ${encoding} is not known`, { cause })
  }
}
