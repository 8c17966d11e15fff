import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importPlanShape, importResultShape, importUndoneShape } from '../../src/http/shapes/files.ts'
import { type Answer, end, type TestBank, testBank } from './served.ts'

const MEMBERS = 'member_number,name,balance_minutes\n1,Ada,90\n2,Bo,-30\n'
const EXCHANGES =
  'source_id,happened_on,provider_number,recipient_number,minutes\na,2020-01-02,1,2,60\nb,2020-01-03,1,2,30\n'

let harbour: TestBank

beforeAll(async () => {
  harbour = await testBank('Harbour')
})
afterAll(() => end(harbour))

function send(
  act: 'check' | 'apply',
  parts: Record<string, string | Uint8Array<ArrayBuffer>>,
): Promise<Answer> {
  const form = new FormData()
  for (const [name, part] of Object.entries(parts)) {
    if (name === 'members' || name === 'exchanges' || name === 'balances')
      form.set(name, new Blob([part]), `${name}.csv`)
    else form.set(name, String(part))
  }
  const headers = { authorization: `Bearer ${harbour.token}` }
  return harbour.ask(`/api/v1/import/${act}`, { method: 'POST', headers, body: form })
}

describe('import', () => {
  test('[IMP-1] check shows the sheet and writes nothing', async () => {
    const { size } = (await harbour.call('GET', '/status')).json
    const plan = await send('check', { members: MEMBERS, exchanges: EXCHANGES })
    expect(plan.status).toBe(200)
    expect(importPlanShape.parse(plan.json)).toEqual(plan.json)
    expect(plan.json).toMatchObject({
      bank_name: 'Harbour',
      done: false,
      refusals: [],
      totals: { new_members: 2, archived: 2 },
    })
    expect((await harbour.call('GET', '/status')).json.size).toBe(size)
  })

  test.each([
    ['not UTF-8', { members: new Uint8Array([0x6e, 0x80, 0x81, 0x00]) }],
    ['unknown headings', { members: 'a,b\n1,2\n' }],
    ['cut off', { members: 'member_number,name,balance_minutes\n1,Ada,0\n2,"B' }],
    ['duplicate numbers', { members: 'member_number,name,balance_minutes\n1,Ada,0\n1,Bo,0\n' }],
  ])('%s: the plan says why it cannot be done, and apply refuses the same', async (_, parts) => {
    const plan = await send('check', parts)
    expect(plan.json.refusals).toHaveLength(1)
    const applied = await send('apply', { ...parts, name: 'Harbour' })
    expect(applied.status).toBe(422)
    expect(applied.json.code).toBe(plan.json.refusals[0].code)
    expect(applied.json.detail).toBe(plan.json.refusals[0].detail)
  })

  test('[IMP-2] the name is typed, and the files are those that were looked at', async () => {
    expect((await send('apply', { members: MEMBERS, name: 'Millbrook' })).json.code).toBe('name_not_typed')
    expect(
      (await send('apply', { members: MEMBERS, name: 'Harbour', digest: 'ab'.repeat(32) })).json.code,
    ).toBe('file_changed')
    expect((await send('apply', { name: 'Harbour' })).json).toMatchObject({
      code: 'request_malformed',
      facts: { field: 'members' },
    })
    expect((await send('apply', { members: MEMBERS })).json.facts.field).toBe('name')
    expect((await harbour.call('POST', '/import/apply', { members: 'x' })).json.code).toBe(
      'request_malformed',
    )
  })

  test('[IMP-7] the same files twice add nothing', async () => {
    const { digest } = (await send('check', { members: MEMBERS, exchanges: EXCHANGES })).json
    const first = await send('apply', { members: MEMBERS, exchanges: EXCHANGES, name: 'Harbour', digest })
    expect(importResultShape.parse(first.json)).toEqual(first.json)
    expect(first.json).toMatchObject({ members_added: 2, opening_minutes: 120, archived: 2, changed: true })
    const again = await send('apply', { members: MEMBERS, exchanges: EXCHANGES, name: 'Harbour' })
    expect(again.json).toMatchObject({ members_added: 0, changed: false })
    expect((await harbour.call('GET', '/members/1')).json).toMatchObject({ name: 'Ada', balance_minutes: 90 })
    expect((await harbour.call('GET', '/status')).json.sum_minutes).toBe(0)
  })

  test('[IMP-8] a sheet comes with its columns, and [IMP-12] goes again by its digest', async () => {
    const members = 'Nombre\tSaldo\nZoe\t1h30\nCy\t-1:30\nTotal\t0\n'
    const columns = JSON.stringify({ name: 'nombre', hours: 2, unit: 'hours' })
    const parts = { members, from: 'sheet', columns }
    const plan = await send('check', parts)
    expect(importPlanShape.parse(plan.json)).toEqual(plan.json)
    expect(plan.json.skipped).toEqual([{ file: 'members', line: 4, reason: 'total_row', number: null }])
    expect(plan.json.sheet.map((one: { file_minutes: number }) => one.file_minutes)).toEqual([90, -90])
    for (const said of ['{', '{"name":1,"hours":2}'])
      expect((await send('check', { ...parts, columns: said })).json.code).toBe('columns_wrong')
    const applied = await send('apply', { ...parts, name: 'Harbour', digest: plan.json.digest })
    expect(applied.json).toMatchObject({ members_added: 2 })
    const undo = { digest: plan.json.digest, name: 'Harbour' }
    const undone = await harbour.call('POST', '/import/undo', undo)
    expect(importUndoneShape.parse(undone.json)).toEqual({ removed: 2, staying: [], finished: 'now' })
    expect((await harbour.call('POST', '/import/undo', undo)).json.code).toBe('import_unknown')
  })
})
