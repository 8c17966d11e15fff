import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { REFUSALS, type RefusalCode } from '../../src/core/refusal.ts'
import {
  faultProblem,
  problemResponse,
  problemShape,
  REFUSAL_STATUS,
  refusalProblem,
  thrownProblem,
} from '../../src/http/problem.ts'
import { ROUTES } from '../../src/http/routes.ts'

describe('problems', () => {
  test.each(REFUSALS)('[OPS-14] %s has a status, a title and a sentence', (code) => {
    const body = refusalProblem({ code, facts: {} })
    expect(problemShape.parse(body)).toEqual(body)
    expect(body.status).toBeGreaterThanOrEqual(400)
    expect(body.type).toBe(`urn:commonhour:problem:${code}`)
  })

  test('the table of statuses has no code that is no refusal', () => {
    expect(Object.keys(REFUSAL_STATUS).sort()).toEqual([...REFUSALS].sort())
  })

  test('a refusal of the whole bank says when to come back, and one of the door how to sign in', () => {
    expect(problemResponse(refusalProblem({ code: 'too_busy', facts: {} })).headers.get('retry-after')).toBe(
      '5',
    )
    expect(
      problemResponse(refusalProblem({ code: 'token_wrong', facts: {} })).headers.get('www-authenticate'),
    ).toMatch(/Bearer/)
  })

  test('a fault keeps its sentence, and a mistake of ours tells nothing of what broke', () => {
    const fault = new Fault('peer_unreachable', 'Millbrook does not answer.')
    expect(faultProblem(fault)).toMatchObject({
      code: 'peer_unreachable',
      status: 503,
      detail: 'Millbrook does not answer.',
    })
    const bug = thrownProblem(new Error('undefined is not Ada'))
    expect(bug).toMatchObject({ code: 'internal', status: 500 })
    expect(JSON.stringify(bug)).not.toContain('Ada')
  })

  test('the table of routes names each refusal once, and each row has its own id', () => {
    for (const { id, refusals } of ROUTES)
      expect(new Set<RefusalCode>(refusals).size, id).toBe(refusals.length)
    expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length)
  })
})
