import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { toAnyone } from './access/route-access.ts'

export type PageOptions = {
  /** Holds `index.html` and everything that it names, but for what pages share. */
  readonly folder: URL
  /** Address of the page, such as `/`; its other files are below `files`, such as `/wallboard/`. */
  readonly page: string
  readonly files: string
  /** Folders of libraries that run in it, served beside its own files. */
  readonly libraries?: readonly URL[]
  /** Who may show it in a frame: the same site, or nobody. */
  readonly framedBy: 'self' | 'none'
}

/** A page, and the headers of the page for what it asks of its server. */
export type Page = { protect(reply: FastifyReply): FastifyReply }

/** What every page has beside its own files: style, language, icon, and how it shows elements and figures. */
const shared = new URL('../../page/', import.meta.url)

const served = /\.(?:html|css|js|svg)$/

/** A page of static files: nothing but its own files may run in it, and no inline code or style. All its files are one route. */
export async function servePage(
  app: FastifyInstance,
  { folder, page, files, libraries = [], framedBy }: PageOptions,
): Promise<Page> {
  const headers = headersOf(framedBy)
  await app.register(async (scope) => {
    // There is nothing of any tenant in a page's files.
    scope.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, access: toAnyone }
    })
    await scope.register(fastifyStatic, {
      root: [folder, shared, ...libraries].map((one) => fileURLToPath(one)),
      prefix: files,
      cacheControl: false,
      index: false,
      allowedPath: (path) => served.test(path),
      setHeaders: (reply) => void reply.headers(headers),
    })
    scope.get(page, (_request, reply) => reply.sendFile('index.html'))
  })
  return { protect: (reply) => reply.headers(headers) }
}

function headersOf(framedBy: PageOptions['framedBy']): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors '${framedBy}'`,
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  }
}
