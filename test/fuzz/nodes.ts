/**
 * Do all Nodes that may run a bank judge signatures alike? Each of three versions is fetched into a folder of its own,
 * and the digests over all verdicts are compared ([SIG-1], [SIG-2]).
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flagsForTypeScript, nodePackageFor } from '../../bin/node-version.js'

export const MAJORS = [22, 24, 26] as const

/** A line for each version; `same` when all said the same of as many cases. */
export function compareNodes(say: (line: string) => void): boolean {
  const wanted = nodePackageFor(process.platform, process.arch)
  if (wanted === undefined) {
    say('there is no package of Node for this machine')
    return false
  }
  const folder = mkdtempSync(join(tmpdir(), 'commonhour-nodes-'))
  try {
    const said = MAJORS.map((major) =>
      verdictsOn(join(folder, String(major)), `${wanted.name}@${major}`, wanted),
    )
    for (const line of said) say(line)
    return new Set(said.map((line) => line.split(' ').slice(1).join(' '))).size === 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function verdictsOn(
  folder: string,
  spec: string,
  { name, binary }: { name: string; binary: string },
): string {
  const install = ['install', '--silent', '--no-save', '--ignore-scripts', '--prefix', folder, spec]
  run('npm', install)
  const node = join(folder, 'node_modules', name, 'bin', binary)
  const version = run(node, ['--version'])
  const program = fileURLToPath(new URL('ed25519-verdicts.ts', import.meta.url))
  return run(node, [...flagsForTypeScript(version), program])
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`)
  return stdout.trim()
}
