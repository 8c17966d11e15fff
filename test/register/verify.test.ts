import { afterEach, describe, expect, test } from 'vitest'
import { toBase32 } from '../../src/core/ids.ts'
import { takeBack } from '../../src/register/corrections.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { addMember } from '../../src/register/people.ts'
import {
  proofOf,
  type Verdict,
  verifyProof,
  verifyReference,
  writtenReference,
} from '../../src/register/verify.ts'
import { receiptPhrase } from '../../src/words/phrase.ts'
import { ok } from '../node/town.ts'
import { type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour(): Promise<{ bank: LoneBank; id: Uint8Array; index: number }> {
  const bank = await openLoneBank()
  open.push(bank)
  const { node, people, act } = bank
  for (const number of ['H-1', 'H-2']) ok(await addMember(node, people, { name: number, number }))
  const { id, index } = ok(
    await recordHelp(node, people, { provider: 'H-1', recipient: 'H-2', minutes: 60 }, act),
  )
  return { bank, id, index: index ?? -1 }
}

describe('[EX-19] a phrase with its reference', () => {
  test('stands, is taken back, or is unknown; other signs and blanks do not matter', async () => {
    const { bank, id } = await harbour()
    const { node, people, act } = bank
    const phrase = receiptPhrase(id)
    const checked = async (typed: { phrase: string; reference: string }): Promise<Verdict['kind']> =>
      (await verifyReference(node, typed)).kind
    expect(await checked({ phrase, reference: writtenReference(id) })).toBe('stands')
    expect(await checked({ phrase: '', reference: toBase32(id) })).toBe('stands')
    const spelled = phrase.toLowerCase().replaceAll('-', ' ')
    expect(await checked({ phrase: spelled, reference: ` ${toBase32(id).toUpperCase()}` })).toBe('stands')
    expect(await checked({ phrase: 'RED-BOAT-00', reference: toBase32(id) })).toBe('phrase_differs')
    const other = toBase32(id.map((byte) => byte ^ 1))
    expect(await checked({ phrase: '', reference: other })).toBe('unknown')
    expect(await checked({ phrase, reference: 'x' })).toBe('unknown')
    ok(await takeBack(node, people, { record: id }, act))
    expect(await checked({ phrase, reference: toBase32(id) })).toBe('taken_back')
  })
})

describe('[EX-19] a proof file', () => {
  test('is right to the last sign, and stays right when the log goes on', async () => {
    const { bank, index } = await harbour()
    const { node, people, act } = bank
    const file = await proofOf(node, index)
    ok(await recordHelp(node, people, { provider: 'H-1', recipient: 'H-2', minutes: 5 }, act))
    expect(await verifyProof(node, file)).toEqual({ kind: 'proof_right', index })
    expect(await verifyProof(node, `\n${file.replaceAll('\n', '\n')}  `)).toEqual({
      kind: 'proof_right',
      index,
    })
    // Without its entry, as the public log prints it, it is held against our own.
    const bare = file.replace(/^extra .*\n/m, '')
    expect(await verifyProof(node, bare)).toEqual({ kind: 'proof_right', index })
    expect((await verifyProof(node, bare.replace(`index ${index}`, `index ${index - 1}`))).kind).toBe(
      'proof_wrong',
    )
    expect((await verifyProof(node, bare.replace(`index ${index}`, 'index 999999'))).kind).toBe('proof_wrong')
    expect((await verifyProof(node, 'nothing of the kind')).kind).toBe('proof_wrong')
    for (let at = 0; at < file.length - 1; at += 7) {
      const sign = file[at] === 'B' ? 'C' : 'B'
      const broken = file.slice(0, at) + sign + file.slice(at + 1)
      expect([at, (await verifyProof(node, broken)).kind]).not.toEqual([at, 'proof_right'])
    }
  })

  test('of another bank is not ours', async () => {
    const [one, other] = [await harbour(), await harbour()]
    const file = await proofOf(other.bank.node, other.index)
    expect((await verifyProof(one.bank.node, file)).kind).toBe('not_ours')
  })
})
