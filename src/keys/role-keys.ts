/**
 * Where do the secrets of a bank's roles rest, and are they what they should be? Three files of one seed each, in a
 * folder that only the bank's own user can enter ([KEY-2]). No key has two roles ([KEY-1]).
 */

import { join } from 'node:path'
import { type SigningKey, signingKey } from '../core/ed25519.ts'
import { Fault } from '../core/fault.ts'
import { type Bytes, fromHex, KEY_BYTES, sameBytes, toHex } from '../core/ids.ts'
import { makeSecretFolder, moveSecret, readSecret, writeSecret } from './secret-files.ts'

/** `log` signs checkpoints, `peer` is the bank on the network, `witness` signs cosignatures; each nothing else. */
const ROLES = ['log', 'peer', 'witness'] as const
type Role = (typeof ROLES)[number]

export interface RoleKeys {
  readonly log: SigningKey
  readonly peer: SigningKey
  readonly witness: SigningKey
  /** Log key of the next epoch, made ready for a change that was cut short; null without one. */
  readonly nextLog: SigningKey | null
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
  const nextLog = await readNext(folder)
  const made = { log: signingKey(log), peer: signingKey(peer), witness: signingKey(witness) }
  const named = ROLES.map((role) => [pathOf(folder, role), made[role]] as const)
  // A crash right after the files were moved can leave the next log key in both places.
  const other = nextLog !== null && !sameBytes(nextLog.publicKey, made.log.publicKey)
  refuseSharedKeys(other ? [...named, [nextPath(folder), nextLog]] : named)
  return { ...made, nextLog, peerSeed: peer }
}

/**
 * Makes the log key of the next epoch and keeps it beside the present one: a change that is cut short finds it. One that
 * an earlier try has left is replaced.
 */
export async function makeNextLogKey(folder: string, random: (length: number) => Bytes): Promise<SigningKey> {
  await makeSecretFolder(join(folder, 'keys'))
  const seed = random(KEY_BYTES)
  await writeSecret(nextPath(folder), `${toHex(seed)}\n`)
  return signingKey(seed)
}

/** The next log key takes the place of the present one, which is nowhere from then on. */
export async function takeNextLogKey(folder: string): Promise<void> {
  await moveSecret(nextPath(folder), pathOf(folder, 'log'))
}

/** A cosignature does not name its signer, so one key in two roles could be made to speak for the other. */
function refuseSharedKeys(keys: readonly (readonly [path: string, key: SigningKey])[]): void {
  keys.forEach(([path, { publicKey }], i) => {
    const same = keys.slice(i + 1).find(([, other]) => sameBytes(publicKey, other.publicKey))
    if (same === undefined) return
    throw new Fault(
      'key_invalid',
      `${path} and ${same[0]} hold the same key, and a key may have one role only. ` +
        'Put back the right key files from your own copy.',
      { fatal: true },
    )
  })
}

async function readNext(folder: string): Promise<SigningKey | null> {
  const text = await readSecret(nextPath(folder))
  return text === null ? null : signingKey(seedIn(text, 'next log', nextPath(folder)))
}

async function readSeed(folder: string, role: Role): Promise<Bytes> {
  const path = pathOf(folder, role)
  return seedIn(await readSecret(path), role, path)
}

function seedIn(text: string | null, role: Role | 'next log', path: string): Bytes {
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

function nextPath(folder: string): string {
  return join(folder, 'keys', 'log.next.key')
}
