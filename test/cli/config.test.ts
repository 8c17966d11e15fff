import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig, SETTING_NAMES, SETTINGS } from '../../src/cli/config.ts'
import { told } from './told.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonhour-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

interface Row {
  readonly name: string
  readonly value: unknown
  readonly origin?: string
}

async function rowsOf(argv: string[], env: Record<string, string> = {}): Promise<Map<string, Row>> {
  const { json, code } = await told(['config', 'show', '--json', '--dir', folder, ...argv], { env })
  expect([code, json.schema_version]).toEqual([0, 1])
  return new Map(json.settings.map((row: Row) => [row.name, row]))
}

describe('config show', () => {
  test('tells every setting, and with --origin which of flag, variable, file and default it is from', async () => {
    const file = join(folder, 'commonhour.toml')
    await writeFile(file, 'http-port = 7001\np2p-port = 7002\nlog-level = "warn"\n')
    const env = { COMMONHOUR_P2P_PORT: '7003', COMMONHOUR_LOG_LEVEL: 'error' }
    const rows = await rowsOf(['--origin', '--log-level', 'info'], env)
    expect([...rows.keys()]).toEqual(SETTING_NAMES)
    expect(rows.get('log-level')).toEqual({ name: 'log-level', value: 'info', origin: '--log-level' })
    expect(rows.get('p2p-port')).toEqual({ name: 'p2p-port', value: 7003, origin: 'COMMONHOUR_P2P_PORT' })
    expect(rows.get('http-port')).toEqual({ name: 'http-port', value: 7001, origin: file })
    expect(rows.get('network')).toEqual({ name: 'network', value: 'internet', origin: 'default' })
    expect((await rowsOf([])).get('http-port')).toEqual({ name: 'http-port', value: 7001 })
    const { out } = await told(['config', 'show', '--origin', '--dir', folder])
    expect(out).toMatch(/^setting +value +from\nhttp-host +127\.0\.0\.1 +default\n/)
    expect(out).toContain(`7001       ${file}`)
  })

  test('tells all mistakes at once, and shows nothing', async () => {
    await writeFile(join(folder, 'commonhour.toml'), 'http-prot = 1\nnetwork = "all"\n')
    const { code, out, err } = await told(['config', 'show', '--dir', folder])
    expect([code, out]).toEqual([64, ''])
    expect(err).toContain('http-prot, which is no setting')
    expect(err).toContain('should be internet or lan')
  })

  test.skipIf(process.platform === 'win32')('names every secret that others may read', async () => {
    await mkdir(join(folder, 'keys'), { mode: 0o700 })
    await writeFile(join(folder, 'keys', 'log.key'), 'x', { mode: 0o600 })
    await writeFile(join(folder, 'api-token'), 'x', { mode: 0o600 })
    await chmod(folder, 0o700)
    const tight = await told(['config', 'show', '--dir', folder])
    expect([tight.code, tight.err]).toEqual([0, ''])
    await chmod(join(folder, 'keys', 'log.key'), 0o644)
    await chmod(folder, 0o750)
    const loose = await told(['config', 'show', '--dir', folder])
    expect(loose.code).toBe(1)
    expect(loose.err).toContain(`chmod 700 ${folder}\n`)
    expect(loose.err).toContain(`chmod 600 ${join(folder, 'keys', 'log.key')}\n`)
    expect(loose.err).not.toContain('api-token')
  })
})

describe('config example', () => {
  test('is read back: as it is it changes nothing, and without its marks it says every default', async () => {
    const { out, code } = await told(['config', 'example'])
    expect(code).toBe(0)
    const usual = Object.fromEntries(SETTING_NAMES.map((name) => [name, SETTINGS[name].usual]))
    const path = join(folder, 'commonhour.toml')
    await writeFile(path, out)
    const asItIs = await readConfig(folder, {}, {})
    expect(asItIs.settings).toEqual(usual)
    expect(new Set(Object.values(asItIs.origins))).toEqual(new Set(['default']))
    await writeFile(path, out.replaceAll(/^# /gm, ''))
    const said = await readConfig(folder, {}, {})
    expect(said.settings).toEqual(usual)
    expect(new Set(Object.values(said.origins))).toEqual(new Set([path]))
    for (const name of SETTING_NAMES) expect(out).toContain(`## ${SETTINGS[name].help}\n# ${name} = `)
  })
})
