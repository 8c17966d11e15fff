/** What can be asked about the bank's health? The same that the page for coordinators shows, in English. */

import { accept } from '../../core/refusal.ts'
import { sentencesOf, worstOf } from '../../register/health/finding.ts'
import { healthOf } from '../../register/health/health.ts'
import { Speech } from '../../words/language.ts'
import { EN } from '../../words/languages/en.ts'
import { type Route, route } from '../route.ts'
import { healthShape } from '../shapes/health.ts'

const { say } = new Speech({ tag: 'en', name: 'English', direction: 'ltr', messages: EN }, EN)

export const HEALTH_ROUTES: readonly Route[] = [
  route(
    {
      id: 'health',
      method: 'get',
      path: '/health',
      summary: 'What is well with the bank, and what to do about the rest',
      answer: healthShape,
      status: 200,
      refusals: [],
    },
    async ({ node, surroundings }) => {
      const { look, findings } = await healthOf(node, surroundings)
      return accept({
        verdict: worstOf(findings),
        findings: findings.map((one) => {
          const { says, todo } = sentencesOf(one)
          const { id, verdict, code, facts, detail } = one
          return {
            id,
            verdict,
            code,
            says: say(says, facts),
            todo: todo === null ? null : say(todo, facts),
            detail,
          }
        }),
        jobs: [...look.jobs],
        public_url: look.publicUrl,
        addresses: [...look.addresses],
      })
    },
  ),
]
