/**
 * Which network do banks at home live in? Namespaces of this machine: an internet of point-to-point links, banks that stand
 * in it, and banks behind a router that gives its house one address and lets nothing in that was not asked for.
 */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { hasProgram } from '../../bin/starter/programs.js'

const execute = promisify(execFile)
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`

async function ip(...args: readonly string[]): Promise<string> {
  return (await execute('ip', [...args], { env: { PATH } })).stdout
}

/** Why there can be no routers here, or null. */
export async function hindrance(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can make networks'
  if (!hasProgram('nft') || !hasProgram('ip')) return 'type: sudo apt-get install -y nftables iproute2'
  const name = `chtry${process.pid}`
  try {
    await ip('netns', 'add', name)
    await inside(name, 'nft', 'add', 'table', 'ip', 'nat')
    return null
  } catch (error) {
    return `this machine makes no networks: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    await ip('netns', 'del', name).catch(() => undefined)
  }
}

async function inside(space: string, program: string, ...args: readonly string[]): Promise<void> {
  await execute('ip', ['netns', 'exec', space, program, ...args], { env: { PATH } })
}

/** One namespace in which a bank lives. */
export interface Place {
  readonly space: string
  /** The address that the internet sees, of the bank itself or of its router. */
  readonly address: string
}

/** An internet of its own; `close` takes it away. Addresses are public ones, for no packet leaves this machine. */
export class Internet {
  readonly #spaces: string[] = []
  readonly #mark = `ch${process.pid}`
  #links = 0

  static async open(): Promise<Internet> {
    const internet = new Internet()
    await internet.#add('net')
    await inside(internet.#name('net'), 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
    return internet
  }

  /** A bank that stands in the internet. */
  async public(): Promise<Place> {
    const n = ++this.#links
    const space = await this.#add(`p${n}`)
    await this.#wire('net', `p${n}`, `9.9.${n}`)
    return { space, address: `9.9.${n}.2` }
  }

  /** A bank in a house, behind a router. */
  async home(): Promise<Place> {
    const n = ++this.#links
    const [router, space] = [await this.#add(`r${n}`), await this.#add(`h${n}`)]
    await this.#wire('net', `r${n}`, `9.9.${n}`)
    await this.#wire(`r${n}`, `h${n}`, `192.168.${n}`)
    await inside(router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
    await inside(router, 'nft', 'add', 'table', 'ip', 'house')
    await inside(router, 'nft', 'add chain ip house out { type nat hook postrouting priority 100; }')
    await inside(router, 'nft', `add rule ip house out oifname ${this.#device('net', `r${n}`)} masquerade`)
    await inside(router, 'nft', 'add chain ip house pass { type filter hook forward priority 0; }')
    await inside(
      router,
      'nft',
      `add rule ip house pass iifname ${this.#device('net', `r${n}`)} ct state new drop`,
    )
    return { space, address: `9.9.${n}.2` }
  }

  async close(): Promise<void> {
    for (const space of this.#spaces) await ip('netns', 'del', space).catch(() => undefined)
  }

  #name(short: string): string {
    return `${this.#mark}${short}`
  }

  /** The end of the wire in the second place. */
  #device(from: string, to: string): string {
    return `${from}-${to}`
  }

  async #add(short: string): Promise<string> {
    const space = this.#name(short)
    await ip('netns', 'add', space)
    this.#spaces.push(space)
    await inside(space, 'ip', 'link', 'set', 'lo', 'up')
    return space
  }

  /** A wire between two places; the first has .1, the second .2 and its way out over it. */
  async #wire(from: string, to: string, prefix: string): Promise<void> {
    const [a, b] = [this.#name(from), this.#name(to)]
    const [near, far] = [`${to}-${from}`, this.#device(from, to)]
    await ip('link', 'add', near, 'netns', a, 'type', 'veth', 'peer', 'name', far, 'netns', b)
    for (const [space, device, host] of [
      [a, near, 1],
      [b, far, 2],
    ] as const) {
      await inside(space, 'ip', 'addr', 'add', `${prefix}.${host}/24`, 'dev', device)
      await inside(space, 'ip', 'link', 'set', device, 'up')
    }
    await inside(b, 'ip', 'route', 'add', 'default', 'via', `${prefix}.1`)
  }
}
