/** Which shapes do members, their devices and their codes have in the API? */

import { z } from '@hono/zod-openapi'
import { ERASE_REASONS, REVERSE_CAUSES } from '../../core/entry.ts'
import { LIMITS } from '../../core/limits.ts'
import { DEPUTY_REACHES } from '../../register/person.ts'
import {
  bankId,
  channel,
  day,
  deviceId,
  handleText,
  hex,
  minutes,
  note,
  number,
  paymentId,
  reason,
  seconds,
  signedMinutes,
} from './fields.ts'

const personKind = z.enum(['member', 'organisation', 'fund', 'before'])
export const memberShape = z
  .object({
    number,
    name: z.string(),
    kind: personKind,
    account: hex(16, 'Id of the account in the log.'),
    state: z.enum(['open', 'suspended', 'closed']),
    joined_on: day.nullable(),
    balance_minutes: signedMinutes,
    given_minutes: minutes,
    received_minutes: minutes,
  })
  .openapi('Member')
export const membersShape = z.object({ members: z.array(memberShape) }).openapi('Members')

const contact = z.string().nullish()
export const newMemberShape = z
  .strictObject({
    name: z.string(),
    number: z.string().nullish(),
    kind: z.enum(['member', 'organisation']).optional(),
    joined_on: day.nullish(),
    phone: contact,
    phone2: contact,
    email: contact,
    area: contact,
    language: contact,
    channel: contact.openapi({ description: 'How the person wants to be told things.' }),
    note: note.nullish(),
    phone_word: contact.openapi({ description: 'A word by which the desk knows the person on the phone.' }),
    print_large: z.boolean().optional().openapi({ description: 'Letters in large print.' }),
    paper: z.boolean().optional().openapi({ description: 'Wants statements and receipts by post.' }),
  })
  .openapi('NewMember')

export const editMemberShape = newMemberShape
  .omit({ kind: true })
  .partial()
  .extend({ number: z.string().optional() })
  .openapi('EditMember')

const deputyShape = z.object({
  number: number.nullable().openapi({ description: 'Null once that person is erased.' }),
  name: z.string().nullable(),
  from: day,
  until: day.nullable(),
  for_what: z.enum(DEPUTY_REACHES),
})
export const newDeputyShape = z
  .strictObject({
    helper: number,
    from: day.nullish(),
    until: day.nullish(),
    for_what: z.enum(DEPUTY_REACHES).default('all'),
  })
  .openapi('NewDeputy')
export const personShape = memberShape
  .extend({
    phone: z.string().nullable(),
    phone2: z.string().nullable(),
    email: z.string().nullable(),
    area: z.string().nullable(),
    language: z.string().nullable(),
    channel: z.string().nullable(),
    phone_word: z.string().nullable(),
    print_large: z.boolean(),
    paper: z.boolean(),
    has_note: z.boolean().openapi({ description: 'Opening the note is an act of its own, and kept.' }),
    helpers: z.array(deputyShape).openapi({ description: 'Who may act for the person.' }),
  })
  .openapi('Person')
export const privateNoteShape = z.object({ number, note: z.string().nullable() }).openapi('PrivateNote')

const statementLineShape = z
  .object({
    index: z.int().openapi({ description: 'Index of the entry in the log.' }),
    time: seconds,
    day: day.nullable(),
    minutes: signedMinutes,
    what: z.enum([
      'exchange',
      'opening',
      'reversed',
      'sent',
      'set_aside',
      'freed',
      'came_back',
      'received',
      'covered',
      'loss',
    ]),
    category: z.int(),
    id: paymentId,
    reversed_at: z
      .int()
      .nullable()
      .openapi({ description: 'Index of the entry that took this record back; it is shown struck through.' }),
    replaces: paymentId.nullable().openapi({ description: 'The record that this one replaces.' }),
    correction: z
      .object({
        id: paymentId,
        index: z.int(),
        cause: z.enum(REVERSE_CAUSES),
        replaced_by: z.object({ id: paymentId, index: z.int() }).nullable(),
      })
      .nullable()
      .openapi({
        description: 'Of a line that takes a record back: which, why, and what stands in its place.',
      }),
    with: z.array(z.object({ number, name: z.string() })),
    bank_id: bankId.nullable(),
    bank_name: z.string().nullable(),
    channel: channel.nullable(),
    note: z.string().nullable(),
  })
  .openapi('StatementLine')
export const statementShape = memberShape.extend({ lines: z.array(statementLineShape) }).openapi('Statement')

export const leaveShape = z
  .strictObject({
    channel,
    reason: reason.nullish(),
    rest_to: number.nullish().openapi({ description: 'Who gets the hours that are left; else the pot.' }),
  })
  .openapi('Leave')
export const leavingShape = memberShape
  .extend({
    waiting_payments: z.int().openapi({ description: 'On their way; ask again once they have ended.' }),
    rest_minutes: signedMinutes.openapi({
      description: 'What went to the pot or whoever was named; below 0 the pot gave it.',
    }),
  })
  .openapi('Leaving')

export const eraseShape = z
  .strictObject({
    confirm: z.string().openapi({ description: "The member's name, typed once more." }),
    reason: z.enum(ERASE_REASONS).default('asked'),
    rest_to: number.nullish().openapi({ description: 'Who gets the hours that are left; else the pot.' }),
    channel: channel.default('desk'),
  })
  .openapi('Erase')
export const erasedShape = z
  .object({
    account: hex(16, 'Id of the account in the log, behind which nobody stands any more.'),
    state: z.enum(['closed', 'suspended']),
    waiting_payments: z.int(),
    rest_minutes: signedMinutes,
    finished: z
      .enum(['now', 'later'])
      .openapi({ description: '`later`: the next start takes the last traces out of the files.' }),
  })
  .openapi('Erased')

export const memberActShape = z
  .strictObject({ act: z.enum(['suspend', 'resume', 'close']) })
  .openapi('MemberAct')

export const newDeviceShape = z
  .strictObject({
    device: deviceId,
    key: hex(32, 'Public Ed25519 key of the device.'),
    possession: hex(64, 'Signature of the device over its registration.'),
  })
  .openapi('NewDevice')
export const deviceShape = z.object({ device: deviceId }).openapi('Device')

export const newHandleShape = z
  .strictObject({
    uses: z.number().default(1),
    days: z.number().default(LIMITS.handleSeconds / 86_400),
  })
  .openapi('NewHandle')
export const handleShape = z
  .object({
    handle: handleText,
    to: z.string().openapi({ description: 'What a payer at another bank types: bank id, slash, handle.' }),
    expires: seconds,
  })
  .openapi('Handle')
