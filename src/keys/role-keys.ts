/**
 * Where do the secrets of a bank's roles rest, and are they what they should be? Three files of one seed each, in a
 * folder that only the bank's own user can enter ([KEY-2]). No key has two roles ([KEY-1]).
 */

import { join } from 'node:path'
import { type SigningKey, signingKey } from '../core/ed25519.ts'
import { Fault } from '../core/fault.ts'
import { type Bytes, fromHex, KEY_BYTES, sameBytes, toHex } from '../core/ids.ts'
import { makeSecretFolder, readSecret, writeSecret } from './secret-files.ts'

/** `log` signs checkpoints, `peer` is the bank on the network, `witness` signs cosignatures; each nothing else. */
const ROLES = ['log', 'peer', 'witness'] as const
type Role = (typeof ROLES)[number]

export interface RoleKeys {
  readonly log: SigningKey
  readonly peer: SigningKey
  readonly witness: SigningKey
  /** The network library makes its own key object of the seed. */
  readonly peerSeed: Bytes
}

/**
 * The keys of a new bank, made from `random` bytes. Files that are there already, from a set-up that was cut short,
 * are taken as they are. Throws Fault `key_invalid` or `folder_unsafe`.
 */
export async function makeRoleKeys(folder: string, random: (length: number) => Bytes): Promise<RoleKeys> {
  await makeSecretFolder(join(folder, 'keys'))
  for (const role of ROLES) {
    const path = pathOf(folder, role)
    if ((await readSecret(path)) === null) await writeSecret(path, `${toHex(random(KEY_BYTES))}\n`)
  }
  return readRoleKeys(folder)
}

/** The keys of this bank. Throws Fault `key_invalid` (missing, damaged or the same twice) or `folder_unsafe`. */
export async function readRoleKeys(folder: string): Promise<RoleKeys> {
  const [log, peer, witness] = [
    await readSeed(folder, 'log'),
    await readSeed(folder, 'peer'),
    await readSeed(folder, 'witness'),
  ]
  const keys = { log: signingKey(log), peer: signingKey(peer), witness: signingKey(witness), peerSeed: peer }
  refuseSharedKeys(folder, keys)
  return keys
}

/** A cosignature does not name its signer, so one key in two roles could be made to speak for the other. */
function refuseSharedKeys(folder: string, keys: RoleKeys): void {
  ROLES.forEach((role, i) => {
    const same = ROLES.slice(i + 1).find((other) => sameBytes(keys[role].publicKey, keys[other].publicKey))
    if (same === undefined) return
    throw new Fault(
      'key_invalid',
      `${pathOf(folder, role)} and ${pathOf(folder, same)} hold the same key, and a key may have one role only. ` +
        'Put back the right key files from your own copy.',
      { fatal: true },
    )
  })
}

async function readSeed(folder: string, role: Role): Promise<Bytes> {
  const path = pathOf(folder, role)
  const text = await readSecret(path)
  const seed = text === null ? null : fromHex(text.trim(), KEY_BYTES)
  if (seed !== null) return seed
  const what = text === null ? 'is missing' : 'is damaged: it should hold 64 hex digits'
  throw new Fault(
    'key_invalid',
    `The ${role} key of this bank, ${path}, ${what}. Put it back from your own copy.`,
    {
      fatal: true,
    },
  )
}

function pathOf(folder: string, role: Role): string {
  return join(folder, 'keys', `${role}.key`)
}
