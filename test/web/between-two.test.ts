/** Does a member find what two other people told each other? No claim, no record, no file, by no address. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newNonce } from './caller.ts'
import { callerOf, closeBanks, openTown, type Town } from './town.ts'

let banks: { readonly town: Town }
beforeAll(async () => {
  banks = { town: await openTown() }
})
afterAll(() => closeBanks(banks))

describe('[PRIV-26] what is between two people', () => {
  const NOT_HERE = 404
  /** What each of them finds at a path of Ada's and Bo's, and of Edna's and Bo Karlsson's. */
  const FOUND: Readonly<Record<string, readonly [hers: number, others: number]>> = {
    'Ada Marsh': [200, NOT_HERE],
    'Bo Lind': [200, NOT_HERE],
    'Edna Whitlock': [NOT_HERE, 200],
    'Bo Karlsson': [NOT_HERE, 200],
    'Mrs Featherstonehaugh-Cholmondeley': [NOT_HERE, NOT_HERE],
  }
  const paths = (): Readonly<Record<string, readonly [string, string]>> => {
    const { told, records } = banks.town
    return {
      'a claim': [`/agree/${told.claims.asked}`, `/agree/${told.claims.others}`],
      'a record': [`/records/${records.fresh}`, `/records/${told.others}`],
      'what is wrong with it': [`/records/${records.fresh}/wrong`, `/records/${told.others}/wrong`],
    }
  }
  const cells = Object.entries(FOUND).flatMap(([name, found]) =>
    ['a claim', 'a record', 'what is wrong with it'].flatMap((what) =>
      found.map((cell, whose) => ({ name, what, whose: whose === 0 ? 'Ada’s' : 'others’', cell })),
    ),
  )

  test.each(cells)('$what of $whose for $name: $cell', async ({ name, what, whose, cell }) => {
    const caller = await callerOf(banks.town, 'member', name)
    const path = paths()[what]?.[whose === 'Ada’s' ? 0 : 1] ?? ''
    const answer = await caller.look(path)
    expect(answer.status).toBe(cell)
    if (cell !== NOT_HERE) return
    const nothing = await caller.look('/nothing')
    // Nothing tells it from what was never there; the page names itself in the form of the languages alone.
    expect(answer.text.replaceAll(path, '')).toBe(nothing.text.replaceAll('/nothing', ''))
    const before = [banks.town.node.head.size, await standing(name)]
    for (const fields of ['yes=yes', 'no=yes', 'other=yes&hours=1', 'what=length'])
      expect((await caller.post(path, Object.fromEntries(new URLSearchParams(fields)))).status).toBe(NOT_HERE)
    expect([banks.town.node.head.size, await standing(name)]).toEqual(before)
  })

  /** What those whose things these are read of them. */
  async function standing(besides: string): Promise<string[]> {
    const read: string[] = []
    for (const [i, name] of ['Ada Marsh', 'Edna Whitlock'].entries()) {
      if (name === besides) continue
      const caller = await callerOf(banks.town, 'member', name)
      for (const [, both] of Object.entries(paths())) read.push((await caller.look(both[i] ?? '')).text)
    }
    return read.map((text) => text.replace(/[0-9a-f]{32}/g, ''))
  }

  test('a file of hours is one’s own', async () => {
    const own = async (name: string): Promise<string> =>
      (await (await callerOf(banks.town, 'member', name)).look('/hours.csv?number=M-0001')).text
    const [ada, edna] = [await own('Ada Marsh'), await own('Edna Whitlock')]
    expect(ada).toContain('Bo Lind')
    expect(ada).not.toContain('Bo Karlsson')
    expect(edna).toContain('Bo Karlsson')
    expect(edna).not.toContain('seeds')
    expect(await own('Mrs Featherstonehaugh-Cholmondeley')).toBe('date,what,minutes,entry,state\n')
  })

  test('a sign-in is ended by whoever owns it', async () => {
    const ada = await callerOf(banks.town, 'member')
    const names = [...(await ada.look('/me/devices')).text.matchAll(/name="sign-in" value="([^"]+)"/g)]
    expect(names.length).toBeGreaterThan(0)
    const edna = await callerOf(banks.town, 'member', 'Edna Whitlock')
    for (const [, name = ''] of names) await edna.post('/me/devices', { 'sign-in': name })
    await edna.post('/me/devices', { others: 'yes' })
    const after = [...(await ada.look('/me/devices')).text.matchAll(/name="sign-in" value="([^"]+)"/g)]
    expect(after).toHaveLength(names.length)
  })
})

describe('[PRIV-33] the page before anything is recorded', () => {
  const asks = async (by: string, other: string, path: string): Promise<string> => {
    const caller = await callerOf(banks.town, 'member', by)
    const fields = { other, hours: '1', minutes: '0', when: 'today', category: '40', nonce: newNonce() }
    const { status, text } = await caller.post(path, fields)
    expect(status).toBe(200)
    return text
  }

  test.each(['/record', '/helped', '/gift'])(
    '%s says of a typed number a first name and a letter',
    async (path) => {
      const { town } = banks
      const text = await asks('Ada Marsh', town.boKarlsson.number, path)
      expect(text).toContain('Bo K.')
      expect(text).not.toContain('Karlsson')
      expect(await asks('Ada Marsh', 'bo karlsson', path)).toContain('Bo Karlsson')
      // They shared records before.
      expect(await asks('Ada Marsh', town.bo.number, path)).toContain('Bo Lind')
      expect(await asks('Ada Marsh', town.library.number, path)).toContain('Harbour Library')
    },
  )

  test('a claim shows no more to whoever made it, until the other has said yes', async () => {
    const { edna, people } = banks.town
    const newcomer = people.all().find(({ name }) => name === 'Mrs Featherstonehaugh-Cholmondeley')
    const caller = await callerOf(banks.town, 'member', newcomer?.name)
    const fields = {
      other: edna.number,
      hours: '1',
      minutes: '0',
      when: 'today',
      category: '40',
      nonce: newNonce(),
    }
    const { to } = await caller.post('/helped', { ...fields, save: 'yes' })
    for (const path of [to ?? '', '/me']) expect((await caller.look(path)).text).not.toContain('Whitlock')
    expect((await caller.look(to ?? '')).text).toContain('Edna W.')
    const asked = await callerOf(banks.town, 'member', edna.name)
    expect((await asked.look(to ?? '')).text).toContain('Featherstonehaugh-Cholmondeley')
    expect((await asked.post(to ?? '', { yes: 'yes' })).status).toBe(303)
    expect((await caller.look(to ?? '')).text).toContain('Edna Whitlock')
  })
})
