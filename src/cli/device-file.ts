/**
 * How does a member's device key lie in a file? One JSON object with the secret, readable by its owner alone; it
 * signs for one member of one bank.
 */

import { readFile, stat } from 'node:fs/promises'
import { type SigningKey, signingKey } from '../core/ed25519.ts'
import { Fault, reasonOf } from '../core/fault.ts'
import {
  ACCOUNT_ID_BYTES,
  BANK_ID_BYTES,
  type Bytes,
  fromBase32,
  fromHex,
  KEY_BYTES,
  toBase32,
  toHex,
} from '../core/ids.ts'
import { writeSecret } from '../keys/secret-files.ts'

export interface DeviceKey {
  readonly device: Bytes
  readonly bank: Bytes
  readonly account: Bytes
  readonly seed: Bytes
}

/** Writes a new file. Throws Fault `key_invalid` when there is one already: a key is never overwritten. */
export async function writeDeviceFile(
  path: string,
  { device, bank, account, seed }: DeviceKey,
): Promise<void> {
  const file = {
    format: 1,
    device: toHex(device),
    bank: toBase32(bank),
    account: toHex(account),
    secret_seed: toHex(seed),
  }
  await refuseExisting(path)
  await writeSecret(path, `${JSON.stringify(file, null, 2)}\n`)
}

export async function refuseExisting(path: string): Promise<void> {
  const there = await stat(path).then(
    () => true,
    () => false,
  )
  if (there)
    throw new Fault(
      'key_invalid',
      `There is a file ${path} already, and a key is never overwritten. Choose another name.`,
    )
}

/** The key in a file. Throws Fault `key_invalid`. */
export async function readDeviceFile(path: string): Promise<DeviceKey & { readonly key: SigningKey }> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new Fault(
      'key_invalid',
      `The device key ${path} cannot be read (${reasonOf(cause)}). Check its name.`,
      { cause },
    )
  }
  const field = fieldsOf(text)
  const device = fromHex(field('device'), ACCOUNT_ID_BYTES)
  const bank = fromBase32(field('bank'), BANK_ID_BYTES)
  const account = fromHex(field('account'), ACCOUNT_ID_BYTES)
  const seed = fromHex(field('secret_seed'), KEY_BYTES)
  if (device !== null && bank !== null && account !== null && seed !== null) {
    return { device, bank, account, seed, key: signingKey(seed) }
  }
  throw new Fault(
    'key_invalid',
    `The file ${path} holds no device key. Make one with: commonhour member device NUMBER --file FILE`,
  )
}

/** The text fields of a JSON object; whatever is missing is an empty text, which is no key and no id. */
function fieldsOf(text: string): (name: string) => string {
  let file: unknown = null
  try {
    file = JSON.parse(text)
  } catch {
    // Not JSON: then no field is there, and the caller says so.
  }
  const fields = new Map<string, unknown>(
    typeof file === 'object' && file !== null ? Object.entries(file) : [],
  )
  return (name) => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : ''
  }
}
