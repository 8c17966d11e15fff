import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { allPrivate, entryKey, everything, privateKey } from '../../src/store/keyspace.ts'
import { type LevelStore, openLevelStore } from '../../src/store/level-store.ts'
import { storeConformance } from '../conformance/store.ts'
import { batchOf, lastBatch, rowsKept } from './batches.ts'

storeConformance('the store on disk', async () => {
  const place = await mkdtemp(join(tmpdir(), 'commonhour-store-'))
  return {
    open: () => openLevelStore({ folder: place }),
    remove: () => rm(place, { recursive: true, force: true }),
  }
})

const LINUX = process.platform === 'linux'
const ROOT = process.getuid?.() === 0

let folder: string
const opened: LevelStore[] = []
const children: ChildProcess[] = []
const mounts: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonhour-store-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child)
  for (const store of opened.splice(0)) await store.close()
  for (const mount of mounts.splice(0)) execFileSync('umount', [mount])
  await rm(folder, { recursive: true, force: true })
})

async function open(at = folder): Promise<LevelStore> {
  const store = await openLevelStore({ folder: at })
  opened.push(store)
  return store
}

async function faultOf(act: Promise<unknown>): Promise<Fault> {
  const thrown = await act.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Fault)
  return thrown as Fault
}

/** Starts a second process; its lines are collected, and `heard` waits until one fits. */
function start(verb: 'hold' | 'write', at = folder) {
  const flags = process.features.typescript ? [] : ['--experimental-strip-types', '--no-warnings']
  const script = join(import.meta.dirname, 'child.ts')
  const child = spawn(process.execPath, [...flags, script, verb, at], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const lines: string[] = []
  const output = createInterface({ input: child.stdout })
  const ended = once(output, 'close')
  output.on('line', (line) => lines.push(line))
  async function heard(fits: (line: string) => boolean): Promise<string> {
    for (;;) {
      const line = lines.find(fits)
      if (line !== undefined) return line
      const [event] = await Promise.race([once(output, 'line'), ended.then(() => [null])])
      if (event === null && !lines.some(fits))
        throw new Error(`the other process ended after: ${lines.join(' | ')}`)
    }
  }
  return { child, lines, heard, ended }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Mounts an empty disk of its own, or answers with the reason why it cannot. */
function mountDisk(at: string, options: string): string | null {
  if (!LINUX || !ROOT) return 'mounting a disk takes root on Linux'
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=700,${options}`, 'tmpfs', at], { stdio: 'pipe' })
    mounts.push(at)
    return null
  } catch (error) {
    return `this machine does not let root mount a disk: ${String(error)}`
  }
}

const one = Uint8Array.of(1)

describe('a data folder', () => {
  test('is made for its owner alone, and holds database, lock and mark', async () => {
    const store = await open(join(folder, 'new', 'bank'))
    expect((await stat(join(folder, 'new', 'bank'))).mode & 0o777).toBe(0o700)
    expect((await readdir(join(folder, 'new', 'bank'))).sort()).toEqual(['db', 'lock'])
    expect(await readFile(join(folder, 'new', 'bank', 'lock'), 'utf8')).toContain(`pid ${process.pid}\n`)
    await store.close()
    expect((await readdir(join(folder, 'new', 'bank'))).sort()).toEqual(['clean', 'db'])
  })

  test('in use by a second process is refused with its pid; it is free again when that one is killed', async () => {
    const other = start('hold')
    await other.heard((line) => line === 'open')
    const fault = await faultOf(open())
    expect(fault).toMatchObject({ code: 'folder_in_use', fatal: false })
    expect(fault.message).toContain(`process ${other.child.pid}`)
    expect(fault.message).toContain(`kill ${other.child.pid}`)
    await kill(other.child)
    const store = await open()
    expect(await readFile(join(folder, 'lock'), 'utf8')).toContain(`pid ${process.pid}\n`)
    await store.append([{ put: one, value: one }])
  })

  test('held here is refused to a second process, and given over after a close', async () => {
    const store = await open()
    const refused = start('hold')
    expect(await refused.heard((line) => line.startsWith('fault'))).toContain(
      `folder_in_use: The data folder`,
    )
    await store.append([{ put: one, value: one }]) // The refusal did not disturb the holder.
    await store.close()
    const other = start('hold')
    await other.heard((line) => line === 'open')
    other.child.stdin.end()
    await other.heard((line) => line === 'closed')
    expect((await open()).get(one)).toEqual(one)
  })

  test('is never opened twice in one process, by any of its names, at once or later', async () => {
    const tries = await Promise.allSettled([
      open(),
      open(join(folder, '.', '')),
      open(join(folder, 'x', '..')),
    ])
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await faultOf(open())).toMatchObject({ code: 'folder_in_use' })
    const refused = start('hold') // The kernel's lock still keeps others out.
    await unlink(join(folder, 'lock'))
    expect(await refused.heard((line) => line !== '')).toContain('folder_in_use')
  })

  test.each([
    ['of a pid that is gone', 'pid 4194999\nhost HERE\nsince \n'],
    ['of a process before a restart of the machine', 'pid SELF\nhost HERE\nsince other-kernel/1\n'],
    ['of an earlier process that had our pid', 'pid SELF\nhost HERE\nsince \n'],
    ['cut short by a crash', 'pid 1'],
    ['without a byte', ''],
  ])('takes over a stale lock %s', async (_, text) => {
    const lock = text.replace('HERE', hostname()).replace('SELF', String(process.pid))
    await writeFile(join(folder, 'lock'), lock)
    await open()
    expect((await readdir(folder)).sort()).toEqual(['db', 'lock'])
    expect(await readFile(join(folder, 'lock'), 'utf8')).toContain(`pid ${process.pid}\n`)
  })

  test('locked on another host is refused with what to do', async () => {
    await writeFile(join(folder, 'lock'), 'pid 12\nhost attic\nsince other-kernel/1\n')
    const fault = await faultOf(open())
    expect(fault.code).toBe('folder_in_use')
    expect(fault.message).toContain('process 12 on attic')
    expect(fault.message).toContain(`remove the file ${join(folder, 'lock')}`)
    await unlink(join(folder, 'lock'))
    await open()
  })

  test.runIf(process.platform !== 'win32').each([0o755, 0o710, 0o701, 0o770])(
    'that others can enter (mode %o) is refused with the command that helps',
    async (mode) => {
      await chmod(folder, mode)
      const fault = await faultOf(open())
      expect(fault.code).toBe('folder_unsafe')
      expect(fault.message).toContain(`chmod 700 ${folder}`)
      expect(await readdir(folder)).toEqual([])
      await chmod(folder, 0o700)
      await open()
    },
  )

  // Permissions do not stop root, so a place is taken that stops everybody: the kernel makes no folders in /sys.
  test.runIf(LINUX)('that cannot be made is refused as read-only', async () => {
    const fault = await faultOf(open('/sys/commonhour'))
    expect(fault).toMatchObject({ code: 'folder_read_only', fatal: false })
    expect(fault.message).toContain('/sys/commonhour')
  })

  test.runIf(LINUX)('in a place that knows no folders is told as a fault, and the asking ends', async () => {
    expect(await faultOf(open('/proc/commonhour/bank'))).toMatchObject({ code: 'store_failed' })
  })

  test('on a read-only disk is refused as read-only', async (context) => {
    if (ROOT || !LINUX) {
      const reason = mountDisk(folder, 'size=8m')
      if (reason !== null) return context.skip(reason)
      await (await open()).close()
      execFileSync('mount', ['-o', 'remount,ro', folder])
    } else {
      await chmod(folder, 0o500)
    }
    const fault = await faultOf(open())
    expect(fault.code).toBe('folder_read_only')
    expect(fault.message).toContain('Make it writable')
  })

  test('whose place is taken by a file is refused with a sentence', async () => {
    await writeFile(join(folder, 'file'), '')
    for (const place of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      expect(await faultOf(open(place))).toMatchObject({ code: 'folder_not_set_up' })
    }
  })
})

describe('a crash', () => {
  test('[CRASH-2][CRASH-4][TEST-8] ten kills at random moments: nothing acknowledged is lost, no batch is torn', async () => {
    for (let round = 0; round < 10; round++) {
      const writer = start('write')
      const until = 1 + Math.floor(Math.random() * 150)
      const first = Number(await writer.heard((line) => line !== 'open'))
      await writer.heard((line) => Number(line) >= first + until)
      await kill(writer.child)
      await writer.ended
      const acknowledged = Number(writer.lines.at(-1))
      expect(acknowledged).toBeGreaterThanOrEqual(first + until)
      const store = await openLevelStore({ folder })
      const last = lastBatch(store)
      const told = `round ${round}, acknowledged ${acknowledged}, last ${last}`
      expect(last - acknowledged, told).toBeGreaterThanOrEqual(0)
      expect(last - acknowledged, told).toBeLessThanOrEqual(1)
      for (let n = 1; n <= last; n++) expect(rowsKept(store, n), `${told}, batch ${n}`).toBe(5)
      expect(rowsKept(store, last + 1), told).toBe(0)
      expect(store.crashCopy, told).not.toBeNull()
      await store.close()
    }
  })

  test('[CRASH-6] is seen by the missing mark: the write-ahead files are copied aside before they are replaced', async () => {
    const writer = start('write')
    await writer.heard((line) => line === '20')
    await kill(writer.child)
    const before = new Map<string, Buffer>()
    for (const name of await readdir(join(folder, 'db')))
      before.set(name, await readFile(join(folder, 'db', name)))
    const store = await open()
    expect(store.crashCopy).toBe(join(folder, 'aside', '1'))
    const copied = await readdir(join(folder, 'aside', '1'))
    expect(copied.some((name) => name.endsWith('.log'))).toBe(true)
    expect(copied.some((name) => name.startsWith('MANIFEST-'))).toBe(true)
    expect(copied).toContain('CURRENT')
    for (const name of copied) {
      expect(
        Buffer.compare(await readFile(join(folder, 'aside', '1', name)), before.get(name) as Buffer),
      ).toBe(0)
    }
  })

  test('[CRASH-6] leaves no copy after a clean stop, and at most three after many crashes', async () => {
    await (await open()).close()
    const clean = await open()
    expect(clean.crashCopy).toBeNull()
    await clean.append([{ put: one, value: one }])
    await clean.close()
    for (let crash = 1; crash <= 5; crash++) {
      await unlink(join(folder, 'clean'))
      await mkdir(join(folder, 'aside', `${crash}.part`), { recursive: true }) // One that was never finished.
      const store = await open()
      expect(store.crashCopy).toBe(join(folder, 'aside', String(crash)))
      await store.close()
    }
    expect((await readdir(join(folder, 'aside'))).sort()).toEqual(['3', '4', '5'])
  })

  test('[CRASH-5][CRASH-6] a byte flipped early in a write-ahead file loses entries in silence; the copy still has them', async () => {
    const writer = start('write')
    await writer.heard((line) => line === '40')
    await kill(writer.child)
    const name = (await readdir(join(folder, 'db'))).find((file) => file.endsWith('.log')) as string
    const bytes = await readFile(join(folder, 'db', name))
    bytes[50] = (bytes[50] as number) ^ 0xff
    await writeFile(join(folder, 'db', name), bytes)
    const store = await open()
    expect(rowsKept(store, 1)).toBe(0)
    const copy = await readFile(join(store.crashCopy as string, name))
    expect(Buffer.compare(copy, bytes)).toBe(0)
  })

  test('[PRIV-8][TEST-11] no file of the folder holds an erased text, crash copies included', async () => {
    const text = new TextEncoder().encode('Edna asked for help with the stairs at seven o clock')
    const memo = privateKey('memo', 'a')
    const first = await open()
    await first.append([{ put: memo, value: text }])
    await first.close()
    await unlink(join(folder, 'clean'))
    const store = await open()
    expect(await filesHolding(text)).not.toEqual([])
    await store.append([
      { put: memo, value: text },
      { put: entryKey(0, 0), value: one },
    ])
    await store.append([{ put: memo, value: Uint8Array.of(0) }])
    await store.compact(allPrivate)
    await store.append([{ del: memo }])
    await store.compact(allPrivate)
    expect(await filesHolding(text)).toEqual([])
    expect(store.get(memo)).toBeUndefined()
    expect(store.get(entryKey(0, 0))).toEqual(one)
  })

  test('[PRIV-8] whoever reads is waited for: their point in time is in the files until they end', async () => {
    const text = new TextEncoder().encode('Bo asked for help with the roof at seven o clock')
    const memo = privateKey('memo', 'a')
    const store = await open()
    await store.append([{ put: memo, value: text }])
    await store.compact(allPrivate)
    const walk = store.pages(allPrivate, 1)[Symbol.asyncIterator]()
    await walk.next()
    await store.append([{ del: memo }])
    let ended = false
    const compacting = store.compact(allPrivate).finally(() => {
      ended = true
    })
    // Nothing tells that it did not begin but time; whoever does not wait is through long before.
    await sleep(1000)
    expect(ended).toBe(false)
    await walk.return?.()
    await compacting
    expect(await filesHolding(text)).toEqual([])
  })

  async function filesHolding(text: Uint8Array): Promise<string[]> {
    const holding: string[] = []
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile() && (await readFile(path)).includes(Buffer.from(text))) holding.push(path)
    }
    return holding
  }
})

describe('a damaged database', () => {
  beforeEach(async () => {
    const store = await open()
    await store.append(batchOf(1))
    await store.close()
  })

  async function manifest(): Promise<string> {
    const name = (await readdir(join(folder, 'db'))).find((file) => file.startsWith('MANIFEST-')) as string
    return join(folder, 'db', name)
  }

  test.each<[string, () => Promise<void>]>([
    ['CURRENT holds junk', () => writeFile(join(folder, 'db', 'CURRENT'), 'junk')],
    ['CURRENT is empty', () => writeFile(join(folder, 'db', 'CURRENT'), '')],
    [
      'CURRENT names a file that is not there',
      () => writeFile(join(folder, 'db', 'CURRENT'), 'MANIFEST-000999\n'),
    ],
    ['CURRENT is missing', () => unlink(join(folder, 'db', 'CURRENT'))],
    ['the MANIFEST is missing', async () => unlink(await manifest())],
    ['the MANIFEST is empty', async () => writeFile(await manifest(), '')],
    ['the MANIFEST is overwritten', async () => writeFile(await manifest(), new Uint8Array(300).fill(0x5a))],
  ])('is told as a fault with the next step, and can be opened when mended: %s', async (_, damage) => {
    const kept = `${folder}-kept`
    await rm(kept, { recursive: true, force: true })
    execFileSync('cp', ['-r', folder, kept])
    await damage()
    const fault = await faultOf(open())
    expect(fault).toMatchObject({ code: 'store_failed', fatal: true })
    expect(fault.message).toContain(folder)
    expect(fault.message).toContain('restore this bank from a backup')
    await rm(folder, { recursive: true })
    await rename(kept, folder)
    expect(rowsKept(await open(), 1)).toBe(5) // Nothing stayed claimed.
  })
})

describe('a full disk', () => {
  test('[CRASH-4][CRASH-13] stops the writer, keeps what was acknowledged, and names the space that is needed', async (context) => {
    const reason = mountDisk(folder, 'size=2m')
    if (reason !== null) return context.skip(reason)
    const store = await open()
    expect(await store.freeBytes()).toBeLessThan(2 * 1024 * 1024)
    let acknowledged = 0
    const filling = (async () => {
      for (;;) {
        await store.append(batchOf(acknowledged + 1))
        acknowledged++
      }
    })()
    const fault = await faultOf(filling)
    expect(fault).toMatchObject({ code: 'commit_unknown', fatal: true })
    expect(acknowledged).toBeGreaterThan(10)
    expect(await faultOf(store.append([{ put: one, value: one }]))).toBe(fault)
    expect(rowsKept(store, acknowledged)).toBe(5)
    let rows = 0
    for await (const page of store.pages(everything, 100)) rows += page.length
    expect(rows).toBeGreaterThanOrEqual(acknowledged * 5 + 1)
    await store.close()
    expect(await readdir(folder)).not.toContain('clean')

    const low = await faultOf(open())
    expect(low).toMatchObject({ code: 'disk_low', fatal: false })
    expect(low.message).toMatch(/at least 64 MiB of free space; [0-9.]+ MiB are free/)

    execFileSync('mount', ['-o', 'remount,size=32m', folder])
    const again = await open()
    const last = lastBatch(again)
    expect(last - acknowledged).toBeGreaterThanOrEqual(0)
    expect(last - acknowledged).toBeLessThanOrEqual(1)
    for (let n = 1; n <= last; n++) expect(rowsKept(again, n)).toBe(5)
    await again.append(batchOf(last + 1))
  })
})
