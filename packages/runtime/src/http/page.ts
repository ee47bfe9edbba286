import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'

export type PageOptions = {
  /** Holds `index.html` and everything that it names. */
  readonly folder: URL
  /** Address of the page, such as `/`; its other files are below `files`, such as `/wallboard/`. */
  readonly page: string
  readonly files: string
  /** Who may show it in a frame: the same site, or nobody. */
  readonly framedBy: 'self' | 'none'
}

export type Page = {
  /** The headers of the page, for what it asks of its server. */
  protect(reply: FastifyReply): FastifyReply
}

const types: Readonly<Record<string, string>> = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }

type Asset = { readonly name: string; readonly type: string; readonly bytes: Buffer; readonly etag: string }

/** A page of static files, read once: nothing but its own files may run in it, and no inline code or style. */
export async function servePage(app: FastifyInstance, { folder, page, files, framedBy }: PageOptions): Promise<Page> {
  const policy = policyOf(framedBy)
  const protect = (reply: FastifyReply): FastifyReply =>
    reply
      .header('content-security-policy', policy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-cache')

  for (const { name, type, bytes, etag } of await readAssets(folder)) {
    app.get(name === 'index.html' ? page : `${files}${name}`, (request, reply) => {
      protect(reply).header('etag', etag)
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(bytes)
    })
  }
  return { protect }
}

function policyOf(framedBy: PageOptions['framedBy']): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors '${framedBy}'`,
  ].join('; ')
}

async function readAssets(folder: URL): Promise<readonly Asset[]> {
  const found = await readdir(folder, { recursive: true })
  const names = found.map((name) => name.replaceAll('\\', '/')).filter((name) => Object.hasOwn(types, extensionOf(name)))
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(new URL(name, folder))
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
      return { name, type: `${types[extensionOf(name)]}; charset=utf-8`, bytes, etag }
    }),
  )
}

const extensionOf = (name: string): string => name.split('.').at(-1) ?? ''
