/**
 * Do the logs of banks hold what they promise? `commonhour audit`: reads exported folders and zip files; no bank has
 * to run ([RES-1]).
 */

import { type Command, Option } from 'commander'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'

interface AuditFlags {
  readonly independent?: true
  readonly failOn: 'fail' | 'warn'
}

const TELL_AFTER_MS = 1_000

export function addAudit(program: Command, act: Act): void {
  program
    .command('audit')
    .argument('<path...>', 'exported folders or zip files, of one bank or several')
    .option('--independent', 'verify every signature and decode every entry with the second implementations')
    .addOption(
      new Option('--fail-on <severity>', 'from which severity on the exit code is 1')
        .choices(['fail', 'warn'])
        .default('fail'),
    )
    .summary('check the logs of banks')
    .description(
      'Checks the logs of banks, each alone and against one another. Exit code 0: in order. 1: something is wrong.\n\n' +
        'Example: commonhour audit harbour.zip millbrook.zip',
    )
    .action(act(run))
}

async function run(context: Context, paths: readonly string[], flags: AuditFlags): Promise<number> {
  const { auditPaths } = await import('../../audit/audit.ts')
  const { renderReport } = await import('../../audit/report-text.ts')
  let told = performance.now()
  const report = await auditPaths(paths, {
    independent: flags.independent === true ? 'yes' : 'no',
    progress: (done, total) => {
      if (performance.now() - told < TELL_AFTER_MS) return
      told = performance.now()
      context.say(`${done} of ${total} entries read`)
    },
  })
  context.print(report, () => renderReport(report))
  const bad = report.verdict === 'fail' || (report.verdict === 'warn' && flags.failOn === 'warn')
  return bad ? EXIT.problems : EXIT.fine
}
