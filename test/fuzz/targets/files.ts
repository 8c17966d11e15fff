/** Which decoders read files that a person, another program or a failing disk could have written? */

import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { parse } from 'smol-toml'
import { readConfig, SETTINGS } from '../../../src/cli/config.ts'
import { readDeviceFile } from '../../../src/cli/device-file.ts'
import { readNumber } from '../../../src/cli/read-arguments.ts'
import { must } from '../../../src/core/fault.ts'
import { sameBytes, toBase32, toHex } from '../../../src/core/ids.ts'
import { findRunning } from '../../../src/http/running-bank.ts'
import { readApiToken } from '../../../src/keys/api-token.ts'
import { readRoleKeys } from '../../../src/keys/role-keys.ts'
import { makeSecretFolder, writeSecret } from '../../../src/keys/secret-files.ts'
import { openCheckpoint, peekOrigin } from '../../../src/log/checkpoint.ts'
import { claimFolder } from '../../../src/store/data-folder.ts'
import { openFileGuard, SLOT_BYTES } from '../../../src/store/head-guard.ts'
import { bytesFor } from '../../audit/log-builder.ts'
import { checkpoints, keyOf, world } from '../material.ts'
import { textInputs } from '../shaped-text.ts'
import { bytesOf, NO, orNull, type Target, textOf } from '../target.ts'
import { isSigned } from './log.ts'

/** A folder in memory where the system has one: a target writes thousands of files. */
const ROOM = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

const SMALL = { refusals: [NO], mostBytes: 20_000, mostMs: 250, inTest: 60 } as const

/** A target with a folder of its own, which only its owner can enter. */
export function inFolder(
  target: Omit<Target, 'tell' | 'begin' | 'end'>,
  tell: (folder: string, input: Uint8Array) => ReturnType<Target['tell']>,
  begin: (folder: string) => Promise<void> = async () => {},
): Target {
  let folder = ''
  return {
    ...target,
    async begin() {
      folder = await mkdtemp(join(ROOM, 'commonhour-fuzz-'))
      await begin(folder)
    },
    tell: (input) => tell(folder, input),
    end: () => rm(folder, { recursive: true, force: true }),
  }
}

const SETTINGS_TEXTS = [
  'http-port = 7600\nnetwork = "lan"\np2p-announce = ["/dns4/bank.example/tcp/7601"]\nlog-level = "warn"\n',
  '# Settings\npublic-head-seconds = "usual"\nstart = "strict"\nbootstrap = []\n[table]\na.b = 1979-05-27T07:32:00Z\n',
]

const settings = inFolder(
  {
    ...SMALL,
    name: 'settings',
    covers: ['cli/config.ts readConfig'],
    corpus: () => SETTINGS_TEXTS.map(bytesOf),
    inputs: textInputs(
      () => SETTINGS_TEXTS.map(bytesOf),
      ['http-host', '"""', "'''", 'start-wait-seconds = ', '[[a]]', '\nconstructor = 1\n'],
    ),
    refusals: [],
    faults: ['config_invalid'],
    inTest: 250,
  },
  async (folder, input) => {
    await writeFile(join(folder, 'commonhour.toml'), input)
    const { settings: read, origins } = await readConfig(folder, {}, {})
    must(Object.keys(read).length === Object.keys(origins).length, 'every setting has an origin')
    const names = Object.keys(parse(textOf(input)))
    must(
      names.every((name) => Object.hasOwn(SETTINGS, name)),
      'a name that is no setting is told',
    )
    return { accepted: read }
  },
)

const deviceKey = {
  format: 1,
  device: toHex(bytesFor('device', 16)),
  bank: toBase32(bytesFor('bank', 20)),
  account: toHex(bytesFor('account', 16)),
  secret_seed: toHex(bytesFor('seed', 32)),
}
const deviceCorpus = (): Uint8Array[] => [bytesOf(JSON.stringify(deviceKey, null, 2))]

const deviceFile = inFolder(
  {
    ...SMALL,
    name: 'device-file',
    covers: ['cli/device-file.ts readDeviceFile'],
    corpus: deviceCorpus,
    inputs: textInputs(deviceCorpus),
    refusals: [],
    faults: ['key_invalid'],
  },
  async (folder, input) => {
    await writeFile(join(folder, 'device'), input)
    const { device, bank, account, seed } = await readDeviceFile(join(folder, 'device'))
    return { accepted: [device, bank, account, seed] }
  },
)

const runningCorpus = (): Uint8Array[] => [bytesOf(`{"url":"http://127.0.0.1:7600","pid":1}\n`)]

const runningBank = inFolder(
  {
    ...SMALL,
    name: 'running-bank',
    covers: ['http/running-bank.ts findRunning'],
    corpus: runningCorpus,
    inputs: textInputs(runningCorpus),
  },
  async (folder, input) => {
    await writeFile(join(folder, 'api.json'), input)
    return orNull(await findRunning(folder))
  },
)

const secretCorpus = (): Uint8Array[] => [
  bytesOf(`${toBase32(bytesFor('token', 32))}\n`),
  bytesOf(`${toHex(bytesFor('log', 32))}\n`),
]

/** One text, once as the token of the API and once as the key of the log. */
const secrets = inFolder(
  {
    ...SMALL,
    name: 'secrets',
    covers: [
      'keys/api-token.ts readApiToken',
      'keys/api-token.ts readTokenFile',
      'keys/role-keys.ts readRoleKeys',
      'keys/secret-files.ts readSecret',
    ],
    corpus: secretCorpus,
    inputs: textInputs(secretCorpus, [toHex(bytesFor('peer', 32))]),
    refusals: [],
    faults: ['key_invalid'],
  },
  async (folder, input) => {
    await writeFile(join(folder, 'api-token'), input, { mode: 0o600 })
    await writeFile(join(folder, 'keys', 'log.key'), input, { mode: 0o600 })
    const token = await readApiToken(folder).catch((thrown: unknown) => thrown)
    if (typeof token === 'string') return { accepted: token }
    const keys = await readRoleKeys(folder)
    return { accepted: keys.log.publicKey }
  },
  async (folder) => {
    await makeSecretFolder(join(folder, 'keys'))
    for (const role of ['peer', 'witness']) {
      await writeSecret(join(folder, 'keys', `${role}.key`), `${toHex(bytesFor(role, 32))}\n`)
    }
  },
)

const lockCorpus = (): Uint8Array[] => [
  bytesOf('pid 1\nhost elsewhere\nsince 0b0e0e4e/77\n'),
  bytesOf(`pid 999999999\nhost ${hostname()}\nsince \n`),
]

const lock = inFolder(
  {
    ...SMALL,
    name: 'lock',
    covers: ['store/data-folder.ts claimFolder'],
    corpus: lockCorpus,
    inputs: textInputs(lockCorpus, ['localhost', String(process.pid)]),
    refusals: [],
    faults: ['folder_in_use'],
  },
  async (folder, input) => {
    await writeFile(join(folder, 'lock'), input)
    const claim = await claimFolder(folder)
    await claim.release()
    return { accepted: true }
  },
)

function slots(...notes: readonly (Uint8Array | undefined)[]): Uint8Array {
  const file = new Uint8Array(2 * SLOT_BYTES)
  notes.forEach((note, n) => {
    if (note !== undefined) file.set(note, n * SLOT_BYTES)
  })
  return file
}

const guardCorpus = (): Uint8Array[] => {
  const [newer, older] = checkpoints()
  return [slots(newer, older), slots(older, newer), slots(undefined, newer), slots()]
}

/** Whatever lies in the slots, what is read was signed, and what is written afterwards is read. */
const guard = inFolder(
  {
    ...SMALL,
    name: 'head-guard',
    covers: ['store/head-guard.ts openFileGuard'],
    corpus: guardCorpus,
    inputs: textInputs(guardCorpus),
  },
  async (folder, input) => {
    const path = join(folder, 'head-guard')
    await writeFile(path, input)
    const key = keyOf(world().harbour)
    const verify = (note: Uint8Array): number | null => {
      const origin = peekOrigin(note)
      return origin === null ? null : (openCheckpoint(note, { origin, key })?.size ?? null)
    }
    const file = openFileGuard({ path, verify })
    try {
      const note = await file.read()
      const head = note === null ? null : openCheckpoint(note, { origin: world().harbour.origin, key })
      must(note === null || (head !== null && isSigned(head)), 'no head counts that nobody signed')
      const newest = checkpoints()[0] as Uint8Array
      await file.write(newest)
      must(sameBytes((await file.read()) ?? newest.subarray(0, 0), newest), 'what is written is read')
      return orNull(head === null ? null : head.size)
    } finally {
      await file.close()
    }
  },
)

/** A number in a command. */
const argument: Target = {
  ...SMALL,
  name: 'argument',
  covers: ['cli/read-arguments.ts readNumber'],
  corpus: () => ['90', '1.5', '-3'].map(bytesOf),
  inputs: () => textInputs(argument.corpus)(),
  tell(input) {
    try {
      return { accepted: readNumber(textOf(input)) }
    } catch (thrown) {
      if (thrown instanceof InvalidArgumentError) return { refused: NO }
      throw thrown
    }
  },
}

export const FILES: readonly Target[] = [settings, deviceFile, runningBank, secrets, lock, guard, argument]
