/**
 * Who is signed in, and where? Each sign-in is a row on the server under the hash of what the browser holds, so that
 * it can be listed and ended, and a copy of the database opens no door ([SIGN-10]).
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept } from '../core/refusal.ts'
import { b16, bool, integer, literal, record, type TypeOf, text, time } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'

const ROLES = ['coordinator', 'member'] as const
export type SignedRole = (typeof ROLES)[number]

/** Who somebody is: a coordinator by actor id, a member by account id, 16 bytes each. */
export interface SignedWho {
  readonly role: SignedRole
  readonly id: Bytes
}

export interface SignIn extends SignedWho {
  /** What stands in the key; names this sign-in in lists. */
  readonly key: Bytes
  /** Seconds. */
  readonly since: number
  readonly seen: number
  /** On a shared computer it ends soon by itself. */
  readonly onSharedComputer: boolean
  /** What the browser said it is, shortened. */
  readonly device: string
  /** Only a cookie counts that the bank itself set over https; one that a page of a neighbouring name set does not. */
  readonly hostOnly: boolean
}

const known = {
  role: integer(0, ROLES.length - 1),
  id: b16,
  since: time,
  seen: time,
  shared: bool,
  device: text(LIMITS.deviceNameBytes),
}
/** As programs wrote it before cookies had such a name. */
const firstRow = record({ version: literal(1), ...known })
const rowField = record({ version: literal(2), ...known, hostOnly: bool })
type Row = TypeOf<typeof rowField>

const PRIVATE = { controlCharacters: 'allowed' } as const
const TOKEN_BYTES = 32
const PAGE = 256
const TOKEN = /^[\w-]{43}$/

export class SignIns {
  readonly #node: Node

  constructor(node: Node) {
    this.#node = node
  }

  /**
   * A new sign-in and what the browser is to keep; `rows` become durable with it. Of very many of one person the one that
   * was not seen for longest ends. Refuses what the writer refuses.
   */
  async open(
    who: SignedWho,
    {
      onSharedComputer,
      device,
      hostOnly = false,
      rows = [],
    }: { onSharedComputer: boolean; device: string; hostOnly?: boolean; rows?: readonly Write[] },
  ) {
    const token = Buffer.from(this.#node.random.bytes(TOKEN_BYTES)).toString('base64url')
    const now = this.#node.clock.now()
    const row = rowOf({
      ...who,
      since: now,
      seen: now,
      onSharedComputer,
      hostOnly,
      device: deviceName(device),
    })
    const older = (await this.of(who)).slice(LIMITS.signInsOfPerson - 1)
    const ended = older.map(({ key }): Write => ({ del: privateKey('sign-in', key) }))
    const opened = await this.#node.commit(() =>
      accept({ entries: [], rows: [...rows, ...ended, { put: keyOf(token), value: row }], value: token }),
    )
    return opened.ok ? accept(opened.value.value) : opened
  }

  /**
   * Whoever holds this token, or null. Notes now and then that it was seen, unless nobody need sit there: a page that
   * looks again by itself does not renew (`renews`). Once it came in a cookie that only the bank can set (`hostOnly`), it
   * counts in no other; one from before such cookies counts in both until then.
   */
  find(
    token: string | undefined,
    { renews = true, hostOnly = false }: { renews?: boolean; hostOnly?: boolean } = {},
  ): SignIn | null {
    if (token === undefined || !TOKEN.test(token)) return null
    const key = sha256(new TextEncoder().encode(token))
    const found = read(key, this.#node.store.get(privateKey('sign-in', key)))
    const now = this.#node.clock.now()
    if (found === null || hasEnded(found, now) || (found.hostOnly && !hostOnly)) return null
    const isLate = renews && now - found.seen > LIMITS.signInNoteSeconds
    if (isLate || hostOnly !== found.hostOnly)
      this.#note({ ...found, hostOnly, seen: isLate ? now : found.seen })
    return found
  }

  /** All that have not ended, newest first. */
  async of(who: SignedWho): Promise<SignIn[]> {
    const now = this.#node.clock.now()
    const all = await this.#all()
    return all
      .filter((one) => one.role === who.role && sameBytes(one.id, who.id) && !hasEnded(one, now))
      .sort((a, b) => b.seen - a.seen)
  }

  /** Ends one; a second time is no mistake. */
  async end(key: Bytes): Promise<void> {
    await this.#remove([key])
  }

  /** Ends all of somebody but one, as after a new password. */
  async endAll(who: SignedWho, except: Bytes | null): Promise<void> {
    const all = await this.of(who)
    await this.#remove(all.map(({ key }) => key).filter((key) => except === null || !sameBytes(key, except)))
  }

  /** Removes what ended long ago; done at every start. */
  async sweep(): Promise<void> {
    const now = this.#node.clock.now()
    await this.#remove((await this.#all()).filter((one) => hasEnded(one, now)).map(({ key }) => key))
  }

  async #all(): Promise<SignIn[]> {
    const found: SignIn[] = []
    for await (const page of this.#node.store.pages(privateRange('sign-in'), PAGE)) {
      for (const [key, value] of page) {
        const one = read(privateIdOf('sign-in', key), value)
        if (one !== null) found.push(one)
      }
    }
    return found
  }

  async #remove(keys: readonly Bytes[]): Promise<void> {
    if (keys.length === 0) return
    const rows = keys.map((key): Write => ({ del: privateKey('sign-in', key) }))
    await this.#node.commit(() => accept({ entries: [], rows, value: null }))
  }

  #note(one: SignIn): void {
    const key = privateKey('sign-in', one.key)
    // Lost without harm: it only says when a device was last used. An ended one is not brought back.
    void this.#node
      .commit(() => {
        const rows = this.#node.store.get(key) === undefined ? [] : [{ put: key, value: rowOf(one) }]
        return accept({ entries: [], rows, value: null })
      })
      .catch(() => undefined)
  }
}

function hasEnded({ since, seen, onSharedComputer }: SignIn, now: number): boolean {
  if (onSharedComputer) return now - seen > LIMITS.signInSharedSeconds
  return now - since > LIMITS.signInDays * 86_400
}

function keyOf(token: string): Bytes {
  return privateKey('sign-in', sha256(new TextEncoder().encode(token)))
}

function rowOf({ role, id, since, seen, onSharedComputer, device, hostOnly }: Omit<SignIn, 'key'>): Bytes {
  const row: Row = {
    version: 2,
    role: ROLES.indexOf(role),
    id,
    since,
    seen,
    shared: onSharedComputer,
    device,
    hostOnly,
  }
  return encode(rowField.write(row), PRIVATE)
}

function read(key: Bytes, bytes: Bytes | undefined): SignIn | null {
  const decoded = bytes === undefined ? null : decode(bytes, PRIVATE)
  if (!decoded?.ok) return null
  const row = rowField.read(decoded.value) ?? firstRow.read(decoded.value)
  if (row === undefined) return null
  const { version: _, role, shared, ...rest } = row
  return { key, role: ROLES[role] as SignedRole, onSharedComputer: shared, hostOnly: false, ...rest }
}

/** "Firefox on Android", as far as the browser says so: enough to know one's own telephone in a list. */
function deviceName(userAgent: string): string {
  const browser =
    [
      ['Firefox', /Firefox\//],
      ['Edge', /Edg\//],
      ['Samsung Internet', /SamsungBrowser\//],
      ['Chrome', /Chrome\//],
      ['Safari', /Safari\//],
    ].find(([, sign]) => (sign as RegExp).test(userAgent))?.[0] ?? 'Browser'
  const system =
    [
      ['Android', /Android/],
      ['iPhone', /iPhone/],
      ['iPad', /iPad/],
      ['Windows', /Windows/],
      ['Mac', /Mac OS X/],
      ['Linux', /Linux/],
    ].find(([, sign]) => (sign as RegExp).test(userAgent))?.[0] ?? ''
  return system === '' ? `${browser}` : `${browser}, ${system}`
}

/** Sign-ins in lists and forms are named by this. */
export function signInName({ key }: SignIn): string {
  return toHex(key)
}
