/**
 * How do hours go to a member of another bank? `commonhour pay`: sends them, waits for the outcome, and says it in
 * the words people read.
 */

import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import type { Ref } from '../../core/entry.ts'
import { Fault } from '../../core/fault.ts'
import { type Bytes, fromBase32, fromHex, HANDLE_BYTES, HASH_BYTES, toBase32, toHex } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { type MemoSalts, type MemoTexts, memoCommitment } from '../../core/memo.ts'
import { orderPreimage } from '../../core/sign.ts'
import { encodeOrder } from '../../core/transfer/order.ts'
import type { Client, PaymentJson, SentPaymentView, StatusView } from '../../http/client.ts'
import { dayAt, dayOf } from '../../register/calendar.ts'
import { hoursAndMinutes } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { readDeviceFile } from '../device-file.ts'
import { EXIT } from '../exit-codes.ts'
import { bankOf, type PayeeFlags, readPayee, readTerms, type Terms } from '../payee.ts'
import { channelOption, dayOption, readNumber, reasonOption } from '../read-arguments.ts'
import { UsageError } from '../usage.ts'

interface PayFlags extends PayeeFlags {
  readonly from?: string
  readonly minutes?: number
  readonly key?: string
  readonly reason?: string
  readonly channel: string
  readonly post?: true
  readonly within?: number
  readonly day?: string
  readonly category?: number
  readonly note?: string
}

/** Seconds that a payment by post is watched; it may take days, and nobody has to look on. */
const POSTAL_LOOK = 3
/** Seconds beyond the deadline until the answer of the deciding bank is here. */
const GRACE = 30
const STEP = 5

export function addPay(program: Command, act: Act): void {
  program
    .command('pay')
    .summary('send hours to a member of another bank')
    .description(
      'Sends hours of a member who was helped to a member of a neighbouring bank, and waits for the outcome.\n' +
        'Exit code 0: done, or by post on its way. 1: it came back or never happened.\n\n' +
        'Examples: commonhour pay --from HB-4827-K --to millbrook/CODE --minutes 90 --reason telephoned --channel call\n' +
        '          commonhour pay --from HB-4827-K --code 7K3Q-X9M2 --bank millbrook --reason telephoned\n' +
        '          commonhour pay --from HB-4827-K --to-number ML-4827-K --bank millbrook --minutes 90 --reason telephoned',
    )
    .option('--from <number>', 'member who was helped; with --key the key says it')
    .option('--to <bank/code>', 'bank (name or id), slash, and the code of whoever helped')
    .option('--code <code>', 'code of the request that whoever helped shows; with --bank')
    .option('--to-number <number>', 'member number of whoever helped; with --bank')
    .option('--bank <bank>', 'bank of whoever helped: its name or id')
    .option('--minutes <count>', 'how long; a request may say it', readNumber)
    .option('--key <file>', "agree with the member's own device key")
    .addOption(reasonOption())
    .addOption(channelOption())
    .option('--post', 'send at once, although the other bank may be away')
    .option('--within <seconds>', 'how long the banks have to decide', readNumber)
    .addOption(dayOption())
    .option('--category <number>', 'kind of help; 0 is not said', readNumber)
    .option('--note <text>', 'words for the two, kept private')
    .action(act(run))
}

async function run(context: Context, flags: PayFlags): Promise<number> {
  const named = readPayee(flags)
  if (flags.minutes === undefined && flags.code === undefined)
    throw new UsageError('Say how long it was, with --minutes COUNT.')
  const client = await context.client()
  const to = await readTerms(context, client, named)
  const sent =
    flags.key === undefined
      ? await byCoordinator(client, flags, to)
      : await byDevice(client, flags, to, flags.key)
  const asked = flags.post === true || flags.code !== undefined
  const look = asked ? POSTAL_LOOK : (flags.within ?? LIMITS.decideInteractiveSeconds) + GRACE
  const { payment, stopped } = await watch(context, client, sent, look)
  context.print({ ...payment, record: sent.record }, () => {
    const known = sent.record === 'known' ? ' It had been recorded before and counts once.' : ''
    return `${payment.word}. ${payment.sentence}${known}\nPayment ${payment.id}`
  })
  if (stopped) return EXIT.interrupted
  return exitOf(context, payment, flags)
}

function exitOf(context: Context, payment: PaymentJson, flags: PayFlags): number {
  if (payment.state === 'paid') return EXIT.fine
  if (payment.state === 'sent' && (flags.post === true || flags.code !== undefined)) {
    context.say('It arrives when the other bank is back. See it with: commonhour status')
    return EXIT.fine
  }
  if (payment.ended) return EXIT.problems
  context.say('The other bank has not answered yet. See it with: commonhour status')
  return EXIT.couldNotFinish
}

/** Waits until nobody is waited for any more, telling each change; a stop signal ends the looking, not the payment. */
async function watch(
  context: Context,
  client: Client,
  sent: SentPaymentView,
  seconds: number,
): Promise<{ payment: PaymentJson; stopped: boolean }> {
  let payment: PaymentJson = sent
  const stop = new AbortController()
  const leave = context.io.onStop(() => stop.abort())
  const over = performance.now() + seconds * 1000
  let told = ''
  try {
    while (!payment.ended && performance.now() < over) {
      if (payment.word !== told) context.say(`${payment.word}: ${payment.sentence}`)
      told = payment.word
      const left = Math.max(0, (over - performance.now()) / 1000)
      const path = `/payments/${payment.id}?wait=${Math.min(STEP, left).toFixed(1)}`
      payment = await client.get<PaymentJson>(path, stop.signal)
    }
    return { payment, stopped: false }
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown
    context.say('Nobody looks on any more; the payment itself goes on. See it with: commonhour status')
    return { payment, stopped: true }
  } finally {
    leave()
  }
}

function byCoordinator(client: Client, flags: PayFlags, to: Terms): Promise<SentPaymentView> {
  if (flags.from === undefined) throw new UsageError('Say who was helped, with --from NUMBER or --key FILE.')
  return client.post<SentPaymentView>('/payments', {
    by: 'coordinator',
    payer: flags.from,
    // The handle that answered the question is the one that is paid: nobody is asked twice.
    ...(to.member === null ? to.payee : { bank: to.payee.bank, handle: to.member.handle }),
    minutes: flags.minutes ?? null,
    day: flags.day ?? null,
    category: flags.category ?? null,
    note: flags.note ?? null,
    postal: flags.post === true,
    decide_within_seconds: flags.within ?? null,
    nonce: toHex(random(16)),
    channel: flags.channel,
    reason: flags.reason ?? null,
  })
}

/** The order is made and signed here; the bank sees the key's word and never the key. */
async function byDevice(client: Client, flags: PayFlags, to: Terms, file: string): Promise<SentPaymentView> {
  const device = await readDeviceFile(file)
  const status = await client.get<StatusView>('/status')
  if (toBase32(device.bank) !== status.bank_id) {
    throw new Fault(
      'key_invalid',
      `The key ${file} is for another bank than ${status.name}. Name the folder of its own bank with --dir.`,
    )
  }
  const { payee, request } = to
  const minutes = request?.minutes ?? flags.minutes ?? 0
  // Amounts that no order can hold are refused by the bank, by name, before anything is signed.
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > LIMITS.crossingMinutes) {
    throw new UsageError(
      `--minutes should be a whole number from 1 to ${LIMITS.crossingMinutes} (${hoursAndMinutes(LIMITS.crossingMinutes)}).`,
    )
  }
  const memo = newMemo(request?.what ?? '', flags.note ?? '')
  const usual = flags.post === true ? LIMITS.decidePostalSeconds : LIMITS.decideInteractiveSeconds
  const decideBy = status.time + (flags.within ?? usual)
  const payeeBank = await bankOf(client, payee.bank)
  const order = encodeOrder({
    version: 1,
    payerBank: device.bank,
    payer: device.account,
    payeeBank,
    handle: handleOf(to),
    minutes,
    category: request?.category ?? flags.category ?? 0,
    day: readDay(request?.day ?? flags.day, status.time),
    commitment: memoCommitment(memo.texts, memo.salts),
    decideBy: request === null ? decideBy : Math.min(decideBy, request.expires),
    postal: flags.post === true,
    invoice: invoiceOf(to, payeeBank),
    refs: [],
    nonce: random(16),
  })
  return client.post<SentPaymentView>('/payments', {
    by: 'device',
    order: toHex(order),
    device: toHex(device.device),
    signature: toHex(device.key.sign(orderPreimage(order))),
    channel: 'web',
    memo: { texts: memo.texts, salts: memo.salts.map(toHex) },
  })
}

/** The handle that was named, or that the other bank gave out for the number or the request. */
function handleOf({ payee, request, member }: Terms): Bytes {
  const text = 'handle' in payee ? payee.handle : (request?.handle ?? member?.handle ?? '')
  const handle = fromBase32(text, HANDLE_BYTES)
  if (handle === null) throw new UsageError('The other bank named no handle. Talk to it.')
  return handle
}

/** The entry that an order for a request cites. */
function invoiceOf({ request }: Terms, bank: Bytes): Ref | null {
  if (request === null || request.invoice === null) return null
  const { epoch, index, leaf } = request.invoice
  return { bank, epoch, index, leaf: fromHex(leaf, HASH_BYTES) ?? new Uint8Array(HASH_BYTES) }
}

function readDay(date: string | undefined, time: number): number {
  const day = date === undefined ? dayAt(time) : dayOf(date)
  if (day === null) throw new UsageError('--day should be a date such as 2026-11-21.')
  return day
}

function newMemo(what: string, note: string): { texts: MemoTexts; salts: MemoSalts } {
  return { texts: [what, '', note], salts: [random(32), random(32), random(32)] }
}

function random(length: number): Bytes {
  return new Uint8Array(randomBytes(length))
}
