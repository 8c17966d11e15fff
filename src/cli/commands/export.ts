/**
 * How does a bank leave with everything? `commonhour export all`: log, heads of other banks, people, as a zip or as
 * a folder; the log in it is what `commonhour audit` reads.
 */

import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { Unzip, UnzipInflate, UnzipPassThrough } from 'fflate'
import { Fault, reasonOf } from '../../core/fault.ts'
import { mebibytes } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { UsageError } from '../usage.ts'

interface ExportFlags {
  readonly output?: string
  readonly out?: string
  readonly withoutPeople?: true
}

const STREAM = '-'

export function addExport(program: Command, act: Act): void {
  program
    .command('export')
    .description('Take the data of the bank along.')
    .command('all')
    .option('-o, --output <file>', 'zip file to write; - writes it to the standard output')
    .option('--out <folder>', 'folder to unpack it into')
    .option('--without-people', 'the log alone, without the register of people')
    .description('Exports the whole bank from one moment.\n\nExample: commonhour export all -o harbour.zip')
    .action(act(run))
}

async function run(context: Context, flags: ExportFlags): Promise<number> {
  if ((flags.output === undefined) === (flags.out === undefined)) {
    throw new UsageError('Say where to: -o FILE for a zip file, or --out FOLDER.')
  }
  const client = await context.client()
  const zip = await client.stream(`/export?people=${flags.withoutPeople === true ? 'no' : 'yes'}`)
  context.say('Exporting ...')
  if (flags.output === STREAM) {
    for await (const chunk of zip) await context.io.outBytes(chunk)
    return EXIT.fine
  }
  const target = resolve(flags.output ?? flags.out ?? '')
  const bytes = flags.output === undefined ? await unpack(zip, target) : await save(zip, target)
  context.print(
    { path: target, bytes },
    () => `Exported to ${target} (${bytes < 2 ** 20 ? `${bytes} bytes` : mebibytes(bytes)}).`,
  )
  context.say(`Check it with: commonhour audit ${target}`)
  return EXIT.fine
}

/** Written beside its place and renamed at the end: half an export never stands there as a whole one. */
async function save(zip: AsyncIterable<Uint8Array>, target: string): Promise<number> {
  const temporary = `${target}.part`
  await writing(target, () => mkdir(dirname(target), { recursive: true }))
  const file = await writing(target, () => open(temporary, 'w', 0o600))
  let bytes = 0
  try {
    for await (const chunk of zip) {
      await writing(target, () => file.write(chunk))
      bytes += chunk.length
    }
    await file.sync()
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  } finally {
    await file.close()
  }
  await rename(temporary, target)
  return bytes
}

/** Unpacks into a folder, file after file. */
async function unpack(zip: AsyncIterable<Uint8Array>, folder: string): Promise<number> {
  const whole: { path: string; chunks: Uint8Array[] }[] = []
  const unzip = new Unzip((file) => {
    const chunks: Uint8Array[] = []
    file.ondata = (error, chunk, final) => {
      if (error !== null) throw error
      chunks.push(chunk)
      if (final) whole.push({ path: file.name, chunks })
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  unzip.register(UnzipPassThrough)
  let bytes = 0
  for await (const chunk of zip) {
    unzip.push(chunk)
    for (const { path, chunks } of whole.splice(0)) bytes += await place(folder, path, Buffer.concat(chunks))
  }
  unzip.push(new Uint8Array(0), true)
  for (const { path, chunks } of whole.splice(0)) bytes += await place(folder, path, Buffer.concat(chunks))
  return bytes
}

async function place(folder: string, path: string, bytes: Buffer): Promise<number> {
  if (isAbsolute(path) || path.split(/[/\\]/).includes('..')) {
    throw new Fault(
      'export_invalid',
      `The export names a file outside its folder (${path}) and was not unpacked.`,
    )
  }
  const target = join(folder, path)
  await writing(target, () => mkdir(dirname(target), { recursive: true, mode: 0o700 }))
  const file = await writing(target, () => open(target, 'w', 0o600))
  try {
    await writing(target, () => file.writeFile(bytes))
  } finally {
    await file.close()
  }
  return bytes.length
}

async function writing<T>(target: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw new Fault(
      'store_failed',
      `${target} cannot be written (${reasonOf(cause)}). Choose another place with room.`,
      { cause },
    )
  }
}
