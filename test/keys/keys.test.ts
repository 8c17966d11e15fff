import { randomBytes } from 'node:crypto'
import { chmod, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { makeApiToken, readApiToken } from '../../src/keys/api-token.ts'
import { recoveryKey, sheetWords } from '../../src/keys/recovery-sheet.ts'
import { makeRoleKeys, readRoleKeys } from '../../src/keys/role-keys.ts'

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonhour-keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('role keys', () => {
  test('[KEY-2] three different keys, readable by their owner alone, and the same after a restart', async () => {
    const made = await makeRoleKeys(folder, random)
    const read = await readRoleKeys(folder)
    expect(read.log.publicKey).toEqual(made.log.publicKey)
    expect(
      new Set(
        [made.log, made.peer, made.witness].map(({ publicKey }) => Buffer.from(publicKey).toString('hex')),
      ).size,
    ).toBe(3)
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700)
    for (const role of ['log', 'peer', 'witness']) {
      expect((await stat(join(folder, 'keys', `${role}.key`))).mode & 0o777).toBe(0o600)
    }
  })

  test('keys of a set-up that was cut short are taken as they are', async () => {
    const made = await makeRoleKeys(folder, random)
    await rm(join(folder, 'keys', 'witness.key'))
    const again = await makeRoleKeys(folder, random)
    expect(again.log.publicKey).toEqual(made.log.publicKey)
    expect(again.witness.publicKey).not.toEqual(made.witness.publicKey)
  })

  test('[KEY-1] the same key in two roles is refused', async () => {
    await makeRoleKeys(folder, random)
    await copyFile(join(folder, 'keys', 'log.key'), join(folder, 'keys', 'peer.key'))
    await expect(readRoleKeys(folder)).rejects.toThrow(/log\.key and .*peer\.key hold the same key/)
  })

  test.each([
    ['log.key', 0o640, 600],
    ['.', 0o750, 700],
  ])('[OPS-3] %s with mode %o is refused, with the command that mends it', async (name, mode, wanted) => {
    await makeRoleKeys(folder, random)
    await chmod(join(folder, 'keys', name), mode)
    await expect(readRoleKeys(folder)).rejects.toThrow(new RegExp(`chmod ${wanted} `))
  })

  test.each([
    ['missing', null],
    ['empty', ''],
    ['short', 'ab'.repeat(31)],
    ['no hex', 'zz'.repeat(32)],
  ])('a key file that is %s is named', async (_, text) => {
    await makeRoleKeys(folder, random)
    const path = join(folder, 'keys', 'peer.key')
    if (text === null) await rm(path)
    else await writeFile(path, text)
    const thrown = await readRoleKeys(folder).catch((error) => error)
    expect(thrown).toBeInstanceOf(Fault)
    expect([thrown.code, thrown.message]).toEqual(['key_invalid', expect.stringContaining(path)])
  })
})

describe('the token of the API', () => {
  test('is made once and read back', async () => {
    await makeApiToken(folder, random)
    const token = await readApiToken(folder)
    expect(token).toMatch(/^[a-z2-7]{52}$/)
    await makeApiToken(folder, random)
    expect(await readApiToken(folder)).toBe(token)
    expect((await stat(join(folder, 'api-token'))).mode & 0o777).toBe(0o600)
  })

  test('a file that others can read is refused', async () => {
    await makeApiToken(folder, random)
    await chmod(join(folder, 'api-token'), 0o644)
    await expect(readApiToken(folder)).rejects.toThrow(/chmod 600/)
  })

  test('a file that holds something else is no token', async () => {
    await makeApiToken(folder, random)
    await writeFile(join(folder, 'api-token'), 'hello\n')
    await expect(readApiToken(folder)).rejects.toThrow(/holds no token/)
    expect(await readFile(join(folder, 'api-token'), 'utf8')).toBe('hello\n')
  })
})

describe('the recovery sheet', () => {
  test('[KEY-2] 24 words from which the same bytes and the same key follow', () => {
    const entropy = random(32)
    const words = sheetWords(entropy)
    expect(words).toHaveLength(24)
    expect(new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist))).toEqual(entropy)
    expect(recoveryKey(entropy).publicKey).toEqual(recoveryKey(entropy.slice()).publicKey)
    expect(recoveryKey(entropy).publicKey).not.toEqual(recoveryKey(random(32)).publicKey)
  })

  test('the key of all-zero bytes never changes', () => {
    const key = Buffer.from(recoveryKey(new Uint8Array(32)).publicKey).toString('hex')
    expect(key).toBe('c9352f205e782eebde2c51277b675d6d7b45fe234d4175ca09819268cee49c37')
  })
})
