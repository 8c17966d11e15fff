/**
 * How does a command line become an exit code? Commands are read here, run by their noun's file, and every error
 * ends with what to type next ([CLI-5], [CLI-6]).
 */

import { Command, CommanderError, Option } from 'commander'
import { Fault, reasonOf } from '../core/fault.ts'
import { ProblemError } from '../http/client.ts'
import { VERSION } from '../version.ts'
import { addAudit } from './commands/audit.ts'
import { addBoard } from './commands/board.ts'
import { addBugreport } from './commands/bugreport.ts'
import { addConfig } from './commands/config.ts'
import { addCoordinator } from './commands/coordinator.ts'
import { addDemo } from './commands/demo-options.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExport } from './commands/export.ts'
import { addGive } from './commands/give.ts'
import { addImport } from './commands/import.ts'
import { addInit } from './commands/init.ts'
import { addKey } from './commands/key.ts'
import { addMember } from './commands/member.ts'
import { addNeighbour } from './commands/neighbour.ts'
import { addPay } from './commands/pay.ts'
import { addPayment } from './commands/payment.ts'
import { addRecord } from './commands/record.ts'
import { addRequest } from './commands/request.ts'
import { addServe } from './commands/serve.ts'
import { addStatus } from './commands/status.ts'
import { type Act, type Context, contextOf, type Globals, SCHEMA_VERSION } from './context.ts'
import { EXIT, FAULT_EXIT } from './exit-codes.ts'
import { type Io, processIo } from './terminal.ts'
import { UsageError } from './usage.ts'

const EXAMPLES = `
Examples:
  commonhour init --name Harbour --coordinator Priya     make a bank
  commonhour serve                                       run it
  commonhour member add --name Ada                       add a member
  commonhour give --helper HB-2593-M --helped HB-4827-K --minutes 90 --reason telephoned --channel call
  commonhour audit harbour.zip millbrook.zip             check the logs of banks, with no bank running
`

/** Runs one command line and gives its exit code; `argv` without program and script. Never throws. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let code: number = EXIT.fine
  let globals: Globals = {}
  const act: Act =
    <A extends unknown[]>(run: (context: Context, ...args: A) => Promise<number>) =>
    async (...args) => {
      // Commander hands over the arguments, the options and the command itself.
      globals = (args.at(-1) as Command).optsWithGlobals<Globals>()
      code = await run(contextOf(io, globals), ...(args.slice(0, -1) as A))
    }
  const program = programOf(io, act)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.fine : EXIT.wrongUsage
    return tell(io, program.opts<Globals>(), globals, thrown)
  }
}

function programOf(io: Io, act: Act): Command {
  const program = new Command('commonhour')
    .description('A time bank that keeps its own signed log of hours.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addOption(new Option('--dir <folder>', 'folder of the bank (COMMONHOUR_DIR)'))
    .addOption(new Option('--url <url>', 'address of a bank that runs elsewhere (COMMONHOUR_URL)'))
    .addOption(new Option('--token-file <file>', 'file with the token for --url (COMMONHOUR_TOKEN_FILE)'))
    .option('--json', 'print the result as JSON')
    .option('--debug', 'print where an error arose')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Add --help to the command to see how it is used.')
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'commonhour: ')),
    })
  for (const add of [
    addInit,
    addServe,
    addStatus,
    addDoctor,
    addBugreport,
    addMember,
    addGive,
    addRecord,
    addPay,
    addPayment,
    addRequest,
    addNeighbour,
    addBoard,
    addCoordinator,
    addKey,
    addConfig,
    addImport,
    addExport,
    addAudit,
    addDemo,
  ]) {
    add(program, act)
  }
  inherit(program)
  return program
}

/** Commander hands these settings to a subcommand only when it is made by the parent at once; ours may be nested. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    inherit(child)
  }
}

/** What happened, why, and what to do next; the stack only when it is asked for. */
function tell(io: Io, early: Globals, late: Globals, thrown: unknown): number {
  const globals = { ...early, ...late }
  const { code, exit } = kindOf(thrown)
  const detail = reasonOf(thrown)
  io.err(`commonhour: ${detail}\n`)
  if (globals.debug === true && thrown instanceof Error) io.err(`${thrown.stack}\n`)
  if (globals.json === true)
    io.out(`${JSON.stringify({ schema_version: SCHEMA_VERSION, error: { code, detail } }, null, 2)}\n`)
  return exit
}

function kindOf(thrown: unknown): { code: string; exit: number } {
  if (thrown instanceof Fault) return { code: thrown.code, exit: FAULT_EXIT[thrown.code] }
  if (thrown instanceof ProblemError) {
    return { code: thrown.code, exit: thrown.isRefusal ? EXIT.problems : EXIT.couldNotFinish }
  }
  if (thrown instanceof UsageError) return { code: 'wrong_usage', exit: EXIT.wrongUsage }
  return { code: 'internal', exit: EXIT.couldNotFinish }
}
