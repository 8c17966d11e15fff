/**
 * How is somebody let in who has shown who they are? A new sign-in takes the place of the one before, and the device is
 * known from then on, unless others use it as well ([SIGN-10], [SIGN-13]).
 */

import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome } from '../core/refusal.ts'
import type { SignedRole } from '../register/sign-ins.ts'
import type { Whence } from '../register/whence.ts'
import type { Write } from '../store/store.ts'
import type { Keeping, Visit } from './screen.ts'

const SECONDS_PER_DAY = 86_400

/** From where this visit tries to come in: a device is known by its mark, or because its owner is signed in there. */
export function whenceOf({ desk, visitor, address, device }: Visit): Whence {
  const doorOf = (owner: Bytes): string | null => {
    const marked = desk.devices.doorOf(owner, device)
    if (marked !== null || visitor.kind === 'nobody') return marked
    const { id, key } = visitor.signIn
    return sameBytes(id, owner) ? `sign-in ${toHex(key)}` : null
  }
  return { address, doorOf }
}

/** Signs them in here; `rows` become durable with it. Gives what the browser is to keep. Refuses what the writer refuses. */
export async function comeIn(
  { desk, form, userAgent, visitor, device, isHttps }: Visit,
  { role, id }: { readonly role: SignedRole; readonly id: Bytes },
  rows: readonly Write[] = [],
): Promise<Outcome<Keeping>> {
  const onSharedComputer = form.has('shared')
  // One that others use as well would lend them its door.
  const mark = onSharedComputer ? null : markOf({ desk, device })
  const marks = mark === null ? [] : await desk.devices.remember(id, mark)
  const opened = await desk.signIns.open(
    { role, id },
    { onSharedComputer, device: userAgent, hostOnly: isHttps, rows: [...rows, ...marks] },
  )
  if (!opened.ok) return opened
  // The browser forgets who was signed in here before, so nobody could end it any more.
  if (visitor.kind !== 'nobody') await desk.signIns.end(visitor.signIn.key)
  // On a shared computer the browser forgets it when it is closed; the server ends it sooner.
  const seconds = onSharedComputer ? null : LIMITS.signInDays * SECONDS_PER_DAY
  return accept({ token: opened.value, seconds, ...(mark === null ? {} : { device: mark }) })
}

/** The one that this browser has, for several people may use it, or a new one. */
function markOf({ desk, device }: Pick<Visit, 'desk' | 'device'>): string {
  return device !== undefined && /^[\w-]{43}$/.test(device) ? device : desk.devices.newMark()
}
