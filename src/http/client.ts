/**
 * How does another program speak to a bank? A small client for the API: it sends the token, reads JSON, and turns
 * every problem into one error. Every wait has an end.
 */

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from '@hono/zod-openapi'
import { Fault, reasonOf } from '../core/fault.ts'
import { LIMITS } from '../core/limits.ts'
import { REFUSALS } from '../core/refusal.ts'
import { readApiToken } from '../keys/api-token.ts'
import type { Problem } from './problem.ts'
import { findRunning } from './running-bank.ts'
import type { keyChangeShape, statusShape } from './shapes/bank.ts'
import type { boardShape, seatShape } from './shapes/board.ts'
import type { actsShape, coordinatorLinkShape, coordinatorShape, coordinatorsShape } from './shapes/desk.ts'
import type { importPlanShape, importResultShape, importUndoneShape } from './shapes/files.ts'
import type { healthShape } from './shapes/health.ts'
import type {
  erasedShape,
  handleShape,
  leavingShape,
  memberShape,
  membersShape,
  newMemberShape,
  personShape,
  statementShape,
} from './shapes/members.ts'
import type {
  foundShape,
  inviteShape,
  neighbourShape,
  neighboursShape,
  newNeighbourShape,
} from './shapes/neighbours.ts'
import type {
  exchangeShape,
  newExchangeShape,
  newPaymentShape,
  paymentShape,
  paymentsShape,
  sentPaymentShape,
} from './shapes/payments.ts'
import type { correctedShape } from './shapes/records.ts'
import type { fetchedRequestShape, foundMemberShape, requestShape, requestsShape } from './shapes/requests.ts'

export type { Problem }
export type StatusView = z.output<typeof statusShape>
export type HealthView = z.output<typeof healthShape>
export type MemberView = z.output<typeof memberShape>
export type MembersView = z.output<typeof membersShape>
export type PersonView = z.output<typeof personShape>
export type ErasedView = z.output<typeof erasedShape>
export type StatementView = z.output<typeof statementShape>
export type HandleView = z.output<typeof handleShape>
export type ExchangeView = z.output<typeof exchangeShape>
export type CorrectedView = z.output<typeof correctedShape>
export type CoordinatorView = z.output<typeof coordinatorShape>
export type CoordinatorLinkView = z.output<typeof coordinatorLinkShape>
export type CoordinatorsView = z.output<typeof coordinatorsShape>
export type ActsView = z.output<typeof actsShape>
export type PaymentJson = z.output<typeof paymentShape>
export type SentPaymentView = z.output<typeof sentPaymentShape>
export type PaymentsView = z.output<typeof paymentsShape>
export type RequestJson = z.output<typeof requestShape>
export type RequestsView = z.output<typeof requestsShape>
export type FetchedRequestView = z.output<typeof fetchedRequestShape>
export type FoundMemberView = z.output<typeof foundMemberShape>
export type LeavingView = z.output<typeof leavingShape>
export type SeatView = z.output<typeof seatShape>
export type KeyChangeView = z.output<typeof keyChangeShape>
export type BoardView = z.output<typeof boardShape>
export type NeighbourJson = z.output<typeof neighbourShape>
export type NeighboursView = z.output<typeof neighboursShape>
export type FoundView = z.output<typeof foundShape>
export type InviteView = z.output<typeof inviteShape>
export type ImportPlanView = z.output<typeof importPlanShape>
export type ImportResultView = z.output<typeof importResultShape>
export type ImportUndoneView = z.output<typeof importUndoneShape>
export type NewMemberRequest = z.input<typeof newMemberShape>
export type NewExchangeRequest = z.input<typeof newExchangeShape>
export type NewPaymentRequest = z.input<typeof newPaymentShape>
export type NewNeighbourRequest = z.input<typeof newNeighbourShape>

/** What the bank answered instead of what was asked for. The message is the sentence for a person. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ProblemError'
    this.problem = problem
  }

  get code(): string {
    return this.problem.code
  }

  /** A known "no" and not a failure of the bank or its machine. */
  get isRefusal(): boolean {
    return (REFUSALS as readonly string[]).includes(this.problem.code)
  }
}

/** Paths are those below /api/v1. Each call throws `ProblemError`, or Fault `bank_unreachable`. */
export interface Client {
  readonly url: string
  /** `stop` ends the waiting early, with an error. */
  get<T>(path: string, stop?: AbortSignal): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  remove<T>(path: string): Promise<T>
  postForm<T>(path: string, form: FormData): Promise<T>
  /** The bytes of an answer, as they come. */
  stream(path: string): Promise<ReadableStream<Uint8Array>>
}

/** A request may wait at the bank itself, for a payment or for the neighbours after a start; then for the answer. */
const LONGEST_MS = (LIMITS.waitingRequestSeconds + LIMITS.findSeconds) * 1_000

/** The client of the bank that runs on this folder. Throws Fault `folder_not_set_up` or `bank_unreachable`. */
export async function openClient(folder: string): Promise<Client> {
  const isSetUp = await stat(join(folder, 'api-token')).then(
    () => true,
    () => false,
  )
  if (!isSetUp) {
    throw new Fault(
      'folder_not_set_up',
      `There is no bank in ${folder} yet. Make one with: commonhour init --dir ${folder}`,
    )
  }
  const token = await readApiToken(folder)
  const running = await findRunning(folder)
  if (running === null) {
    throw new Fault(
      'bank_unreachable',
      `The bank in ${folder} is not running. Start it with: commonhour serve --dir ${folder}`,
    )
  }
  return makeClient({ url: running.url, token })
}

/** The client of a bank at an address, as `http://127.0.0.1:7600`. */
export function makeClient({ url, token }: { url: string; token: string }): Client {
  async function send(
    method: string,
    path: string,
    body?: string | FormData,
    stop?: AbortSignal,
  ): Promise<Response> {
    const headers = new Headers({ authorization: `Bearer ${token}` })
    if (typeof body === 'string') headers.set('content-type', 'application/json')
    let response: Response
    try {
      const limit = AbortSignal.timeout(LONGEST_MS)
      const signal = stop === undefined ? limit : AbortSignal.any([limit, stop])
      response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers,
        signal,
        ...(body === undefined ? {} : { body }),
      })
    } catch (cause) {
      const next = 'See whether it runs (commonhour status), and start it with: commonhour serve'
      throw new Fault('bank_unreachable', `The bank at ${url} does not answer (${causeOf(cause)}). ${next}`, {
        cause,
      })
    }
    if (!response.ok) throw await problemOf(response)
    return response
  }
  const json = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T
  return {
    url,
    get: (path, stop) => json(send('GET', path, undefined, stop)),
    post: (path, body) => json(send('POST', path, JSON.stringify(body ?? {}))),
    patch: (path, body) => json(send('PATCH', path, JSON.stringify(body))),
    remove: (path) => json(send('DELETE', path)),
    postForm: (path, form) => json(send('POST', path, form)),
    async stream(path) {
      const { body } = await send('GET', path)
      return body ?? new ReadableStream({ start: (controller) => controller.close() })
    },
  }
}

async function problemOf(response: Response): Promise<ProblemError | Fault> {
  const body: unknown = await response.json().catch(() => null)
  if (isProblem(body)) return new ProblemError(body)
  const what = `${response.url} answers with status ${response.status} and is no Commonhour bank.`
  return new Fault('bank_unreachable', `${what} Check the address and the port.`)
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    'detail' in body &&
    typeof body.detail === 'string'
  )
}

/** `fetch` hides the reason behind a general sentence. */
function causeOf(thrown: unknown): string {
  return reasonOf(thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown)
}
