/**
 * How do people and balances come from another system? `commonhour import`: check shows what would happen, apply
 * does it once the bank's name is typed ([IMP-1], [IMP-2]).
 */

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { reasonOf } from '../../core/fault.ts'
import type { ImportPlanView, ImportResultView, ImportUndoneView } from '../../http/client.ts'
import { counted, hoursAndMinutes } from '../../words/amounts.ts'
import { readColumnsFile } from '../columns-file.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { planWords } from '../import-words.ts'
import { UsageError } from '../usage.ts'

interface FileFlags {
  readonly members: string
  readonly exchanges?: string
  readonly balances?: string
  readonly from?: string
  readonly columns?: string
  readonly unit?: string
  readonly keepNotes?: true
}

const SOURCES = ['own', 'sheet', 'timeoverflow', 'ces', 'komunitin']

export function addImport(program: Command, act: Act): void {
  const command = program.command('import').description('People, balances and history from files.')
  const files = (one: Command): Command =>
    one
      .requiredOption('--members <file>', 'CSV of members')
      .option('--exchanges <file>', 'CSV of past exchanges')
      .option('--balances <file>', 'CSV of balances, where the program keeps them apart')
      .addOption(
        new Option('--from <program>', 'who wrote the files; without it they are ours').choices(SOURCES),
      )
      .option('--columns <file>', 'TOML that says which column of a sheet is what')
      .addOption(
        new Option('--unit <unit>', 'what one unit is, where the files do not say').choices([
          'hours',
          'minutes',
        ]),
      )
      .option('--keep-notes', 'take notes about people along')
  files(command.command('check'))
    .description(
      'Shows what an import would do, line by line, and writes nothing. Exit code 1 when it cannot be done.',
    )
    .action(act(check))
  files(command.command('apply'))
    .requiredOption('--name <name>', 'the name of the bank, typed: this accepts the sheet of "import check"')
    .option('--digest <digest>', 'import only the files that were checked under this digest')
    .description(
      'Imports the files. The same files twice add nothing.\n\nExample: commonhour import apply --members m.csv --name "Harbour"',
    )
    .action(act(apply))
  command
    .command('undo')
    .description('Takes a list away again. Whoever has given or received since stays, and is named.')
    .requiredOption('--digest <digest>', 'the digest that "import check" named')
    .requiredOption('--name <name>', 'the name of the bank, typed')
    .action(act(undo))
}

async function undo(
  context: Context,
  { digest, name }: { readonly digest: string; readonly name: string },
): Promise<number> {
  const client = await context.client()
  const undone = await client.post<ImportUndoneView>('/import/undo', { digest, name })
  context.print(undone, () => undoneWords(undone))
  return EXIT.fine
}

function undoneWords({ removed, staying, finished }: ImportUndoneView): string {
  const went = removed === 1 ? 'Took 1 person away again.' : `Took ${removed} people away again.`
  const names = staying.map((one) => `  ${one.name} (${one.number})`)
  const stay = names.length === 0 ? [] : ['These stay with their hours:', ...names]
  const later = finished === 'now' ? [] : ['The last traces of them go with the next start.']
  return [went, ...stay, ...later].join('\n')
}

async function check(context: Context, flags: FileFlags): Promise<number> {
  const form = await formOf(flags)
  const client = await context.client()
  const plan = await client.postForm<ImportPlanView>('/import/check', form)
  context.print(plan, () => planWords(plan))
  if (plan.refusals.length > 0) return EXIT.problems
  context.say(plan.done ? 'These files were imported before; again adds nothing.' : nextStep(plan, flags))
  return EXIT.fine
}

function nextStep(plan: ImportPlanView, flags: FileFlags): string {
  const said = (['members', 'exchanges', 'balances', 'from', 'columns', 'unit'] as const)
    .flatMap((name) => (flags[name] === undefined ? [] : [`--${name} ${flags[name]}`]))
    .join(' ')
  const notes = flags.keepNotes === true ? ' --keep-notes' : ''
  return `If this is right: commonhour import apply ${said}${notes} --name "${plan.bank_name}"`
}

async function apply(
  context: Context,
  flags: FileFlags & { readonly name: string; readonly digest?: string },
): Promise<number> {
  const form = await formOf(flags)
  form.set('name', flags.name)
  if (flags.digest !== undefined) form.set('digest', flags.digest)
  const client = await context.client()
  context.say('Importing ...')
  const result = await client.postForm<ImportResultView>('/import/apply', form)
  context.print(result, () => resultWords(result))
  context.say('See everybody with: commonhour member list')
  return EXIT.fine
}

function resultWords(result: ImportResultView): string {
  if (!result.changed) return 'These files were imported before. Nothing was added.'
  const hours = hoursAndMinutes(result.opening_minutes)
  return `Added ${counted(result.members_added, 'member')}, opening balances of ${hours} in all, and ${counted(result.archived, 'past exchange')} to the archive.`
}

async function formOf(flags: FileFlags): Promise<FormData> {
  const form = new FormData()
  for (const name of ['members', 'exchanges', 'balances'] as const) {
    const path = flags[name]
    if (path !== undefined) form.set(name, await blobOf(path), basename(path))
  }
  if (flags.from !== undefined) form.set('from', flags.from)
  if (flags.columns !== undefined) form.set('columns', await readColumnsFile(flags.columns))
  if (flags.unit !== undefined) form.set('unit', flags.unit)
  if (flags.keepNotes === true) form.set('notes', 'keep')
  return form
}

async function blobOf(path: string): Promise<Blob> {
  try {
    return new Blob([new Uint8Array(await readFile(path))], { type: 'text/csv' })
  } catch (cause) {
    throw new UsageError(`The file ${path} cannot be read (${reasonOf(cause)}). Check its name.`)
  }
}
