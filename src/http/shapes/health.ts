/** What does the API say about how well the bank is? */

import { z } from '@hono/zod-openapi'
import { HEALTH_IDS } from '../../register/health/finding.ts'
import { seconds } from './fields.ts'

export const verdictShape = z.enum(['fine', 'look', 'wrong', 'unknown'])

export const healthShape = z
  .object({
    verdict: verdictShape.openapi({ description: 'The worst of all findings.' }),
    findings: z.array(
      z.object({
        id: z.enum(HEALTH_IDS),
        verdict: verdictShape,
        code: z.string().openapi({ description: 'What was found, in a word for programs.' }),
        says: z.string(),
        todo: z.string().nullable().openapi({ description: 'What somebody can do about it.' }),
        detail: z.string().nullable().openapi({ description: 'In the words of the machine.' }),
      }),
    ),
    jobs: z.array(
      z.object({
        job: z.string(),
        at: seconds.nullable().openapi({ description: 'When it last ended; null: not since the start.' }),
        outcome: z.enum(['fine', 'failed', 'not_yet']),
      }),
    ),
    public_url: z.string().nullable(),
    addresses: z.array(z.string()).openapi({ description: 'Those other banks are told.' }),
  })
  .openapi('Health')
