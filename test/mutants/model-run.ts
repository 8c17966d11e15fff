/**
 * Does the model notice? Explores the configurations between two banks until one fails; says which, as JSON. A mutant
 * that only makes a configuration grow beyond its bound was not noticed by it.
 */

import { PAIRS } from '../model/catalogue.ts'

for (const { name, run } of PAIRS) {
  const failure = failureOf(run)
  if (failure === undefined) continue
  console.log(JSON.stringify({ name, rule: failure.rule, why: failure.why }))
  break
}

function failureOf(run: (typeof PAIRS)[number]['run']) {
  try {
    const { unsafe, stuck } = run()
    return unsafe ?? stuck[0]
  } catch (thrown) {
    if (thrown instanceof Error && /has more than \d+ states/.test(thrown.message)) return undefined
    throw thrown
  }
}
