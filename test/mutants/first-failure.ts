/** What did a test file notice? One line of JSON: the first test that fails, or what kept the file from being run. */

import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'

/** What a run of one test file came to. */
export interface FirstFailure {
  /** Tests that were run to an end. */
  readonly tests: number
  /** The first test that fails, and its error. */
  readonly failed: { readonly test: string; readonly why: string } | null
  /** The first error outside every test: of the file as a whole, or of nobody in particular. */
  readonly outside: string | null
}

export default class FirstFailureReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const cases = modules.flatMap((one) => [...one.children.allTests()])
    const failed = cases.find((one) => one.result().state === 'failed')
    const errors = [...modules.flatMap((one) => one.errors()), ...unhandled]
    const said: FirstFailure = {
      tests: cases.filter((one) => ['passed', 'failed'].includes(one.result().state)).length,
      failed: failed === undefined ? null : { test: failed.fullName, why: whyOf(failed) },
      outside: errors[0] === undefined ? null : wordsOf(errors[0]),
    }
    process.stdout.write(`${JSON.stringify(said)}\n`)
  }
}

function whyOf(failed: TestCase): string {
  const [error] = failed.result().errors ?? []
  return error === undefined ? '' : wordsOf(error)
}

function wordsOf({ name, message }: SerializedError): string {
  return `${name}: ${message.split('\n')[0]}`
}
