/**
 * How grave is each broken rule, and what does the report say about it? One closed table over everything the audit
 * can find, in plain words: what is wrong, and why that matters to the people of the bank.
 *
 * In the sentences, names in braces stand for figures of the finding; ids are shortened by the report.
 */

import type { RuleId, Severity } from './rule-id.ts'

export interface RuleText {
  readonly severity: Severity
  /** What is wrong. */
  readonly what: string
  /** Why it matters. */
  readonly why: string
}

const fail = (what: string, why: string): RuleText => ({ severity: 'fail', what, why })
const warn = (what: string, why: string): RuleText => ({ severity: 'warn', what, why })
const info = (what: string, why: string): RuleText => ({ severity: 'info', what, why })

const NOT_WHOLE = 'What is not whole cannot be checked, and may hide something.'
const ALTERED = 'Somebody or something changed the log after the bank signed it.'
const UNSIGNED = 'Without a good signature nobody answers for these entries.'
const BOOKS = 'The balances that members see rest on entries like this one.'
const CONSENT = 'Hours of a member may only go down when the member, or somebody acting for them, agreed.'
const ONE_DECISION = 'A payment is decided once. Two answers would make hours appear or vanish.'
const ONE_STORY = 'Both banks must say the same about one payment, or hours appear or vanish between them.'
const CHAIN = 'The numbering is what shows that no payment between two banks was lost, doubled or slipped in.'
const AGREED = 'A line binds both banks, so both logs must hold the same words.'
const BOARD = 'Losses are borne by everybody, so several people of the board decide, in public.'
const RISK = 'Limits are what keeps the loss small if a neighbouring bank fails.'
const OPEN = 'Hours that wait too long are hours somebody is missing.'
const ORDER = 'The order of entries decides who had which rights, and when.'

export const RULES: Readonly<Record<RuleId, RuleText>> = {
  'AUD-1.bank_id': fail(
    'the founding entry does not belong to the bank this log is filed under',
    'The founding entry is what ties the log to its bank and its key.',
  ),
  'AUD-1.beyond_head': fail(
    '{file} holds more than the signed head covers',
    'The log went on after the head that is shown, so its end may have been cut off.',
  ),
  'AUD-1.checkpoint_malformed': fail('{file} is not a checkpoint', UNSIGNED),
  'AUD-1.checkpoint_missing': fail('{file} is missing', UNSIGNED),
  'AUD-1.checkpoint_origin': fail('the checkpoint is of another log', UNSIGNED),
  'AUD-1.checkpoint_signature': fail(
    "the checkpoint does not bear a good signature of the bank's log key",
    UNSIGNED,
  ),
  'AUD-1.entries_cut': fail('{file} ends early or has the wrong length', NOT_WHOLE),
  'AUD-1.entries_missing': fail('{file} is missing', NOT_WHOLE),
  'AUD-1.entry_differs': fail('the entry is not the one that the bank signed', ALTERED),
  'AUD-1.entry_newer': warn(
    'the entry is of a kind that this program does not know ({problem})',
    'A newer version of the program is needed to check it and all that follows.',
  ),
  'AUD-1.entry_unreadable': fail(
    'the entry cannot be read: {problem}',
    'A bank may only log entries that everybody can read in the same way.',
  ),
  'AUD-1.epoch_missing': fail(
    'epoch {missing} of the log is not among the files, though there is more of it',
    'Every epoch begins with what the one before it held. Ask the bank for the rest.',
  ),
  'AUD-1.file_extra': info('{file} is not part of a log', 'It was not looked at.'),
  'AUD-1.head_signature': warn('{file} is no good head of this bank', 'It was left out.'),
  'AUD-1.log_cut': fail(
    'the log shown ends at {shown} entries, and another log knows it to have {known}',
    'Ask the bank for the rest.',
  ),
  'AUD-1.log_rewritten': fail(
    'two histories: this entry names something that the other log, as shown, does not hold there',
    'One of the two banks changed its log, or claims what never was.',
  ),
  'AUD-1.root_differs': fail('the entries do not add up to the root that the bank signed', ALTERED),
  'AUD-1.seen_signature': fail(
    'the head noted here was not signed by the bank it is said to be of',
    'A bank must verify what it notes.',
  ),
  'AUD-1.tail_abandoned': warn(
    'the epoch ended at {shown} entries when the key was changed, and another log knows it to have had {known}',
    'A stolen key may have signed the rest, or the bank left some of its own word behind. Both boards should know which.',
  ),
  'AUD-1.tile_differs': fail('{file} holds a wrong hash', 'Proofs made from this file would be wrong.'),
  'AUD-1.tile_missing': warn(
    '{file} is missing',
    'The entries prove themselves without it; others may need it for their proofs.',
  ),
  'AUD-1.vkey_differs': fail(
    '{file} does not name the log key of the founding entry',
    'Readers who trust this file would trust the wrong key.',
  ),
  'AUD-1.vkey_missing': warn(
    '{file} is missing',
    'The founding entry names the key as well; other programs may need the file.',
  ),

  'AUD-1.time_back': fail('time goes back from {before} to {time}', ORDER),
  'AUD-1.founding': fail(
    'a {kind} entry stands in the wrong place',
    'A log begins with found, rules and card.',
  ),
  'AUD-1.rotation': fail(
    'the log key changes against the rules: {problem}',
    'Whoever can change the key without the old one or the recovery sheet can write the log of the bank.',
  ),
  'AUD-1.after_rotation': fail(
    'a {kind} entry stands after the last entry of its epoch',
    'The old key speaks for nothing once it has named the next one.',
  ),
  'AUD-1.recovery_signature': fail(
    'the signature of the recovery key that changes the log key is not good',
    'Whoever can change the key without the old one or the recovery sheet can write the log of the bank.',
  ),

  'AUD-2.postings_not_zero': fail(
    'the hours of this entry do not add up to zero: {sum} minutes are left over',
    'Hours were made from nothing, or vanished.',
  ),
  'AUD-2.rules_rows': fail('the rules name one class of accounts twice', 'Nobody could say which row holds.'),
  'AUD-2.account_twice': fail('account {account} is opened a second time', BOOKS),
  'AUD-2.account_unknown': fail('account {account} was never opened', BOOKS),
  'AUD-2.account_closed': fail('account {account} is closed', BOOKS),
  'AUD-2.account_suspended': fail('account {account} is suspended', 'Nothing may be taken from it.'),
  'AUD-2.account_not_empty': fail(
    'account {account} is closed with {balance} minutes and {open} open payments',
    BOOKS,
  ),
  'AUD-2.fund_closed': fail('the community pot is closed', 'Hours that come back to nobody go to the pot.'),
  'AUD-2.fund_missing': fail(
    'hours come back for a closed account, and there is no community pot',
    'Hours that come back to nobody go to the pot.',
  ),
  'AUD-2.second_of_class': fail(
    'account {account} is the second of class {class}, of which there may be one',
    BOOKS,
  ),
  'AUD-2.device_twice': fail('device {device} is registered a second time', CONSENT),
  'AUD-2.device_gone': fail('device {device} is removed though it is not registered', CONSENT),
  'AUD-2.role_gone': fail('{actor} is taken out of office and held none', ORDER),
  'AUD-2.exchange_malformed': fail('the record of help cannot be read', BOOKS),
  'AUD-2.exchange_bank': fail('the record of help is made out to another bank', BOOKS),
  'AUD-2.exchange_legs': fail('the accounts of this record are out of order, or one stands twice', BOOKS),
  'AUD-2.exchange_day': fail(
    'the day of the help ({day}) is out of bounds for an entry of day {today}',
    'Old help is recorded through the desk with its reason, not by date.',
  ),
  'AUD-2.exchange_twice': fail('exchange {id} stands in the log twice', 'The same help would count twice.'),
  'AUD-2.import_rules': fail(
    'opening balances need a coordinator, one leg on the account for earlier times, and the digest of the file',
    'Opening balances are the one way to bring in hours, so they must be traceable.',
  ),
  'AUD-2.reverse_unknown': fail(
    'record {id} is taken back and does not stand at index {target}',
    'Only help that was recorded here can be taken back, or hours would be made from nothing.',
  ),
  'AUD-2.reversed_twice': fail(
    'record {id} is taken back a second time; index {before} did so before',
    'Taken back twice, the hours would have moved the other way.',
  ),
  'AUD-2.ref_type': fail('a reference of type {type} does not belong here', BOOKS),
  'AUD-2.redact_targets': fail(
    'an erasure names {count} entries or accounts, not all of them there, or out of order',
    'Whoever puts a copy back must be able to erase the same again.',
  ),

  'AUD-3.not_covered': fail('nobody agreed for account {account}', CONSENT),
  'AUD-3.device_unknown': fail('device {device} was never registered', CONSENT),
  'AUD-3.device_removed': fail('device {device} had been removed before', CONSENT),
  'AUD-3.device_signature': fail("the device's signature is not good", CONSENT),
  'AUD-3.possession_signature': fail('the new device did not sign its own registration', CONSENT),
  'AUD-3.introducer': fail('the introducing device is none of account {account}', CONSENT),
  'AUD-3.introducer_signature': fail("the introducing device's signature is not good", CONSENT),
  'AUD-3.introduced_by_bank': warn(
    'a further device of account {account} was registered by the bank alone',
    "Whoever holds it can pay with that member's hours: ask the member.",
  ),
  'AUD-3.session_account': fail('somebody acts as {account}, who is no member', CONSENT),
  'AUD-3.coordinator_not_granted': fail('{actor} acts as coordinator and is none', CONSENT),
  'AUD-3.coordinator_run_out': fail("{actor}'s time as coordinator had run out", CONSENT),
  'AUD-3.coordinator_own_account': fail(
    'a coordinator acted for their own account {account} while another could have',
    CONSENT,
  ),
  'AUD-3.coordinator_own_account_alone': warn(
    'the only coordinator acted for their own account {account}',
    'It is allowed where there is nobody else; have a look at what it was.',
  ),
  'AUD-3.coordinator_without_account': warn(
    'coordinator {actor} names no own account',
    'So nobody can see when a coordinator acts for themself.',
  ),
  'AUD-3.second_missing': fail(
    "an act over {minutes} minutes lacks the second coordinator's name",
    'The bank asked for two pairs of eyes on acts of this size.',
  ),
  'AUD-3.board_number': fail(
    '{count} members of the board decided; two to five different ones are due',
    BOARD,
  ),
  'AUD-3.board_not_granted': fail('{actor} decides as a member of the board and is none', BOARD),
  'AUD-3.board_run_out': fail("{actor}'s time on the board had ended", BOARD),

  'AUD-3.order_malformed': fail('the order cannot be read', CONSENT),
  'AUD-3.order_bank': fail('the order is made out to other banks than this line has', CONSENT),
  'AUD-3.order_mode': fail(
    'the payment is carried out in another way (mode {mode}) than was ordered',
    CONSENT,
  ),
  'AUD-3.deadline': fail(
    'the deadline {decide_by} is not between {earliest} and {latest}',
    'A deadline that is too far off would bind hours for too long.',
  ),
  'AUD-3.double_hold': fail('payment {id} is held twice', ONE_DECISION),
  'AUD-3.hold_after_abort': fail(
    'payment {id} is held again after it was cancelled',
    'A cancelled payment is dead for ever; trying again is a new order.',
  ),
  'AUD-3.commit_without_hold': fail(
    'payment {id} is sent, and its id is not the hash of any order held here',
    CONSENT,
  ),
  'AUD-3.double_commit': fail('payment {id} is sent twice', ONE_DECISION),
  'AUD-3.commit_after_abort': fail('payment {id} is sent after it was cancelled', ONE_DECISION),
  'AUD-3.abort_after_commit': fail('payment {id} is cancelled after it was sent', ONE_DECISION),
  'AUD-3.double_abort': fail('payment {id} is cancelled twice', ONE_DECISION),
  'AUD-3.late_commit': fail(
    'payment {id} is sent at {time}, after its deadline {decide_by}',
    'The deadline is what lets everybody else stop waiting.',
  ),
  'AUD-3.commit_other_epoch': fail(
    'payment {id} is decided in another epoch than the one that held it',
    'An offer names the key that will decide; no other may.',
  ),
  'AUD-3.minutes_differ': fail('the minutes of one payment differ: {expected} and {found}', ONE_STORY),
  'AUD-3.attempt_differs': fail('payment {id} is decided under another attempt than held', ONE_DECISION),
  'AUD-3.terms_differ': fail('payment {id} has other terms here than before', ONE_STORY),
  'AUD-3.return_without_commit': fail('payment {id} comes back without having been sent', BOOKS),
  'AUD-3.double_return': fail('payment {id} comes back twice', BOOKS),
  'AUD-3.cover_not_due': fail('the pot pays payment {id} back, which is not on its way', BOOKS),
  'AUD-3.double_cover': fail('the pot pays payment {id} back twice', BOOKS),
  'AUD-3.done_without_commit': fail('payment {id} is noted as arrived without having been sent', ONE_STORY),
  'AUD-3.double_done': fail('payment {id} is noted as arrived twice, or after it came back', ONE_STORY),
  'AUD-3.double_promise': fail('one attempt of payment {id} is promised twice', ONE_DECISION),
  'AUD-3.double_credit': fail('payment {id} is credited twice', ONE_DECISION),
  'AUD-3.credit_after_waive': fail('payment {id} is credited after it was given back', ONE_DECISION),
  'AUD-3.credit_other_epoch': fail(
    'payment {id} is credited on the word of epoch {epoch}, and its offer named epoch {pinned}',
    'An offer names the key that will decide; no other may.',
  ),
  'AUD-3.waive_after_credit': fail('payment {id} is given back after it was credited', ONE_DECISION),
  'AUD-3.double_waive': fail('payment {id} is given back twice', ONE_DECISION),
  'AUD-3.release_without_promise': fail(
    'a promise for payment {id} is freed and does not stand',
    ONE_DECISION,
  ),
  'AUD-3.bounce_without_waive': fail(
    'payment {id} is turned away without having been given back',
    ONE_DECISION,
  ),
  'AUD-3.double_bounce': fail('payment {id} is turned away twice', ONE_DECISION),
  'AUD-3.invoice_twice': fail(
    'handle {handle} stands for two requests',
    'A handle is given out for one request, or nobody could say which one a payment answers.',
  ),
  'AUD-3.invoice_terms': fail('payment {id} is sent on other terms than the request it cites', ONE_STORY),
  'AUD-3.invoice_overused': fail(
    'payment {id} is credited on a request that was good for {uses} and used up',
    'The payer was asked once and may have been charged twice.',
  ),

  'AUD-4.wrong_bank_cited': fail('an entry of another bank is named than that of the line', ONE_STORY),
  'AUD-4.credit_without_commit': fail(
    "payment {id} is credited, and the payer's bank never sent it",
    'Hours were made from nothing at the cost of the neighbouring bank.',
  ),
  'AUD-4.answer_without_commit': fail("payment {id} is answered, and the payer's bank never sent it", CHAIN),
  'AUD-4.return_without_waive': fail(
    "payment {id} comes back, and the payee's bank never gave it back",
    'The payer has the hours again and the payee may have them too.',
  ),
  'AUD-4.done_without_credit': fail(
    "payment {id} is noted as arrived, and the payee's bank never credited it",
    ONE_STORY,
  ),
  'AUD-4.release_without_abort': fail(
    "the promise for payment {id} is freed, and the payer's bank had not given it up",
    ONE_STORY,
  ),
  'AUD-4.bundle_differs': fail(
    "payment {id} is sent on another promise than the payee's bank gave",
    ONE_STORY,
  ),
  'AUD-4.invoice_missing': fail(
    "payment {id} is sent on a request that the payee's bank never endorsed",
    ONE_STORY,
  ),

  'AUD-5.out_seq': fail('outgoing payment number {found} stands where {expected} is due', CHAIN),
  'AUD-5.out_sum': fail('the running sum of outgoing minutes is {found}, not {expected}', CHAIN),
  'AUD-5.prev_out': fail('the outgoing payment does not name the one before it', CHAIN),
  'AUD-5.in_seq': fail('incoming payment number {found} is answered where {expected} is due', CHAIN),
  'AUD-5.seq_differs': fail('payment {id} has number {expected} at the sending bank and {found} here', CHAIN),
  'AUD-5.mirror_differs': fail(
    'the two books of this line disagree: {ours} here, {theirs} there, {in_flight} minutes on their way, {written_off} written off',
    ONE_STORY,
  ),

  'AUD-6.line_unknown': fail('line {line} was never opened here', AGREED),
  'AUD-6.line_not_open': fail('line {line} is not open', AGREED),
  'AUD-6.line_paused': fail('line {line} is paused by this bank itself', 'A pause stops everything new.'),
  'AUD-6.line_state': fail('line {line} cannot do this while it is {state}', AGREED),
  'AUD-6.line_terms': fail(
    'the terms of the line cannot be read, or are not between this bank and another',
    AGREED,
  ),
  'AUD-6.line_not_agreed': fail(
    'line {line} names an agreement of the other bank that is not in its log',
    AGREED,
  ),
  'AUD-6.line_not_settled': fail(
    'line {line} is closed with {owed} minutes owed and {open} payments open',
    'What is still owed or on its way over a closed line might be forgotten.',
  ),
  'AUD-6.line_not_silent': fail(
    'the bank of line {line} is given up after {days} days of silence; 30 are due',
    'A bank that was away for a while must find its line again.',
  ),
  'AUD-6.line_not_dead': fail('line {line} is {state}, and only a bank that was given up is a loss', BOARD),
  'AUD-6.over_claim': fail('{minutes} minutes are written off on line {line}; {claim} were owed', BOOKS),
  'AUD-6.over_written_off': fail(
    '{minutes} written-off minutes are taken back on line {line}; {written_off} were written off',
    BOOKS,
  ),
  'AUD-6.written_off_stands': fail(
    'line {line} is taken up again while {minutes} minutes stay written off',
    'What a bank owes is forgotten when the line goes on without it.',
  ),
  'AUD-6.settled_away': fail(
    'settling moves what was written off on line {line} from {from} to {to}, not towards zero',
    BOOKS,
  ),
  'AUD-6.second_line': fail(
    'line {line} is opened while another to the same bank is not closed',
    'Two lines to one bank would be two limits.',
  ),
  'AUD-6.limit_version': fail(
    'version {found} of the limit of line {line} is used where {expected} is due',
    RISK,
  ),
  'AUD-6.limit_differs': fail("the limit of line {line} is not the one in the other bank's log", RISK),
  'AUD-6.over_limit': fail('the bank would owe {owed} minutes on line {line}, and may owe {limit}', RISK),
  'AUD-6.over_limit_in': fail(
    'the neighbour would owe {owed} minutes on line {line}, and may owe {limit}',
    RISK,
  ),
  'AUD-6.excess_after_lowering': info(
    'the bank owes {owed} minutes on line {line}, whose limit was lowered to {limit}',
    'Nothing is broken: the line takes nothing new until the debt has come down.',
  ),
  'AUD-6.payer_stop': fail(
    'account {account} would fall to {balance} minutes by a payment to another bank; its stop is {stop}',
    RISK,
  ),
  'AUD-6.payee_stop': fail('account {account} would rise to {balance} minutes; its stop is {stop}', RISK),

  'AUD-9.undecided_late': warn(
    'payment {id} over {minutes} minutes is still held after its deadline {decide_by}',
    OPEN,
  ),
  'AUD-9.promise_open': warn(
    'the promise for payment {id} stands long after its deadline {decide_by}',
    'Room on the line is blocked for nothing.',
  ),
  'AUD-9.in_transit_long': warn(
    'payment {id} over {minutes} minutes has been on its way for {days} days',
    OPEN,
  ),
  'AUD-9.unanswered': warn(
    'payment {id} over {minutes} minutes has waited {days} days, though this bank knew of it',
    OPEN,
  ),
}
