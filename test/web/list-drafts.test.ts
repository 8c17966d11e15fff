import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { readForm } from '../../src/web/form.ts'
import { ListDrafts } from '../../src/web/list-drafts.ts'
import { ok, random, refusalOf, TestClock } from '../node/town.ts'
import { bytesOf } from '../register/import/files.ts'

const [priya, owen] = [random.bytes(16), random.bytes(16)]
const files = { members: bytesOf('Ada') }

describe('[IMP-13] a pasted list waits in memory', () => {
  test('for whoever brought it, under a name that nobody guesses', () => {
    const lists = new ListDrafts(new TestClock(), random)
    const { id } = lists.add(priya, files)
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(lists.find(id, priya)?.files).toBe(files)
    expect(lists.find(id, owen)).toBeNull()
    expect(lists.find('', priya)).toBeNull()
    lists.change(id, { ...files, from: 'ces' })
    expect(lists.find(id, priya)?.files.from).toBe('ces')
    lists.drop(id)
    expect(lists.find(id, priya)).toBeNull()
  })

  test('for two hours, and the oldest makes room for the newest', () => {
    const clock = new TestClock()
    const lists = new ListDrafts(clock, random)
    const ids = Array.from({ length: LIMITS.listDrafts + 1 }, () => lists.add(priya, files).id)
    expect(ids.map((id) => lists.find(id, priya) !== null)).toEqual([
      false,
      ...Array.from({ length: LIMITS.listDrafts }, () => true),
    ])
    clock.offset += LIMITS.listDraftSeconds + 60
    expect(ids.every((id) => lists.find(id, priya) === null)).toBe(true)
  })
})

describe('[IMP-13] a form with files', () => {
  const posted = (form: FormData | URLSearchParams, headers: Record<string, string> = {}): Request =>
    new Request('http://bank.example/', { method: 'POST', body: form, headers })

  test('is read where files may come, and nowhere else', async () => {
    const form = new FormData()
    form.set('text', 'a\r\nb')
    form.set('file', new Blob(['Ada']), 'a.csv')
    form.set('empty', new Blob([]), '')
    const read = ok(await readForm(posted(form), { files: 'taken' }))
    expect(read.text('text')).toBe('a\nb')
    expect(Buffer.from(read.file('file') ?? []).toString()).toBe('Ada')
    expect(read.file('empty')).toBeNull()
    expect(read.has('file')).toBe(false)
    expect(refusalOf(await readForm(posted(form)))).toBe('request_malformed')
    expect(ok(await readForm(posted(new URLSearchParams({ a: 'b' })), { files: 'taken' })).text('a')).toBe(
      'b',
    )
  })

  test('has a bound in bytes and in fields', async () => {
    const long = new FormData()
    long.set('file', new Blob([new Uint8Array(LIMITS.listFormBytes)]), 'a.csv')
    const written = new Response(long)
    const type = { 'content-type': written.headers.get('content-type') ?? '' }
    const body = await written.bytes()
    const tooLong = new Request('http://bank.example/', { method: 'POST', body, headers: type })
    expect(refusalOf(await readForm(tooLong, { files: 'taken' }))).toBe('body_too_large')
    const many = new FormData()
    for (let i = 0; i <= LIMITS.formFields; i++) many.append('a', 'b')
    expect(refusalOf(await readForm(posted(many), { files: 'taken' }))).toBe('request_malformed')
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    const broken = new Request('http://bank.example/', { method: 'POST', body: 'no parts', headers })
    expect(refusalOf(await readForm(broken, { files: 'taken' }))).toBe('request_malformed')
  })
})
