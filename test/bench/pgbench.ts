/**
 * What does PostgreSQL do on this machine? Starts a server of its own in a temporary folder, runs pgbench TPC-B with
 * synchronous_commit on, and ends it. Null where PostgreSQL is not installed.
 */

import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SECONDS = 15

/** Transactions a second, or null with a printed reason. */
export async function pgbench(): Promise<number | null> {
  const bin = serverFolder()
  if (bin === null) {
    console.error('PostgreSQL is not installed here; the comparison is left out')
    return null
  }
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-pg-'))
  // The server refuses to run as root; Debian's package brings a user for it.
  const as = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if ('uid' in as) await chown(folder, as.uid as number, as.gid as number)
  const options = { ...as, env: { ...process.env, LC_ALL: 'C' } }
  const data = join(folder, 'data')
  const tool = (name: string, ...args: string[]) => run(join(bin, name), args, options)
  try {
    await tool('initdb', '-D', data, '-U', 'bench', '--auth=trust')
    await tool(
      'pg_ctl',
      '-D',
      data,
      '-w',
      '-l',
      join(folder, 'log'),
      '-o',
      `-k ${folder} -c listen_addresses= -c fsync=on -c synchronous_commit=on`,
      'start',
    )
    await tool('pgbench', '-h', folder, '-U', 'bench', '-i', '-q', '-s', '20', 'postgres')
    const { stdout } = await tool(
      'pgbench',
      '-h',
      folder,
      '-U',
      'bench',
      '-c',
      '4',
      '-j',
      '2',
      '-T',
      String(SECONDS),
      'postgres',
    )
    return Number(/tps = ([0-9.]+)/.exec(stdout)?.[1])
  } catch (error) {
    console.error(`pgbench could not run: ${(error as Error).message}`)
    return null
  } finally {
    await tool('pg_ctl', '-D', data, '-m', 'fast', 'stop').catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}

function serverFolder(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : []
  for (const version of versions)
    if (existsSync(join(debian, version, 'bin', 'pgbench'))) return join(debian, version, 'bin')
  return null
}
