import type { Socket } from 'node:net'
import type { ReceivedRequest } from './behaviours.ts'

const headEnd = '\r\n\r\n'

/** Reads one request with a content-length; `null` when the connection ends before it is whole. */
export function readRequest(socket: Socket): Promise<ReceivedRequest | null> {
  const { promise, resolve } = Promise.withResolvers<ReceivedRequest | null>()
  let bytes: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    const request = parse(bytes)
    if (request !== null) resolve(request)
  })
  socket.on('close', () => resolve(null))
  return promise
}

function parse(bytes: Buffer): ReceivedRequest | null {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return null
  const [line = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const [method = '', path = ''] = line.split(' ')
  const headers = Object.fromEntries(
    fields.map((field) => [
      field.slice(0, field.indexOf(':')).toLowerCase(),
      field.slice(field.indexOf(':') + 1).trim(),
    ]),
  )
  const body = bytes.subarray(end + headEnd.length)
  const length = Number(headers['content-length'] ?? 0)
  return body.length < length
    ? null
    : { method, path, headers, body: body.subarray(0, length).toString('utf8') }
}
