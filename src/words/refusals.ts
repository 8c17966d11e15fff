/**
 * What does each refusal say to a person? One sentence or two for each code: what happened, why, and what to do
 * next. The table is total, so a new refusal does not compile without its words.
 */

import type { Refusal, RefusalCode } from '../core/refusal.ts'
import { counted, hoursAndMinutes, mebibytes, moment, span } from './amounts.ts'

type Facts = Refusal['facts']

/** The words of a refusal. */
export function refusalWords({ code, facts }: Refusal): string {
  return REFUSAL_WORDS[code](facts)
}

export const REFUSAL_WORDS: Readonly<Record<RefusalCode, (facts: Facts) => string>> = {
  // the door
  token_missing: () =>
    'This needs the token of the bank, and none was sent. Send it as "Authorization: Bearer" and the text of the file api-token in the bank\'s folder.',
  token_wrong: () =>
    "The token that was sent is not this bank's. Use the one in the file api-token in the folder of this bank.",
  body_too_large: (f) =>
    `What was sent is too large: at most ${said(f, 'mostBytes', mebibytes, 'a few MiB')} are taken at a time. Send less, in several parts.`,
  request_malformed: (f) => malformedWords(f),
  nothing_here: () =>
    'There is nothing at this address. All addresses of the API are listed at /api/v1/openapi.json.',
  sign_in_wrong: () =>
    'Name and password do not go together. Check both; capitals count in the password. A printed recovery code opens as well.',
  tried_too_often: (f) =>
    `There were too many wrong tries. Wait ${said(f, 'waitSeconds', span, 'a while')}, then try again; a printed recovery code opens at once.`,
  new_devices_wait: (f) =>
    `Too many wrong PINs were tried at this bank. On new devices nobody comes in by PIN for ${said(f, 'waitSeconds', span, 'a while')}; known devices and codes of the desk still work.`,
  pin_unfit: () =>
    'A PIN has four to six digits, and is not 1234, 1212 or a year of birth, which everybody tries first. Choose another.',
  code_wrong: () => 'This code does not fit. Check it; a code works once, and the desk gives out another.',
  code_over: (f) =>
    `This code ran out on ${said(f, 'ended', moment, 'an earlier day')}. The desk gives out another.`,
  password_short: (f) =>
    `The password is too short: at least ${said(f, 'leastCharacters', plainCount, '12')} characters are needed. Three or four words in a row are easy to keep in mind.`,

  // the bank as a whole
  log_behind_guard: () =>
    "This bank's log has fewer entries than the bank has signed before, as an old copy of the folder would have. It signs nothing, so that no hour is lost or doubled, and goes on answering questions. Put back the newest copy of the folder, then start again.",
  log_behind_neighbour: (f) =>
    `A neighbouring bank holds ${said(f, 'theirSize', plainCount, 'more')} signed entries of this bank's log and this disk has ${said(f, 'ourSize', plainCount, 'fewer')}, as an old copy of the folder would have. The bank signs nothing, so that no hour is lost or doubled. Put back the newest copy of the folder, then start again.`,
  start_waits: (f) => startWords(f),
  clock_unsure: (f) =>
    `The clock of this machine is off by ${said(f, 'seconds', (n) => span(Math.abs(n)), 'too much')}, so nothing is recorded. Set the clock, or if it is right, say so with: commonhour status --confirm-clock`,
  disk_low: (f) =>
    `The disk is nearly full (${said(f, 'freeBytes', mebibytes, 'too little')} free, ${said(f, 'neededBytes', mebibytes, '64 MiB')} needed), so nothing new is recorded; reading still works. Make room on the disk, then try again.`,
  too_busy: () =>
    'The bank has too much to do at this moment. Nothing was recorded; try again in a few seconds.',

  // what is asked for
  minutes_not_whole: () =>
    'The length is not a whole number of minutes. Give whole minutes, such as 90 for 1 hour 30 minutes.',
  minutes_out_of_range: (f) =>
    `The length must be between ${said(f, 'leastMinutes', hoursAndMinutes, '1 minute')} and ${said(f, 'mostMinutes', hoursAndMinutes, '1 day')}. Record a longer help as several.`,
  day_out_of_range: () =>
    'The day of the help must lie within the past year, and not in the future. Check the day.',
  text_too_long: (f) =>
    `The ${text(f, 'field', 'text')} is too long: at most ${said(f, 'mostBytes', plainCount, 'so many')} bytes are kept, and nothing is cut off silently. Shorten it.`,
  category_unknown: () => 'There is no category with this number. Use a number from 0 (not said) to 999.',

  // who asks
  account_unknown: (f) =>
    `There is no member with ${'number' in f ? `the number ${f.number}` : 'this number or account'} at this bank. See all with: commonhour member list`,
  number_mistyped: (f) =>
    `${'number' in f ? `${f.number} is` : 'That is'} not quite a member's number: its last letter does not fit the rest, so a sign is wrong or two changed places. Check it, or look the person up by name.`,
  account_closed: () =>
    'This membership was closed for good, so nothing can be recorded for it. Add the person as a new member first.',
  account_suspended: () =>
    'This membership is suspended, so no hours leave it. Let it act again with: commonhour member resume NUMBER',
  payer_is_payee: () =>
    'Both numbers are the same person, and nobody can help themselves for hours. Check the two numbers.',
  legs_do_not_add_up: () =>
    'The hours given and received do not add up to zero, or the record cannot be read. Make the record anew.',
  device_unknown: () =>
    'This device is not registered for the member, so its word does not count. Register it first, or record it through a coordinator.',
  device_removed: () =>
    'This device was signed out, so its word does not count any more. Use another device, or record it through a coordinator.',
  signature_wrong: () =>
    'The signature does not belong to this record and device. Nothing was recorded; make and sign the record anew.',
  coordinator_unknown: (f) =>
    'name' in f
      ? `${f.name} is not a coordinator of this bank, or not any more. See who is with: commonhour coordinator list`
      : 'Whoever asks is not a coordinator of this bank, or not any more. Ask a coordinator to record it.',
  coordinator_known: (f) =>
    `${'name' in f ? `${f.name} is` : 'This person is'} a coordinator already. Tell two people of one name apart by what they are called.`,
  last_coordinator: () =>
    'This is the only coordinator of the bank, and without one nobody could act for its members. Add another one first with: commonhour coordinator add NAME',
  board_too_few: (f) =>
    `This is decided by the board: ${said(f, 'least', plainCount, '2')} to ${said(f, 'most', plainCount, '5')} different members of it must be named. Name them, and see who is on it with: commonhour board list`,
  board_unknown: (f) =>
    `${'name' in f ? `${f.name} is` : 'Somebody who was named is'} not on the board of this bank, or not any more. See who is with: commonhour board list`,
  board_known: (f) =>
    `${'name' in f ? `${f.name} is` : 'This person is'} on the board already. Everybody counts once; see who is on it with: commonhour board list`,
  reason_missing: () => 'A coordinator who acts for a member says why. Add a reason, such as: telephoned',
  not_covered: () =>
    'Whoever agreed may not agree for this account. The person whose hours leave must agree, or a coordinator for them.',

  // to which bank
  own_bank: () =>
    'This is the bank itself, not a neighbouring one. Record help between its own members with: commonhour give',
  bank_unknown: () =>
    'No bank was found under this name or id, or it does not answer. Check the id, give an address (--address), or try again when the bank is up.',
  bank_ambiguous: (f) =>
    `Several neighbouring banks have this name: ${text(f, 'banks', 'see the list')}. Name the one you mean by its id.`,
  line_missing: () =>
    'There is no line between the two banks, so hours cannot move. Begin one with: commonhour neighbour add',
  line_proposed: () =>
    'The line between the two banks waits for the other bank to agree. Ask it to accept the proposal.',
  line_paused: () =>
    'New hours on the line to this bank are stopped here. Let them pass again with: commonhour neighbour resume',
  line_paused_there: () => 'The neighbouring bank has stopped new hours on this line. Ask its coordinator.',
  line_closing: () =>
    'The line to this bank is being closed and waits for the other bank. Let hours pass again with: commonhour neighbour resume',
  line_dead: () =>
    'The board has given this bank up, so no new hours move. If it came back, the board takes it up again with: commonhour neighbour revive',
  line_closed: () => 'The line to this bank was closed. Begin a new one with: commonhour neighbour add',

  // whether it may go
  order_expired: () => 'The time in which this could be decided is over. No hours moved; ask again.',
  deadline_too_far: (f) =>
    `The time to decide is too long: at most ${said(f, 'longestSeconds', span, '8 days')}. Choose a shorter one.`,
  order_malformed: () =>
    'The signed order cannot be read, or differs from what it replaces. Make and sign it anew.',
  invoice_not_held: () =>
    'The request that this order answers is not at hand here. Fetch it from the other bank by its code, then send the order again.',
  invoice_differs: () =>
    'This order says something else than the request it answers. Make the order again from the request.',
  payer_stop: (f) =>
    `This would take the member past the limit for hours to other banks${'stopMinutes' in f ? ` (${hoursAndMinutes(Math.abs(Number(f.stopMinutes)))} more helped than given)` : ''}. Choose fewer hours, or find help in the other direction first.`,
  line_full: (f) =>
    `The line between the two banks has room for ${said(f, 'roomMinutes', hoursAndMinutes, 'no more')} just now. Wait until hours come back, find help in the other direction, or ask both banks to raise the line.`,
  line_too_busy: () =>
    'Too many exchanges with this bank wait for an answer. Try again when some have ended.',

  // at the payee's bank
  neighbour_away: () =>
    'The other bank cannot be reached just now. Nothing was recorded; try again when its connection is back.',
  asked_too_often: () =>
    'The other bank takes no more such questions from here today. Ask the person for a code, or try again tomorrow.',
  member_not_found: () =>
    'The other bank finds nobody under this number whom it may name. Check the number with the person, or ask for a code.',
  request_unknown: () =>
    'Nobody asked for hours under this code. Check the letters, or ask the person to show a new one.',
  request_expired: (f) =>
    `This code ran out${'at' in f ? ` on ${moment(Number(f.at))}` : ''}. No hours moved. Ask the person to show a new one.`,
  request_used: (f) =>
    `This code was used${'at' in f ? ` on ${moment(Number(f.at))}` : ' already'}. If it was not you, ask the person to show a new one.`,
  request_withdrawn: (f) =>
    `The person took this code back${'at' in f ? ` on ${moment(Number(f.at))}` : ''}. No hours moved. Ask for a new one.`,
  notice_unknown: () =>
    'There is no such ask or offer any more: it ran out, or was taken down. Look at the noticeboard for others.',
  answer_not_sound: (f) =>
    `What the other bank answered is not in order (${text(f, 'what', 'its form')}), so nothing was taken from it. Talk to the other bank.`,
  handle_unknown: () => 'The other bank does not know this code. Ask the person for a new one.',
  handle_expired: (f) =>
    `This code ran out${'expired' in f ? ` on ${moment(Number(f.expired))}` : ''}. Ask the person for a new one.`,
  handle_used_up: () => 'This code was used as often as it may be. Ask the person for a new one.',
  payee_cannot_take: () =>
    'The person at the other bank cannot take hours at present. Ask them, or the coordinator of their bank.',
  payee_stop: () =>
    'The person at the other bank has as many hours as that bank lets them gather. Ask the coordinator there.',

  // what has happened already
  not_cancellable: (f) =>
    `This cannot be taken back any more${'state' in f ? ` (it is: ${f.state})` : ''}. If it went to the other bank, ask the person there to send the hours back.`,
  not_coverable: (f) =>
    `Only hours on their way to a bank that was given up are paid back by the pot${'state' in f ? ` (these are: ${f.state})` : ''}. See the payment with: commonhour status`,
  not_recallable: (f) =>
    'away' in f
      ? 'The other bank cannot be asked just now, for it is away. Try again when it is connected: commonhour neighbour list'
      : `There is nothing to ask back${'state' in f ? ` (it is: ${f.state})` : ''}. Hours that arrived can only be sent back by the person who has them.`,
  claim_answered: () => 'This was answered already. Open it again to see what became of it.',
  too_many_waiting: (f) =>
    `${said(f, 'most', plainCount, 'Many')} things wait for others already. Let them answer first, or ask the desk.`,
  joins_too_many: (f) =>
    `${said(f, 'most', plainCount, 'Many')} people have asked to join today. Ring the bank, or try again tomorrow.`,
  payment_unknown: () =>
    'There is no payment with this id at this bank. See the open ones with: commonhour status',
  record_unknown: () =>
    'There is no record of help with this id at this bank. Look at the statement of either person; hours that went to another bank are sent back by a new payment, not taken back.',
  record_not_correctable: (f) =>
    f.what === 'opening'
      ? 'These hours were brought along from before the bank began, for many people in one record. Put one of them right by an exchange with the community pot.'
      : f.what === 'correction'
        ? 'This line takes a record back and cannot be taken back itself. Record the help anew.'
        : 'More than two people share this record, so no other can take its place in one step. Take it back whole, then record it anew.',
  reversed_already: () =>
    'This record was taken back before, and that is done once. If the help did happen, record it anew.',
  take_back_late: (f) =>
    `A record is taken back in one press for ${said(f, 'days', (n) => counted(n, 'day'), 'two weeks')}; this one is older. Correct it, and say why: commonhour record correct`,
  number_taken: (f) =>
    `The number ${text(f, 'number', 'asked for')} belongs to somebody else, or to the bank itself. Choose another, or leave it out.`,
  name_missing: () => 'A name is missing. Everything else about a person may be left out.',
  too_many_helpers: (f) =>
    `At most ${said(f, 'most', (n) => counted(n, 'person'), 'a few people')} may act for one member. End it for somebody first.`,
  balance_not_zero: (f) =>
    `This membership still has ${said(f, 'balanceMinutes', signedHours, 'hours')}. Settle them first, for example with a gift to the pot, then close it.`,
  payments_open: (f) =>
    `${said(f, 'open', (n) => counted(n, 'payment'), 'Some payments')} of this member wait for an answer. Close the membership when they have ended.`,
  sheet_waits: () =>
    'The recovery sheet of this bank is not on paper yet. Print it on the page "Our bank", then invite neighbours.',
  line_exists: () =>
    'There is a line with this bank already, or one is proposed. See: commonhour neighbour list',
  proposal_unknown: () =>
    'This bank has not asked for a line, or took it back. See who asks with: commonhour neighbour list',
  limit_out_of_range: (f) =>
    `A line's limit lies between 0 and ${said(f, 'mostMinutes', hoursAndMinutes, '10,000 hours')}.`,
  limit_waits: (f) =>
    `A new limit${'waitingMinutes' in f ? ` of ${hoursAndMinutes(Number(f.waitingMinutes))}` : ''} already waits for the neighbouring bank to acknowledge it. Change it again after that.`,
  not_paused: () => 'The line is not paused here, so there is nothing to resume.',
  line_not_settled: (f) =>
    `A line is closed when the hours of both sides are even and nothing is under way; ${said(f, 'owedMinutes', lineBalance, 'something is left')}${'open' in f ? `, and ${counted(Number(f.open), 'payment')} ${f.open === 1 ? 'waits' : 'wait'}` : ''}. Stop new hours with "commonhour neighbour pause", let hours move back, then close it.`,
  line_not_silent: (f) =>
    `A bank is given up when it has been silent for ${said(f, 'dueSeconds', span, '30 days')}${'heard' in f ? `; it was last heard on ${moment(Number(f.heard))}` : ''}. Until then pause the line with: commonhour neighbour pause`,
  line_not_dead: () =>
    'The board has not given this bank up, so there is no loss to decide about. Give it up first with: commonhour neighbour give-up',
  heads_not_compared: () =>
    'A bank that was given up is taken up again while it is connected and both have found the same history. Wait until it is back: commonhour neighbour list',
  recovery_not_accepted: () =>
    'The other bank began its log anew and left out some of what it had signed, so this line is stopped. Two members of the board can accept it with: commonhour neighbour accept-recovery BANK --board NAME --board NAME',
  no_recovery_refused: () =>
    'There is nothing to accept: no recovery of this bank was refused. See the line with: commonhour neighbour list',
  fund_missing: () =>
    'This bank has no community pot, so nobody can bear this. Every bank is founded with one.',
  amount_too_large: (f) =>
    `That is more than there is to decide about: at most ${said(f, 'mostMinutes', hoursAndMinutes, 'nothing')}. Give fewer minutes.`,
  device_known: () => 'A device with this id is registered already. Make a new device key.',
  key_weak: () =>
    'This key cannot be used: it is not a sound Ed25519 public key of 32 bytes. Make a new device key.',
  key_changes_used_up: () =>
    'This bank has changed its log key as often as a record of it can show. Found a new bank, or use the recovery sheet if the key is not safe any more.',
  sheet_wrong: () =>
    'These 24 words are not those of the recovery sheet of this bank. Check the newest sheet, and the order of its words; an older sheet is used up.',
  handle_limits: (f) =>
    `A code has 1 to ${said(f, 'mostUses', plainCount, '100,000')} uses and lasts 1 to ${said(f, 'mostDays', plainCount, '365')} days.`,
  request_limits: (f) =>
    `A request is good for 1 to ${said(f, 'mostUses', plainCount, '1,000')} payments and 1 hour to ${said(f, 'mostDays', plainCount, '31')} days.`,
  requests_too_many: (f) =>
    `This member has ${said(f, 'most', plainCount, 'as many as allowed')} open requests. Take one back, or wait until one is paid or runs out.`,

  // files
  file_not_utf8: (f) =>
    `${fileOf(f)} is not readable text${lineOf(f)}. Save it as CSV with the encoding UTF-8.`,
  notice_missing: () => 'An ask or an offer needs a sentence. Say in a few words what it is.',
  notice_shows_contact: () =>
    'A telephone number or an address would be read at neighbouring banks. Leave it out; the desks put the two people in touch.',
  notice_own: () => 'This ask or offer is of the same member. Nobody answers their own.',
  notices_too_many: (f) =>
    `The member has ${said(f, 'most', plainCount, '20')} asks and offers already. Take one down first.`,
  file_truncated: (f) => `${fileOf(f)} ends in the middle of a row${lineOf(f)}. Export it again, whole.`,
  file_heading_unknown: (f) =>
    `${fileOf(f)} has a heading that is unknown or stands twice${columnOf(f)}. The first row names the columns; rename or remove this one.`,
  file_heading_missing: (f) =>
    `${fileOf(f)} lacks a column${columnOf(f)}. Add it; the first row names the columns.`,
  file_rows_wrong: (f) =>
    'firstLine' in f
      ? `${fileOf(f)} has the number ${text(f, 'number', '')} twice, in line ${f.firstLine} and line ${text(f, 'line', '?')}. Nothing was imported; give each person a number of their own.`
      : `${fileOf(f)} has rows that cannot be taken as they are${lineOf(f)}. Nothing was imported; see each with: commonhour import check`,
  file_too_large: (f) =>
    `${fileOf(f)} is too large: at most ${'mostRows' in f ? `${f.mostRows} rows` : 'mostColumns' in f ? `${f.mostColumns} columns` : said(f, 'mostBytes', mebibytes, 'a few MiB')} are taken. Split it.`,
  file_not_balanced: (f) =>
    `The balances in the file do not add up to zero${'sumMinutes' in f ? ` but to ${f.sumMinutes} minutes` : ''}, as those of a whole bank must. Nothing was imported; see the sheet with: commonhour import check`,
  file_changed: () => 'The files are not the ones that were checked. Run "commonhour import check" again.',
  file_shape_unknown: (f) =>
    `${fileOf(f)} does not look like one of ${text(f, 'from', 'that program')}${lineOf(f)}. Choose where it really comes from, or name its columns.`,
  columns_wrong: (f) =>
    `What was said about the columns does not fit the file: ${text(f, 'what', 'columns')}. Name at least the column of the names, each column once, and the unit of the hours.`,
  import_unknown: () =>
    'No list was brought in under this digest, or it was taken away again. See the digest with: commonhour import check',
  name_not_typed: (f) =>
    'person' in f
      ? 'The name that was typed is not the name of this member. Erasing cannot be undone, so it is agreed to by typing the name.'
      : 'The name that was typed is not the name of this bank. An import is agreed to by typing it, for example: --name "Harbour"',
  import_after_line: () =>
    'Balances are imported before the first line to another bank is opened, and there is one already. Start with a new bank folder.',
}

function startWords(facts: Facts): string {
  const neighbours = said(
    facts,
    'neighbours',
    (n) => counted(n, 'neighbouring bank'),
    'its neighbouring banks',
  )
  if (!('entries' in facts)) {
    return `The bank has just started and is asking ${neighbours} whether its log is complete. Try again in a moment; reading works meanwhile.`
  }
  const silent =
    facts.neighbours === 0 ? 'there is no neighbouring bank to ask' : `${neighbours} did not answer`
  return (
    `The bank cannot tell whether its log of ${facts.entries} entries is complete: what it keeps beside the log to know that is missing or not enough, and ${silent}. ` +
    `Reading works. ${facts.neighbours === 0 ? 'If' : 'It records again once each of them has answered. If they cannot be reached for a week of asking, and'} this is the newest copy, say so with: commonhour status --confirm-log ${facts.entries}:${facts.root}`
  )
}

function malformedWords(facts: Facts): string {
  const field = text(facts, 'field', '')
  const problem = text(facts, 'problem', '')
  if ('differs' in facts)
    return 'What was signed and what was asked for are not the same. Make and sign the record anew.'
  if ('nonce' in facts) return 'This form was sent before, with other words. Begin a new one.'
  if (field === '')
    return `The request cannot be read${problem === '' ? '' : `: ${problem}`}. It should be JSON as described at /api/v1/openapi.json.`
  return `The field "${field}" cannot be taken as it is${problem === '' ? '' : `: ${problem}`}. Correct it and send it again.`
}

/** A fact that is a number, in words; or what stands there when it is missing. */
function said(facts: Facts, name: string, words: (fact: number) => string, otherwise: string): string {
  const fact = facts[name]
  return typeof fact === 'number' ? words(fact) : otherwise
}

function text(facts: Facts, name: string, otherwise: string): string {
  return name in facts ? String(facts[name]) : otherwise
}

function plainCount(count: number): string {
  return String(count)
}

function signedHours(minutes: number): string {
  const hours = hoursAndMinutes(Math.abs(minutes))
  return minutes < 0 ? `${hours} more helped than given` : `${hours} waiting`
}

function lineBalance(minutes: number): string {
  const hours = hoursAndMinutes(Math.abs(minutes))
  if (minutes === 0) return 'the hours are even'
  return minutes > 0
    ? `${hours} still have to go to the other bank`
    : `${hours} still have to come from the other bank`
}

function fileOf(facts: Facts): string {
  return 'file' in facts ? `The ${facts.file} file` : 'The file'
}

function lineOf(facts: Facts): string {
  return 'line' in facts ? ` (line ${facts.line})` : ''
}

function columnOf(facts: Facts): string {
  return 'column' in facts ? `: ${facts.column}` : ''
}
