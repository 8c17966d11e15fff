/**
 * How is a running bank kept small? V8 lets its young generation grow to 128 MiB on a machine with 4 GiB, and glibc
 * gives every thread a heap of its own: on a small computer both are more than a whole log needs. Neither can be
 * bounded in a process that runs already, so the process becomes the same command once more, with both bounded.
 */

/** MiB of each half of the young generation; a start reads a log of a million entries as fast as with more. */
const YOUNG_FLAG = '--max-semi-space-size'
const YOUNG_MIB = 4

/**
 * Replaces this process, under the same number and with the same files, if it is to serve a bank and nobody has
 * chosen its memory. Where the system or an older Node cannot replace a process, and under a parent that talks to
 * it over IPC, nothing happens: the bank runs the same, in more memory.
 * @param {readonly string[]} args what the command was given
 */
export function startFrugally(args) {
  if (!args.includes('serve')) return
  const chosen = [...process.execArgv, process.env.NODE_OPTIONS || ''].some((flags) =>
    flags.includes(YOUNG_FLAG),
  )
  const { execve, platform, send } = process
  if (chosen || execve === undefined || platform === 'win32' || send !== undefined) return
  const flags = [`${YOUNG_FLAG}=${YOUNG_MIB}`, ...process.execArgv]
  const env = { MALLOC_ARENA_MAX: '2', ...process.env }
  execve(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)], env)
}
