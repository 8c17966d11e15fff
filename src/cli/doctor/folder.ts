/** Is there a bank in the folder, with its keys, and does nobody else get at them? */

import { access, constants, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { looseSecrets } from '../../keys/loose-secrets.ts'
import type { Place } from './place.ts'
import { fine, type Told, wrong } from './told.ts'

const PARTS = ['keys/log.key', 'keys/peer.key', 'keys/witness.key', 'api-token', 'db'] as const

export async function checkFolder({ folder, isSetUp }: Place): Promise<readonly Told[]> {
  if (!isSetUp) {
    const todo = `Make one with: commonhour init --dir ${folder}. If it is elsewhere, name its folder with --dir.`
    return [wrong({ id: 'folder', code: 'folder.empty', says: `There is no bank in ${folder}.`, todo })]
  }
  const told = [...(await missing(folder)), ...(await loose(folder)), ...(await shut(folder))]
  return told.length > 0
    ? told
    : [fine('folder', `The bank in ${folder} has its keys, and nobody else can read them.`)]
}

async function missing(folder: string): Promise<Told[]> {
  const there = new Set([
    ...(await readdir(folder).catch(() => [])),
    ...(await readdir(join(folder, 'keys')).catch(() => [])).map((name) => `keys/${name}`),
  ])
  return PARTS.filter((part) => !there.has(part)).map((part) =>
    wrong({
      id: 'folder',
      code: 'folder.lacks',
      says: `${join(folder, part)} is missing.`,
      todo: 'Put it back from your own copy of the folder.',
    }),
  )
}

async function loose(folder: string): Promise<Told[]> {
  return (await looseSecrets(folder)).map(({ path, mode, wanted }) =>
    wrong({
      id: 'folder',
      code: 'folder.loose',
      says: `Other users of this machine can read ${path} (mode ${mode}).`,
      todo: `Type: chmod ${wanted} ${path}`,
    }),
  )
}

async function shut(folder: string): Promise<Told[]> {
  const mayWrite = await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  const says = `You may not write into ${folder}.`
  const todo = 'Run commonhour as the user to whom the folder belongs.'
  return mayWrite ? [] : [wrong({ id: 'folder', code: 'folder.shut', says, todo })]
}
