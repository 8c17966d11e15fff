/** Does the doctor find what is wrong, and say what helps, whether or not the bank runs? */
import { chmod, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkProgram, OLDEST_NODE } from '../../src/cli/doctor/program.ts'
import { judged } from '../../src/cli/doctor/public-address.ts'
import type { Told } from '../../src/cli/doctor/told.ts'
import { HEALTH_IDS } from '../../src/register/health/finding.ts'
import { end, openLine, type TestBank, testBank } from '../http/served.ts'
import { told } from './told.ts'

let harbour: TestBank
let millbrook: TestBank
let stopped: TestBank
let empty: string

beforeAll(async () => {
  ;[harbour, millbrook, stopped] = await Promise.all([
    testBank('Harbour', {}, { publicUrl: 'https://127.0.0.1:1' }),
    testBank('Millbrook'),
    testBank('Stopped'),
  ])
  await stopped.close()
  await openLine(harbour, millbrook)
  empty = await mkdtemp(join(tmpdir(), 'commonhour-doctor-'))
})
afterAll(async () => {
  await end(harbour, millbrook, stopped)
  await rm(empty, { recursive: true, force: true })
})

/** Ports of its own, for other banks run on this machine. */
const FREE = ['--http-port', '0', '--p2p-port', '0']

async function examined(folder: string, ...more: string[]): Promise<{ code: number; answers: Told[] }> {
  const { code, json } = await told(['doctor', '--json', '--dir', folder, ...FREE, ...more])
  expect(json.schema_version).toBe(1)
  expect(json.verdict).toBe(code === 0 ? 'fine' : 'wrong')
  for (const { verdict, todo } of json.answers as Told[])
    expect([verdict, todo === null]).toEqual([verdict, verdict === 'fine' || verdict === 'unknown'])
  return { code, answers: json.answers }
}

const codes = (answers: readonly Told[]): string[] => answers.map((one) => one.code)

describe('[CLI-7] the doctor', () => {
  test('asks a bank that runs, and names its neighbours', async () => {
    const { answers } = await examined(harbour.folder)
    const ids = new Set(answers.map(({ id }) => id))
    for (const id of HEALTH_IDS) expect(ids).toContain(id)
    expect(codes(answers)).toEqual(
      expect.arrayContaining(['running.fine', 'recording.fine', 'neighbour.fine']),
    )
    const { out } = await told(['doctor', '--dir', harbour.folder, ...FREE])
    expect(out).toContain('fine   Millbrook is there.\n')
    expect(out).toContain(`answers at ${harbour.url}.\n`)
  })

  test('tries the public address, and says that nobody is there', async () => {
    const { code, answers } = await examined(harbour.folder)
    expect(code).toBe(1)
    expect(answers.find(({ id }) => id === 'tls')).toMatchObject({ code: 'tls.silent', verdict: 'wrong' })
  })

  test('is content with a bank that is well, and asks nobody outside of one without a public address', async () => {
    const { code, answers } = await examined(millbrook.folder)
    expect(answers.filter(({ verdict }) => verdict === 'wrong')).toEqual([])
    expect(code).toBe(0)
    expect(answers.some(({ id }) => id === 'dns' || id === 'tls')).toBe(false)
  })

  test('examines a stopped bank as far as that goes, and says how to start it', async () => {
    const { code, answers } = await examined(stopped.folder)
    expect(code).toBe(1)
    expect(codes(answers)).toEqual([
      'program.fine',
      'settings.fine',
      'folder.fine',
      'running.stopped',
      'ports.fine',
      'ports.fine',
      expect.stringMatching(/^disk\./),
      'guard.fine',
      'bank.unknown',
    ])
    expect(answers.find(({ id }) => id === 'running')?.todo).toContain(
      `commonhour serve --dir ${stopped.folder}`,
    )
  })

  test('does not take another process for the bank that was killed', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const path = join(stopped.folder, 'api.json')
    await writeFile(path, JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: process.pid }))
    const { answers } = await examined(stopped.folder)
    await unlink(path)
    expect(codes(answers)).toContain('running.stopped')
  })

  test('says when a bank runs and does not answer', async () => {
    const server = createHttpServer((_, answer) => answer.writeHead(500).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const path = join(stopped.folder, 'api.json')
    await writeFile(path, JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: process.pid }))
    const { answers } = await examined(stopped.folder)
    await unlink(path)
    await new Promise((resolve) => server.close(resolve))
    expect(codes(answers)).toContain('running.mute')
  })

  test('finds no bank where none was made', async () => {
    const { code, answers } = await examined(empty)
    expect([code, codes(answers)]).toEqual([1, expect.arrayContaining(['folder.empty'])])
    expect(answers.find(({ id }) => id === 'folder')?.todo).toContain(`commonhour init --dir ${empty}`)
  })

  test('reads on when the settings are wrong', async () => {
    await writeFile(join(empty, 'commonhour.toml'), 'http-prot = 1\n')
    const { code, answers } = await examined(empty)
    await unlink(join(empty, 'commonhour.toml'))
    expect(code).toBe(1)
    expect(answers.find(({ id }) => id === 'settings')).toMatchObject({
      verdict: 'wrong',
      says: expect.stringContaining('Did you mean'),
    })
    expect(codes(answers)).toContain('folder.empty')
  })

  test.skipIf(process.platform === 'win32')(
    'names what others may read, and the command that mends it',
    async () => {
      const path = join(stopped.folder, 'keys', 'log.key')
      await chmod(path, 0o640)
      const { answers } = await examined(stopped.folder)
      await chmod(path, 0o600)
      expect(answers.filter(({ id }) => id === 'folder').map(({ todo }) => todo)).toEqual([
        `Type: chmod 600 ${path}`,
      ])
    },
  )

  test('names a part of the folder that is missing', async () => {
    const bank = await testBank('Lacking')
    await bank.close()
    await unlink(join(bank.folder, 'keys', 'witness.key'))
    await unlink(join(bank.folder, 'head-guard'))
    const found = codes((await examined(bank.folder)).answers)
    await rm(bank.folder, { recursive: true, force: true })
    expect(found).toEqual(expect.arrayContaining(['folder.lacks', 'guard.missing']))
  })

  test.skipIf(process.platform !== 'linux')('says by which program a port is taken', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { answers } = await examined(stopped.folder, '--p2p-host', '127.0.0.1', '--p2p-port', String(port))
    await new Promise((resolve) => server.close(resolve))
    const taken = answers.find((one) => one.code === 'ports.taken')
    expect(taken?.says).toContain(`Port ${port} for other banks is taken by`)
    expect(taken?.says).toContain(`(process ${process.pid})`)
  })

  test('knows a bank that only starts from one that is stopped', async () => {
    const { starting } = await import('../../src/http/health.ts')
    const server = createHttpServer(async (_, answer) => {
      answer.writeHead(503).end(await starting().text())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { answers } = await examined(stopped.folder, '--http-port', String(port))
    await new Promise((resolve) => server.close(resolve))
    expect(codes(answers)).toContain('running.starting')
    expect(codes(answers)).not.toContain('ports.taken')
  })

  test('asks for the Node that the package asks for', async () => {
    const { engines } = JSON.parse(await readFile('package.json', 'utf8'))
    expect(engines.node).toBe(`>=${OLDEST_NODE.join('.')}`)
  })

  test.each([
    [`${OLDEST_NODE[0]}.${OLDEST_NODE[1]}.0`, 'fine'],
    ['24.0.0', 'fine'],
    [`${OLDEST_NODE[0]}.${OLDEST_NODE[1] - 1}.9`, 'wrong'],
    ['20.19.0', 'wrong'],
  ])('Node %s is %s', (version, verdict) => {
    expect(checkProgram(version).map((one) => one.verdict)).toEqual([verdict])
  })

  const NOW = Date.parse('2026-11-22T00:00:00Z')
  test.each<[string, string | null, string]>([
    ['Dec 22 00:00:00 2026 GMT', null, 'tls.fine'],
    ['Dec  5 23:00:00 2026 GMT', null, 'tls.soon'],
    ['Nov 21 23:00:00 2026 GMT', 'CERT_HAS_EXPIRED', 'tls.over'],
    ['Dec 22 00:00:00 2026 GMT', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'tls.distrusted'],
  ])('a certificate until %s with %s is %s', (validTo, problem, code) => {
    expect(judged('bank.example', { validTo, problem }, NOW).code).toBe(code)
  })
})
