/**
 * What do files say that were made for TimeOverflow to take in? Users and transfers without headings. There are no
 * balances in them: everybody's follows from the transfers.
 */

import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { POT_NUMBER } from '../people.ts'
import type { ExchangesFile } from './exchanges-file.ts'
import { dayIn, GatheredExchanges, GatheredMembers, wholeSeconds } from './gathered.ts'
import { type MembersFile, rowOf } from './members-file.ts'
import type { RawRow } from './table.ts'

const FROM = 'timeoverflow'
/** Number, entry date, three parts of the name, gender, date of birth, phone, second phone, e-mail. */
export const USER_CELLS = 10
/** From, its type, to, its type, seconds, created, reason, post; older files are without `created`. */
const TRANSFER_CELLS = 8
const BANK_ITSELF = 'organization'

export interface Transfers {
  readonly file: ExchangesFile
  /** Seconds of each number by its transfers, under its capitals. */
  readonly seconds: ReadonlyMap<string, number>
}

export function readTimeoverflowTransfers(rows: readonly RawRow[]): Outcome<Transfers> {
  const gathered = new GatheredExchanges()
  const seconds = new Map<string, number>()
  for (const { line, cells } of rows) {
    if (cells.length !== TRANSFER_CELLS && cells.length !== TRANSFER_CELLS - 1)
      return refuse('file_shape_unknown', { file: 'exchanges', from: FROM, line })
    const [from = '', fromType = '', to = '', toType = '', amount = ''] = cells
    const hasDay = cells.length === TRANSFER_CELLS
    const recipient = accountOf(from, fromType)
    const provider = accountOf(to, toType)
    if (recipient === null || provider === null)
      return refuse('file_shape_unknown', { file: 'exchanges', from: FROM, line })
    const read = wholeSeconds(amount)
    if (read !== null && read > 0 && provider !== recipient) {
      seconds.set(provider, (seconds.get(provider) ?? 0) + read)
      seconds.set(recipient, (seconds.get(recipient) ?? 0) - read)
    }
    gathered.take({
      line,
      sourceId: '',
      day: hasDay ? dayIn(cells[5] ?? '') : null,
      provider,
      recipient,
      seconds: read ?? 'hours_unclear',
      description: cells[hasDay ? 6 : 5] ?? '',
    })
  }
  return accept({ file: gathered.file([]), seconds })
}

/** People, with the balances that the transfers give them; the bank's own account is our pot. */
export function readTimeoverflowUsers(
  rows: readonly RawRow[],
  transfers: Transfers | null,
): Outcome<MembersFile> {
  const gathered = new GatheredMembers()
  const secondsOf = (number: string): number => transfers?.seconds.get(number.toUpperCase()) ?? 0
  for (const { line, cells } of rows) {
    if (cells.length !== USER_CELLS) {
      const isCut = cells.length < USER_CELLS && rows.at(-1)?.line === line
      return isCut
        ? refuse('file_truncated', { file: 'members', line })
        : refuse('file_shape_unknown', { file: 'members', from: FROM, line })
    }
    const [number = '', entered = '', first, second, third, , , phone, phone2, email] = cells
    gathered.take({
      line,
      number,
      name: [first, second, third].filter((part) => part !== '').join(' '),
      kind: 'member',
      status: 'active',
      joinedOn: dayIn(entered),
      phone: phone ?? null,
      phone2: phone2 ?? null,
      email: email ?? null,
      seconds: secondsOf(number),
    })
  }
  const file = gathered.file([
    { file: 'members', column: '(6)', why: 'unknown' },
    { file: 'members', column: '(7)', why: 'secret' },
  ])
  const pot = potRow(secondsOf(POT_NUMBER), (rows.at(-1)?.line ?? 0) + 1)
  return accept(pot === null ? file : { ...file, rows: [...file.rows, pot] })
}

/** The pot stands in no line of the users: its row comes behind the last. */
function potRow(seconds: number, line: number): MembersFile['rows'][number] | null {
  if (seconds === 0) return null
  const balanceMinutes = Math.round(seconds / 60)
  const row = rowOf(
    { line, number: POT_NUMBER, name: '', kind: 'fund', status: 'active', balanceMinutes },
    false,
  )
  return typeof row === 'string' ? null : row
}

function accountOf(number: string, type: string): string | null {
  if (type.toLowerCase() === BANK_ITSELF) return POT_NUMBER
  return type.toLowerCase() === 'member' && number !== '' ? number.toUpperCase() : null
}
