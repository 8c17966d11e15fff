/**
 * What do the files of a Komunitin currency say? Accounts by code with their balances, and transfers. They hold no
 * names: each person is called by the code until the desk knows better.
 */

import { accept, type Outcome } from '../../core/refusal.ts'
import type { ExchangesFile } from './exchanges-file.ts'
import { amountSeconds, dayIn, GatheredExchanges, GatheredMembers } from './gathered.ts'
import { readHeaded } from './headed.ts'
import type { Unit } from './lengths.ts'
import type { MemberRow, MembersFile } from './members-file.ts'

const FROM = 'komunitin'
const UNIT_SECONDS: Readonly<Record<Unit, number>> = { hours: 3600, minutes: 60 }
const STATES: Readonly<Record<string, MemberRow['status']>> = {
  active: 'active',
  disabled: 'suspended',
  suspended: 'suspended',
  deleted: 'closed',
}

/** `unit`: what one unit of the currency is; a person says so. Refuses as `readHeaded` does. */
export function readKomunitin(
  members: Uint8Array,
  exchanges: Uint8Array | null,
  unit: Unit,
): Outcome<{ members: MembersFile; exchanges: ExchangesFile | null }> {
  const unitSeconds = UNIT_SECONDS[unit]
  const accounts = readHeaded(members, {
    file: 'members',
    from: FROM,
    needs: [['code'], ['status'], ['balance'], ['creditlimit']],
  })
  if (!accounts.ok) return accounts
  const gathered = new GatheredMembers()
  for (const row of accounts.value.rows) {
    const number = row.cell('code')
    const status = STATES[row.cell('status').toLowerCase()]
    gathered.take({
      line: row.line,
      number,
      name: number,
      kind: 'member',
      status: status ?? 'active',
      joinedOn: dayIn(row.cell('created')),
      seconds:
        status === undefined
          ? 'status_unknown'
          : (amountSeconds(row.cell('balance'), unitSeconds) ?? 'hours_unclear'),
    })
  }
  const history = exchanges === null ? accept(null) : readTransfers(exchanges, unitSeconds)
  return history.ok
    ? accept({ members: gathered.file(accounts.value.left), exchanges: history.value })
    : history
}

function readTransfers(bytes: Uint8Array, unitSeconds: number): Outcome<ExchangesFile> {
  const read = readHeaded(bytes, {
    file: 'exchanges',
    from: FROM,
    needs: [['id'], ['created'], ['state'], ['amount'], ['payer.code'], ['payee.code']],
  })
  if (!read.ok) return read
  const gathered = new GatheredExchanges()
  for (const row of read.value.rows) {
    const sourceId = row.cell('id')
    if (row.cell('state') !== 'committed') {
      gathered.leave(row.line, 'not_committed', sourceId)
      continue
    }
    gathered.take({
      line: row.line,
      sourceId,
      day: dayIn(row.cell('created')),
      provider: row.cell('payee.code'),
      recipient: row.cell('payer.code'),
      seconds: amountSeconds(row.cell('amount'), unitSeconds) ?? 'hours_unclear',
      description: row.cell('description'),
    })
  }
  return accept(gathered.file(read.value.left))
}
