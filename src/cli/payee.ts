/**
 * Who is paid? The command line names a code that another bank gave out, the code of a request, or a member's number; what
 * the other bank says of them is told before anything is sent.
 */

import { BANK_ID_BYTES, type Bytes, fromBase32, HANDLE_BYTES } from '../core/ids.ts'
import type { Client, FetchedRequestView, FoundMemberView, NeighboursView } from '../http/client.ts'
import { hoursAndMinutes } from '../words/amounts.ts'
import type { Context } from './context.ts'
import { UsageError } from './usage.ts'

/** Options that name the payee. */
export interface PayeeFlags {
  readonly to?: string
  readonly code?: string
  readonly toNumber?: string
  readonly bank?: string
}

/** Whom the command line names. */
export type Payee = { readonly bank: string } & (
  | { readonly handle: string }
  | { readonly number: string }
  | { readonly request: string }
)

/** The same, with what the other bank said of a request or a number. */
export interface Terms {
  readonly payee: Payee
  readonly request: FetchedRequestView | null
  readonly member: FoundMemberView | null
}

/** The payee by one of three ways to say who it is. */
export function readPayee({ to, code, toNumber, bank }: PayeeFlags): Payee {
  const ways = [to, code, toNumber].filter((one) => one !== undefined)
  if (ways.length !== 1)
    throw new UsageError('Say who helped, with one of --to BANK/CODE, --code CODE and --to-number NUMBER.')
  if (to !== undefined) return readTo(to)
  if (bank === undefined) throw new UsageError('Name the bank of whoever helped, with --bank NAME.')
  return code === undefined ? { bank, number: toNumber ?? '' } : { bank, request: code }
}

/** Asks the other bank, and tells whose request or number it is before anything is sent. */
export async function readTerms(context: Context, client: Client, payee: Payee): Promise<Terms> {
  const at = `/neighbours/${encodeURIComponent(payee.bank)}`
  if ('request' in payee) {
    const path = `${at}/requests/${encodeURIComponent(payee.request)}`
    const request = await client.get<FetchedRequestView>(path)
    const length = request.minutes === null ? '' : ` for ${hoursAndMinutes(request.minutes)}`
    const what = request.what === '' ? '' : `: ${request.what}`
    context.say(`${request.payee}, ${request.bank_name ?? payee.bank}, helped${length}${what}`)
    return { payee, request, member: null }
  }
  if ('number' in payee) {
    const path = `${at}/members/${encodeURIComponent(payee.number)}`
    const member = await client.get<FoundMemberView>(path)
    context.say(`${payee.number} is ${member.payee}, ${member.bank_name ?? payee.bank}`)
    return { payee, request: null, member }
  }
  return { payee, request: null, member: null }
}

/** `bank/code`; a bank's name may hold a slash, a code does not. */
function readTo(text: string): Payee {
  const slash = text.lastIndexOf('/')
  const payee = { bank: text.slice(0, slash), handle: text.slice(slash + 1).toLowerCase() }
  if (slash > 0 && fromBase32(payee.handle, HANDLE_BYTES) !== null) return payee
  throw new UsageError(
    '--to should be a bank, a slash and a code of 26 letters and digits, as "commonhour member handle" prints it at the other bank.',
  )
}

/** The id of the neighbour that is named. */
export async function bankOf(client: Client, named: string): Promise<Bytes> {
  const id = fromBase32(named, BANK_ID_BYTES)
  if (id !== null) return id
  const { neighbours } = await client.get<NeighboursView>('/neighbours')
  const same = neighbours.filter(({ name }) => name.toLowerCase() === named.toLowerCase())
  const [first] = same
  if (first !== undefined && same.length === 1) return fromBase32(first.bank_id, BANK_ID_BYTES) as Bytes
  const banks = (same.length === 0 ? neighbours : same).map((one) => `${one.name} ${one.bank_id}`).join(', ')
  throw new UsageError(
    same.length === 0
      ? `There is no neighbouring bank ${named}. There are: ${banks || 'none'}.`
      : `Several neighbouring banks are called ${named}. Name the one you mean by its id: ${banks}.`,
  )
}
