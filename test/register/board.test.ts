import { afterEach, describe, expect, test } from 'vitest'
import { decideGiveUp } from '../../src/node/board-acts.ts'
import { addMember } from '../../src/register/people.ts'
import { addToBoard, decidedBy, removeFromBoard } from '../../src/register/seats.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  return bank
}

const seated = (bank: LoneBank): Promise<string[]> =>
  bank.node.read(({ book }) => bank.people.board.seated(book).map(({ name }) => name))

describe('the board', () => {
  test('[PRIV-1] its names lie in the register alone, over a restart; the log has random ids', async () => {
    const bank = await harbour()
    const { node, people } = bank
    ok(await addMember(node, people, { name: 'Owen', number: 'M-0007' }))
    ok(await addToBoard(node, people, { name: ' CanaryOwen  Price ', member: 'm-0007' }))
    ok(await addToBoard(node, people, { name: 'Anne' }))
    expect(await seated(bank)).toEqual(['Anne', 'CanaryOwen Price'])
    await bank.restart()
    expect(await seated(bank)).toEqual(['Anne', 'CanaryOwen Price'])
    expect(await logContentOf(bank.store)).not.toContain('CanaryOwen')
    const own = await bank.node.read(({ book }) => {
      const { actor } = bank.people.board.find(book, 'canaryowen price')!
      return book.roles.get(Buffer.from(actor).toString('hex'))?.ownAccount
    })
    expect(own).toEqual(bank.people.byNumber('M-0007')?.account)
    expect(brokenRules([logOf(bank.node)])).toEqual([])
  })

  test.each([
    ['no name', { name: '  ' }, 'name_missing'],
    ['a long name', { name: 'é'.repeat(41) }, 'text_too_long'],
    ['somebody who is on it', { name: 'ANNE' }, 'board_known'],
    ['a member nobody knows', { name: 'Ben', member: 'M-0099' }, 'account_unknown'],
  ])('%s is refused and writes nothing', async (_, seat, code) => {
    const { node, people, store } = await harbour()
    ok(await addToBoard(node, people, { name: 'Anne' }))
    const before = await contentOf(store)
    expect(refusalOf(await addToBoard(node, people, seat))).toBe(code)
    expect(await contentOf(store)).toBe(before)
  })

  test('two who press at the same moment seat one person once', async () => {
    const bank = await harbour()
    const both = await Promise.all([1, 2].map(() => addToBoard(bank.node, bank.people, { name: 'Anne' })))
    expect(both.map(refusalOf).sort()).toEqual(['accepted', 'board_known'])
    expect(await seated(bank)).toEqual(['Anne'])
  })

  test('[LINE-10] who left decides nothing, and may come back under a new id', async () => {
    const bank = await harbour()
    const { node, people } = bank
    const first = ok(await addToBoard(node, people, { name: 'Anne' }))
    ok(await addToBoard(node, people, { name: 'Ben' }))
    expect(ok(await removeFromBoard(node, people, 'anne')).name).toBe('Anne')
    expect(refusalOf(await removeFromBoard(node, people, 'Anne'))).toBe('board_unknown')
    const act = decidedBy(people, ['Ben', 'Anne'], (board) => decideGiveUp(random.bytes(20), board, 0))
    expect(await node.commit(act)).toMatchObject({
      refusal: { code: 'board_unknown', facts: { name: 'Anne' } },
    })
    const again = ok(await addToBoard(node, people, { name: 'Anne' }))
    expect(again.actor).not.toEqual(first.actor)
    expect(await seated(bank)).toEqual(['Anne', 'Ben'])
    // Both are seated: now it is the line that is missing.
    expect(refusalOf(await node.commit(act))).toBe('line_missing')
    expect(brokenRules([logOf(node)])).toEqual([])
  })
})
