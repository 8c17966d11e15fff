/** Which program listens on a port? Linux tells whoever may look into that program; elsewhere nobody is asked. */

import { readdir, readFile, readlink } from 'node:fs/promises'

export interface PortHolder {
  readonly pid: number
  readonly name: string
}

/** proc(5): state 0A of /proc/net/tcp is a socket that listens; its inode stands in the tenth column. */
const LISTENS = '0A'
const AT = { address: 1, state: 3, inode: 9 } as const

/** Null when it cannot be seen. */
export async function portHolder(port: number): Promise<PortHolder | null> {
  try {
    const inodes = await inodesOf(port)
    if (inodes.size === 0) return null
    for (const entry of await readdir('/proc')) {
      if (!/^\d+$/.test(entry) || !(await holdsOne(entry, inodes))) continue
      const name = (await readFile(`/proc/${entry}/comm`, 'utf8')).trim()
      return { pid: Number(entry), name }
    }
  } catch {
    // No Linux, or a program that ended meanwhile: who it was cannot be told.
  }
  return null
}

async function inodesOf(port: number): Promise<ReadonlySet<string>> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const found = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '')
    for (const line of text.split('\n').slice(1)) {
      const cells = line.trim().split(/\s+/)
      const listens = cells[AT.state] === LISTENS && cells[AT.address]?.endsWith(`:${wanted}`)
      if (listens && cells[AT.inode] !== undefined) found.add(cells[AT.inode] as string)
    }
  }
  return found
}

async function holdsOne(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
  for (const file of files) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined && inodes.has(inode)) return true
  }
  return false
}
