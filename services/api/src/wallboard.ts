import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Desk } from './desk.ts'

const folder = new URL('../wallboard/', import.meta.url)
const types: Readonly<Record<string, string>> = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }

/** Nothing but the page's own files, and no inline code or style. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

function protect(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache')
}

type Asset = { readonly name: string; readonly type: string; readonly bytes: Buffer; readonly etag: string }

async function readAssets(): Promise<readonly Asset[]> {
  const names = (await readdir(folder)).filter((name) => Object.hasOwn(types, name.split('.').at(-1) ?? ''))
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(new URL(name, folder))
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
      return { name, type: `${types[name.split('.').at(-1) ?? '']}; charset=utf-8`, bytes, etag }
    }),
  )
}

/**
 * `/`: the page; its files under `/wallboard/`, and the tenants that it can show.
 * @param alertsPage where the page of the alerts is; `null`: not known.
 */
export async function wallboardRoutes(app: FastifyInstance, desk: Desk, alertsPage: string | null): Promise<void> {
  for (const { name, type, bytes, etag } of await readAssets()) {
    app.get(name === 'index.html' ? '/' : `/wallboard/${name}`, (request, reply) => {
      protect(reply).header('etag', etag)
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(bytes)
    })
  }
  app.get('/wallboard/tenants.json', async (_request, reply) => protect(reply).send({ tenants: await desk.tenants(), alertsPage }))
}
