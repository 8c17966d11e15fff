/** How many tests passed, failed and were skipped? Said in one line, the last thing a test run prints. */
import type { Reporter, TestModule } from 'vitest/node'

/** Anything with the shape of an ended test file; `ok` is false too if the file itself failed to load. */
type EndedModule = Pick<TestModule, 'ok'> & {
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> }
}

interface Count {
  passed: number
  failed: number
  skipped: number
}

/**
 * Prints `N passed, N failed[, N skipped]` when the process ends. Never flatters: a file that failed without
 * a failing test, an error outside every test, a run of no tests and a bad exit code are failures too.
 */
export default class ClosingCount implements Reporter {
  #count: Count | undefined

  onInit(): void {
    process.on('exit', (code) => {
      const { passed, failed, skipped } = closing(this.#count, code)
      if (failed > 0 && code === 0) process.exitCode = 1
      process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
    })
  }

  onTestRunEnd(modules: readonly EndedModule[], unhandledErrors: readonly unknown[]): void {
    this.#count = countOf(modules, unhandledErrors.length)
  }
}

function countOf(modules: readonly EndedModule[], unhandledErrors: number): Count {
  const total: Count = { passed: 0, failed: unhandledErrors, skipped: 0 }
  for (const module of modules) {
    let failed = 0
    for (const test of module.children.allTests()) {
      const state = test.result().state
      if (state === 'passed') total.passed++
      else if (state === 'skipped') total.skipped++
      else failed++ // A test that began and never ended did not pass.
    }
    total.failed += failed === 0 && !module.ok() ? 1 : failed
  }
  return total
}

/** A run that was never counted, that ran nothing or that ended badly must not read as a clean one. */
function closing(count: Count | undefined, exitCode: number): Count {
  const { passed, failed, skipped } = count ?? { passed: 0, failed: 0, skipped: 0 }
  const isClean = count !== undefined && passed > 0 && exitCode === 0
  return { passed, failed: isClean ? failed : Math.max(failed, 1), skipped }
}
