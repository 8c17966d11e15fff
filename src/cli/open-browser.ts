/** How does a page open in the browser of whoever started the program? By the command that each system has for it. */

import { spawn } from 'node:child_process'

type Environment = Readonly<Record<string, string | undefined>>

/** The program and arguments that open an address; null where nobody looks at a screen. */
export function openerFor(
  url: string,
  platform: string,
  env: Environment,
): readonly [program: string, ...args: readonly string[]] | null {
  if (platform === 'darwin') return ['open', url]
  // `start` takes its first quoted word for a title.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""', url]
  const hasScreen = env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined
  return hasScreen ? ['xdg-open', url] : null
}

/** Tries, and says nothing when there is no such program: the address stands on the screen as well. */
export function openBrowser(url: string, platform: string, env: Environment): void {
  const opener = openerFor(url, platform, env)
  if (opener === null) return
  const [program, ...args] = opener
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
