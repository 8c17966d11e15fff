/**
 * Who of a neighbouring bank is meant? Somebody met before, or whoever has the number that was typed, as that bank says; what
 * it said goes along with the form, so that the bank may fall silent before the last press (flow D).
 */

import {
  BANK_ID_BYTES,
  type Bytes,
  fromBase32,
  fromHex,
  HANDLE_BYTES,
  sameBytes,
  toBase32,
  toHex,
} from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { isSoundName } from '../../node/fetched.ts'
import { type NeighbourBank, neighbourBanks } from '../../register/neighbour-banks.ts'
import { type Party, partiesOf } from '../../register/parties.ts'
import { lookUp } from '../../register/paying-requests.ts'
import type { KnownPayee } from '../../register/payments.ts'
import type { Person } from '../../register/person.ts'
import { fits } from '../../register/texts.ts'
import type { FieldError } from '../form.ts'
import { refusalText, type Visit } from '../screen.ts'

/** Somebody of a neighbour to whom hours can be sent. */
export interface Far {
  readonly bank: NeighbourBank
  readonly payee: KnownPayee
}

/** Names of the fields that carry what the other bank said from step to step. */
export const FAR_FIELDS = ['bank', 'number', 'known_far', 'handle', 'expires', 'payee'] as const

/** People of neighbours to whom this person's hours went before and can go now, with their value in the form. */
export async function metBefore(
  { desk, now }: Pick<Visit, 'desk' | 'now'>,
  person: Person,
): Promise<readonly (Far & { readonly value: string })[]> {
  const banks = await neighbourBanks(desk.node)
  const parties = await partiesOf(desk.node, person.account, MET)
  return parties.flatMap(({ bank, name, handle, expires }: Party) => {
    const there = banks.find((one) => sameBytes(one.bank, bank))
    if (there === undefined || handle === null || expires <= now) return []
    return [{ bank: there, payee: { handle, expires, payee: name }, value: toHex(handle) }]
  })
}

/** People who still fit on a telephone's screen to choose from. */
const MET = 5

/** Whom the form means, or what is wrong with it. */
export async function readFar(visit: Visit, person: Person): Promise<Far | readonly FieldError[]> {
  const { form, say, desk, now } = visit
  const banks = await neighbourBanks(desk.node)
  const chosen = form.text('known_far')
  if (chosen !== '' && chosen !== 'other') {
    const met = (await metBefore(visit, person)).find(({ value }) => value === chosen)
    if (met !== undefined) return met
  }
  const id = fromBase32(form.text('bank'), BANK_ID_BYTES)
  const bank = id === null ? undefined : banks.find((one) => sameBytes(one.bank, id))
  const number = form.text('number')
  const errors: FieldError[] = []
  if (bank === undefined) errors.push({ field: 'bank', text: say('across.bank.missing') })
  if (number === '') errors.push({ field: 'number', text: say('across.number.missing') })
  if (bank === undefined || number === '') return errors
  const carried = carriedPayee(visit, now)
  if (carried !== null) return { bank, payee: carried }
  const found = await lookUp(desk.node, bank.bank, number)
  if (found.ok) return { bank, payee: found.value }
  const { code } = found.refusal
  if (code === 'neighbour_away') return [{ field: null, text: say('across.away', { bank: bank.name }) }]
  if (code === 'member_not_found')
    return [{ field: 'number', text: say('across.unknown', { bank: bank.name, typed: number }) }]
  return [{ field: null, text: refusalText(visit, found.refusal) }]
}

/** What the bank said at an earlier step of this form, if the number was not changed since. */
function carriedPayee({ form }: Pick<Visit, 'form'>, now: number): KnownPayee | null {
  if (!form.has('save')) return null
  const handle: Bytes | null = fromHex(form.text('handle'), HANDLE_BYTES)
  const expires = Number(form.text('expires'))
  const payee = form.text('payee')
  const isSound = isSoundName(payee) && fits(payee, LIMITS.nameBytes)
  return handle !== null && isSound && expires > now && Number.isSafeInteger(expires)
    ? { handle, expires, payee }
    : null
}

/** The same for the next step. */
export function carriedFar({ bank, payee }: Far): Record<string, string> {
  return {
    bank: toBase32(bank.bank),
    handle: toHex(payee.handle),
    expires: String(payee.expires),
    payee: payee.payee,
  }
}
