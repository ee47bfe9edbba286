import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import kafkajs from 'kafkajs'
import { decodeLz4 } from './lz4.ts'
import { decodeSnappy } from './snappy.ts'

/** What a compressed batch may grow to: past it the batch is refused rather than the memory taken. */
export const decodedBytesMax = 64 * 1024 * 1024

type Codec = {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(bytes: Buffer): Promise<Buffer>
}

/** KafkaJS brings gzip alone. Other producers' zstd, snappy and lz4 are read; zstd is also written. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd
  CompressionCodecs[CompressionTypes.Snappy] = () =>
    readOnly('snappy', (bytes) => decodeSnappy(bytes, decodedBytesMax))
  CompressionCodecs[CompressionTypes.LZ4] = () =>
    readOnly('lz4', (bytes) => decodeLz4(bytes, decodedBytesMax))
}

const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } } as const

const zstd: Codec = {
  compress: async ({ buffer }) => zstdCompressSync(buffer, fastest),
  decompress: async (bytes) => zstdDecompressSync(bytes, { maxOutputLength: decodedBytesMax }),
}

function readOnly(name: string, decode: (bytes: Buffer) => Buffer): Codec {
  return {
    compress: async () => {
      throw new Error(`${name} is read, not written: append with gzip, zstd or none`)
    },
    decompress: async (bytes) => decode(bytes),
  }
}
