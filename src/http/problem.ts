/**
 * How does a "no" or a failure look to a machine? One problem body (RFC 9457) and one status for every refusal and
 * every fault; nothing answers an error in any other form. Both tables are total.
 */

import { z } from '@hono/zod-openapi'
import { Fault, type FaultCode } from '../core/fault.ts'
import type { Refusal, RefusalCode } from '../core/refusal.ts'
import { refusalWords } from '../words/refusals.ts'

export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503

export const REFUSAL_STATUS: Readonly<Record<RefusalCode, ProblemStatus>> = {
  token_missing: 401,
  token_wrong: 401,
  body_too_large: 413,
  request_malformed: 400,
  nothing_here: 404,
  sign_in_wrong: 403,
  tried_too_often: 429,
  new_devices_wait: 429,
  password_short: 422,
  pin_unfit: 422,
  code_wrong: 403,
  code_over: 403,

  log_behind_guard: 503,
  log_behind_neighbour: 503,
  start_waits: 503,
  clock_unsure: 503,
  disk_low: 503,
  too_busy: 503,

  minutes_not_whole: 422,
  minutes_out_of_range: 422,
  day_out_of_range: 422,
  text_too_long: 422,
  category_unknown: 422,

  account_unknown: 404,
  number_mistyped: 422,
  account_closed: 409,
  account_suspended: 409,
  payer_is_payee: 422,
  legs_do_not_add_up: 422,
  device_unknown: 404,
  device_removed: 409,
  signature_wrong: 422,
  coordinator_unknown: 422,
  coordinator_known: 409,
  last_coordinator: 409,
  board_too_few: 422,
  board_unknown: 422,
  board_known: 409,
  reason_missing: 422,
  not_covered: 422,

  own_bank: 422,
  bank_unknown: 404,
  bank_ambiguous: 409,
  line_missing: 409,
  line_proposed: 409,
  line_paused: 409,
  line_paused_there: 409,
  line_closing: 409,
  line_dead: 409,
  line_closed: 409,

  order_expired: 409,
  deadline_too_far: 422,
  order_malformed: 422,
  invoice_not_held: 409,
  invoice_differs: 422,
  payer_stop: 409,
  line_full: 409,
  line_too_busy: 409,

  neighbour_away: 409,
  asked_too_often: 409,
  member_not_found: 404,
  request_unknown: 404,
  request_expired: 409,
  request_used: 409,
  request_withdrawn: 409,
  notice_unknown: 404,
  answer_not_sound: 409,
  handle_unknown: 404,
  handle_expired: 409,
  handle_used_up: 409,
  payee_cannot_take: 409,
  payee_stop: 409,

  not_cancellable: 409,
  not_coverable: 409,
  not_recallable: 409,
  claim_answered: 409,
  too_many_waiting: 409,
  joins_too_many: 429,
  payment_unknown: 404,
  record_unknown: 404,
  record_not_correctable: 409,
  reversed_already: 409,
  take_back_late: 409,
  number_taken: 409,
  name_missing: 422,
  too_many_helpers: 409,
  balance_not_zero: 409,
  payments_open: 409,
  sheet_waits: 409,
  line_exists: 409,
  proposal_unknown: 404,
  limit_out_of_range: 422,
  limit_waits: 409,
  not_paused: 409,
  line_not_settled: 409,
  line_not_silent: 409,
  line_not_dead: 409,
  heads_not_compared: 409,
  recovery_not_accepted: 409,
  no_recovery_refused: 409,
  fund_missing: 409,
  amount_too_large: 409,
  device_known: 409,
  key_weak: 422,
  key_changes_used_up: 409,
  sheet_wrong: 422,
  handle_limits: 422,
  request_limits: 422,
  requests_too_many: 409,
  notice_missing: 422,
  notice_shows_contact: 422,
  notice_own: 409,
  notices_too_many: 409,

  file_not_utf8: 422,
  file_truncated: 422,
  file_heading_unknown: 422,
  file_heading_missing: 422,
  file_rows_wrong: 422,
  file_too_large: 422,
  file_not_balanced: 422,
  file_changed: 409,
  file_shape_unknown: 422,
  columns_wrong: 422,
  import_unknown: 404,
  name_not_typed: 422,
  import_after_line: 409,
}

/** Faults of the world: 503, for the same request may work later or elsewhere. */
export const FAULT_STATUS: Readonly<Record<FaultCode, ProblemStatus>> = {
  folder_not_set_up: 503,
  folder_in_use: 503,
  folder_read_only: 503,
  folder_set_up: 503,
  folder_unsafe: 503,
  version_unknown: 503,
  config_invalid: 503,
  port_in_use: 503,
  disk_low: 503,
  store_failed: 503,
  log_invalid: 503,
  commit_unknown: 503,
  key_invalid: 503,
  peer_unreachable: 503,
  peer_misbehaved: 503,
  timed_out: 503,
  export_invalid: 503,
  bank_unreachable: 503,
}

export const PROBLEM_TYPE = 'application/problem+json'

/** `detail` is the sentence for a person: what happened, why, what to do. `facts` are the figures in it. */
export const problemShape = z
  .object({
    type: z.string().openapi({ example: 'urn:commonhour:problem:line_full' }),
    title: z.string().openapi({ example: 'Line full' }),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ example: 'line_full' }),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .openapi('Problem')
export type Problem = z.infer<typeof problemShape>

export function refusalProblem(refusal: Refusal): Problem {
  return problem(refusal.code, REFUSAL_STATUS[refusal.code], refusalWords(refusal), refusal.facts)
}

export function faultProblem(fault: Fault): Problem {
  return problem(fault.code, FAULT_STATUS[fault.code], fault.message, {})
}

/** A mistake of ours: what broke stays in the log of the bank, for it may hold anything. */
export function bugProblem(): Problem {
  const detail =
    'The bank made a mistake over this request. What it recorded before is safe; its own log says more.'
  return problem('internal', 500, detail, {})
}

/** The problem as an answer. `Retry-After` for what passes by itself. */
export function problemResponse(body: Problem): Response {
  const headers = new Headers({ 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' })
  if (body.status === 503) headers.set('retry-after', '5')
  if (body.status === 401) headers.set('www-authenticate', 'Bearer realm="commonhour"')
  return new Response(JSON.stringify(body), { status: body.status, headers })
}

export function refusalResponse(refusal: Refusal): Response {
  return problemResponse(refusalProblem(refusal))
}

/** Whatever was thrown, as a problem. */
export function thrownProblem(thrown: unknown): Problem {
  return thrown instanceof Fault ? faultProblem(thrown) : bugProblem()
}

function problem(code: string, status: ProblemStatus, detail: string, facts: Refusal['facts']): Problem {
  const words = code.replaceAll('_', ' ')
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  return { type: `urn:commonhour:problem:${code}`, title, status, detail, code, facts }
}
