/**
 * What stands around every page, before there is a bank and after? The headers that keep other sites out ([PRIV-31]),
 * the style sheet and script, and the door that is shut to forms of other websites.
 */

import type { Context, Env, Hono } from 'hono'
import { compress } from 'hono/compress'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import { ASSETS } from './assets.ts'

const YEAR_SECONDS = 365 * 86_400

/** Puts them before whatever is mounted afterwards. A form of another site is thrown as csrf() throws it. */
export function shell<E extends Env>(app: Hono<E>): void {
  app.use(securityHeaders())
  mountAssets(app)
  app.use(csrf({ origin: fromThisHost }))
}

/** Compressed where the browser can take it. A page is not: its length would tell of what it keeps to itself. */
function mountAssets<E extends Env>(app: Hono<E>): void {
  app.use('/assets/*', compress())
  for (const [path, { type, body, lasting }] of ASSETS) {
    const kept = lasting ? `public, max-age=${YEAR_SECONDS}, immutable` : 'public, max-age=86400'
    app.get(path, (c) => c.body(body, 200, { 'content-type': type, 'cache-control': kept }))
  }
}

/** A form comes from our own pages when its origin names the host that was asked, whatever ends TLS before us. */
function fromThisHost(origin: string, c: Context): boolean {
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host')
}

function securityHeaders() {
  const own = ["'self'"]
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: own,
      scriptSrc: own,
      imgSrc: ["'self'", 'data:'],
      connectSrc: own,
      manifestSrc: own,
      formAction: own,
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    // Said by whoever ends TLS before this program, who knows whether it always will.
    strictTransportSecurity: false,
    permissionsPolicy: { camera: ['self'], microphone: [], geolocation: [] },
  })
}
