/**
 * Who of a neighbouring bank is meant? Somebody met before, or whoever has the number that was typed, as that bank says; what
 * it said goes along with the form, so that the bank may fall silent before the last press (flow D).
 */

import { encode } from '../../core/codec.ts'
import { sha256 } from '../../core/hash.ts'
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
import { type NeighbourBank, neighbourBanks } from '../../register/neighbour-banks.ts'
import { type Party, partiesOf } from '../../register/parties.ts'
import { lookUp, type PayerReads } from '../../register/paying-requests.ts'
import type { KnownPayee } from '../../register/payments.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { refusalText, type Visit } from '../screen.ts'

/** Somebody of a neighbour to whom hours can be sent. */
export interface Far {
  readonly bank: NeighbourBank
  readonly payee: KnownPayee
}

/** Names of the fields that carry what the other bank said from step to step. */
export const FAR_FIELDS = ['bank', 'number', 'known_far', 'handle', 'expires', 'payee', 'seal'] as const

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
  const carried = carriedPayee(visit, person, { bank: bank.bank, now })
  if (carried !== null) return { bank, payee: carried }
  const ask = (): ReturnType<typeof lookUp> => lookUp(desk.node, bank.bank, number)
  // The desk asks for many people, and is not held to what one member may ask.
  const found = visit.visitor.kind === 'member' ? await desk.lookups.ask(person.account, ask) : await ask()
  if (found.ok) return { bank, payee: found.value }
  const { code } = found.refusal
  if (code === 'neighbour_away') return [{ field: null, text: say('across.away', { bank: bank.name }) }]
  if (code === 'member_not_found')
    return [{ field: 'number', text: say('across.unknown', { bank: bank.name, typed: number }) }]
  return [{ field: null, text: refusalText(visit, found.refusal) }]
}

/** What the bank said at an earlier step of this form, about this number and for this person. */
function carriedPayee(
  { form, desk }: Pick<Visit, 'form' | 'desk'>,
  person: Person,
  { bank, now }: { readonly bank: Bytes; readonly now: number },
): KnownPayee | null {
  if (!form.has('save')) return null
  const handle = fromHex(form.text('handle'), HANDLE_BYTES)
  const typed = form.text('expires')
  const expires = /^\d{1,12}$/.test(typed) ? Number(typed) : null
  const payee = form.text('payee')
  if (handle === null || expires === null || expires <= now) return null
  const known = { handle, expires, payee }
  const words = sealed(person, { bank, number: form.text('number'), payee: known })
  return desk.lookups.isSealed(words, form.text('seal')) ? known : null
}

/** The same for the next step; the seal holds for this person and number alone. */
export function carriedFar(
  { form, desk }: Pick<Visit, 'form' | 'desk'>,
  person: Person,
  { bank, payee }: Far,
): Record<string, string> {
  return {
    bank: toBase32(bank.bank),
    handle: toHex(payee.handle),
    expires: String(payee.expires),
    payee: payee.payee,
    seal: desk.lookups.seal(sealed(person, { bank: bank.bank, number: form.text('number'), payee })),
  }
}

function sealed(
  { account }: Person,
  { bank, number, payee }: { readonly bank: Bytes; readonly number: string; readonly payee: KnownPayee },
): readonly (string | number)[] {
  const { handle, expires, payee: name } = payee
  return [toHex(account), toHex(bank), number, toHex(handle), expires, name]
}

/** Of what somebody reads before they say yes: the other bank may say something else the next time. */
export function shownOf(reads: PayerReads): string {
  const { payee, minutes, category, what, handle, invoice } = reads
  const entry = invoice === null ? '' : toHex(invoice.leaf)
  return toHex(sha256(encode([payee, minutes, category, what, handle, entry])))
}
