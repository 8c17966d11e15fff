/**
 * What does the dump of a CES exchange say? Users, trades and balances as its pages hand them out, mostly in
 * Windows-1252. Passwords and identity numbers are not read at all ([IMP-4]).
 */

import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { words } from '../texts.ts'
import type { ExchangesFile } from './exchanges-file.ts'
import { amountSeconds, dayIn, GatheredExchanges, GatheredMembers } from './gathered.ts'
import { type HeadedRow, readHeaded } from './headed.ts'
import type { Unit } from './lengths.ts'
import type { MemberFields, MembersFile } from './members-file.ts'

const FROM = 'ces'
const UNIT_SECONDS: Readonly<Record<Unit, number>> = { hours: 3600, minutes: 60 }
/** How CES writes yes. */
const YES = '-1'
/** Organisations, companies, public bodies, and the exchange's own account. */
const ORGANISATIONS: readonly string[] = ['org', 'com', 'pub', 'adm']
/** Stands for all exchanges elsewhere: nobody here. */
const VIRTUAL = 'vir'

export interface CesFiles {
  readonly members: Uint8Array
  readonly exchanges: Uint8Array | null
  readonly balances: Uint8Array | null
  /** What one unit of the exchange is; a person says so. */
  readonly unit: Unit
}

/** Reads the files; notes are taken when they are ticked. Refuses as `readHeaded` does. */
export function readCes(
  { members, exchanges, balances, unit }: CesFiles,
  notes: 'keep' | 'leave',
): Outcome<{ members: MembersFile; exchanges: ExchangesFile | null }> {
  const unitSeconds = UNIT_SECONDS[unit]
  const users = readHeaded(members, {
    file: 'members',
    from: FROM,
    needs: [['uid'], ['usertype'], ['firstname'], ['surname']],
  })
  if (!users.ok) return users
  const held = balances === null ? accept(null) : readBalances(balances, unitSeconds)
  if (!held.ok) return held
  const history = exchanges === null ? accept(null) : readTrades(exchanges, unitSeconds)
  if (!history.ok) return history
  const gathered = new GatheredMembers()
  for (const row of users.value.rows) {
    const number = row.cell('uid')
    const seconds = held.value === null ? 0 : held.value.get(number.toUpperCase())
    gathered.take({
      ...userOf(row, notes),
      number,
      seconds: seconds === undefined ? 0 : (seconds ?? 'hours_unclear'),
    })
  }
  return accept({ members: gathered.file(users.value.left), exchanges: history.value })
}

function userOf(row: HeadedRow, notes: 'keep' | 'leave'): Omit<MemberFields, 'number' | 'balanceMinutes'> {
  const type = row.cell('usertype').toLowerCase()
  const own = [row.cell('firstname'), row.cell('surname')].filter((part) => part !== '').join(' ')
  const organisation = row.cell('orgnamelong', 'orgname') || row.cell('orgnameshort')
  const isOrganisation = ORGANISATIONS.includes(type)
  const [phone = '', phone2 = ''] = ['phonem', 'phoneh', 'phonew']
    .map((heading) => row.cell(heading))
    .filter((one) => one !== '')
  return {
    line: row.line,
    name: isOrganisation ? organisation || own : own || organisation,
    kind: type === VIRTUAL ? 'neighbour' : isOrganisation ? 'organisation' : 'member',
    status: row.cell('closed') === YES ? 'closed' : row.cell('locked') === YES ? 'suspended' : 'active',
    joinedOn: dayIn(row.cell('created')),
    phone,
    phone2,
    email: row.cell('email'),
    area: row.cell('subarea', 'defaultsub'),
    language: row.cell('lang'),
    note: notes === 'keep' ? plainText(row.cell('notes')) : null,
  }
}

/** Seconds by number, under its capitals; null for a balance that is no number. */
function readBalances(bytes: Uint8Array, unitSeconds: number): Outcome<Map<string, number | null>> {
  const read = readHeaded(bytes, { file: 'balances', from: FROM, needs: [['uid'], ['balance']] })
  if (!read.ok) return read
  const seconds = new Map<string, number | null>()
  for (const row of read.value.rows) {
    const number = row.cell('uid').toUpperCase()
    if (seconds.has(number)) return refuse('file_rows_wrong', { file: 'balances', line: row.line })
    seconds.set(number, amountSeconds(row.cell('balance'), unitSeconds))
  }
  return accept(seconds)
}

/** Both tables of trades, the older and the newer. The seller is who helped. */
function readTrades(bytes: Uint8Array, unitSeconds: number): Outcome<ExchangesFile> {
  const read = readHeaded(bytes, {
    file: 'exchanges',
    from: FROM,
    needs: [
      ['id', 'txid'],
      ['seller'],
      ['buyer'],
      ['amount', 'base_amount', 'seller_amount'],
      ['dateentered', 'date_entered'],
    ],
  })
  if (!read.ok) return read
  const gathered = new GatheredExchanges()
  for (const row of read.value.rows) {
    gathered.take({
      line: row.line,
      sourceId: row.cell('id', 'txid'),
      day: dayIn(row.cell('dateentered', 'date_entered')),
      provider: row.cell('seller'),
      recipient: row.cell('buyer'),
      seconds:
        amountSeconds(row.cell('amount', 'base_amount', 'seller_amount'), unitSeconds) ?? 'hours_unclear',
      description: plainText(row.cell('description')),
    })
  }
  return accept(gathered.file(read.value.left))
}

/** What CES keeps as HTML, without its marks: ends of lines stay ends of lines, and no text is lost ([IMP-5]). */
function plainText(html: string): string {
  const lines = html.replace(/<(?:br|\/p|\/div|\/li)\b[^<>]{0,200}>/gi, '\n')
  const bare = lines.replace(/<\/?[a-z][^<>]{0,500}>/gi, '')
  return words(bare.replace(/&(?:nbsp|lt|gt|quot|#39|amp);/g, (one) => ENTITIES[one] ?? one))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&nbsp;': ' ',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}
