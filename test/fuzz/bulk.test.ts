import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { form, type Wire, withToken, writeRequest } from './request.ts'
import { bytesOf, type Target } from './target.ts'
import { TARGETS } from './targets.ts'

/** Milliseconds of the processor: far above what any of these takes, and far below what it took when each row cost a hundred times its bytes. */
const MOST_MS = 20_000

function targetNamed(name: string): Target {
  const target = TARGETS.find((one) => one.name === name)
  if (target === undefined) throw new Error(`no target ${name}`)
  return target
}

/** So many bytes of one unit behind a beginning. */
function filled(bytes: number, unit: string, beginning: Uint8Array = new Uint8Array(0)): Uint8Array {
  const whole = Buffer.alloc(bytes, unit, 'latin1')
  whole.set(beginning)
  return new Uint8Array(whole)
}

async function toldInTime(name: string, input: Uint8Array): Promise<string> {
  const before = process.cpuUsage()
  const told = await targetNamed(name).tell(input)
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1_000).toBeLessThan(MOST_MS)
  return 'refused' in told ? told.refused : 'taken'
}

const HEADING = bytesOf('member_number,name,balance_minutes\n')

describe('[ADMIT-7] the longest inputs there may be, filled with what costs most', () => {
  test.each([
    ['empty lines', HEADING, '\n', 'taken'],
    ['rows of one cell', HEADING, '1\n', 'file_too_large'],
    ['rows of empty cells', HEADING, ',,\n', 'file_too_large'],
    ['one row of a million cells', HEADING, 'a,', 'taken'],
    ['a heading of a million columns', bytesOf('name,'), 'a,', 'file_too_large'],
    ['quotes that open and close', HEADING, '"\n', 'file_too_large'],
    ['one quoted cell', HEADING, '""', 'file_truncated'],
  ])('[IMP-6] a table of 8 MiB: %s', async (_, beginning, unit, said) => {
    expect(await toldInTime('members-csv', filled(LIMITS.httpBodyBytes, unit, beginning))).toBe(said)
  })

  test.each([
    ['empty arrays', '\x80'],
    ['empty maps', '\xa0'],
    ['empty bytes', '\x40'],
    ['empty texts', '\x60'],
    ['numbers', '\x00'],
  ])('[ENC-7] a frame of 256 KiB: %s', async (_, unit) => {
    const count = LIMITS.frameBytes - 11
    const head = Buffer.from('8501f6f680819a00000000', 'hex')
    head.writeUInt32BE(count, 7)
    const said = await toldInTime('frame', filled(LIMITS.frameBytes, unit, head))
    expect(said).toMatch(/^message (0|without a number) is unknown or malformed$/)
  })

  test('a table of one row too many is too large, and one of just as many is not', async () => {
    const rows = (count: number): Uint8Array =>
      bytesOf(`member_number,name,balance_minutes\n${'\n,,'.repeat(count)}\n`)
    expect(await toldInTime('members-csv', rows(LIMITS.importRows))).toBe('taken')
    expect(await toldInTime('members-csv', rows(LIMITS.importRows + 1))).toBe('file_too_large')
  })

  test('bodies of 8 MiB: deep, wide, long, and a form', async () => {
    const target = targetNamed('http-alone')
    await target.begin?.(1)
    try {
      const room = LIMITS.httpBodyBytes - 1_000
      const json = (text: string): Wire => ({ ...withToken('POST', '/members'), body: bytesOf(text) })
      const deep = json('['.repeat(room))
      const keys = json(`{"name":${'{"a":'.repeat(room / 8)}1`)
      const wide = json(`{"name":[${'0,'.repeat(room / 2 - 20)}0]}`)
      const long = json(`{"name":"${'x'.repeat(room)}"}`)
      const table = form('/import/check', {
        members: `member_number,name,balance_minutes\n${'\n'.repeat(room)}`,
      })
      const tooLong = json(' '.repeat(LIMITS.httpBodyBytes + 1))
      const said: string[] = []
      for (const wire of [deep, keys, wide, long, table, tooLong]) {
        said.push(await toldInTime('http-alone', writeRequest(wire)))
      }
      expect(said).toEqual([
        'request_malformed',
        'request_malformed',
        'request_malformed',
        'text_too_long',
        'taken',
        'body_too_large',
      ])
    } finally {
      await target.end?.()
    }
  })
})
