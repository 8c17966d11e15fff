/** How does the starter run another program, tell people about it, and stop with it? */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Signals are passed on, so that stopping the starter stops what it started. */
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** The starter cannot go on. The message says what happened, why, and what to do next. */
export class Halt extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 2) {
    super(message)
    this.exitCode = exitCode
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`starter: ${line}\n`)
}

/** The exit code of a program that was ended by a signal lies above this, as shells have it. */
const SIGNAL_BASE = 128

/**
 * Whether an exit code means that somebody stopped the program; then nothing further is started.
 * @param {number} code
 */
export function wasStopped(code) {
  return code > SIGNAL_BASE
}

/**
 * Runs a program to its end and answers its exit code (128 + n if signal n ended it).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.shell] Windows needs one to start a `.cmd` file
 * @param {'shown' | 'on stderr' | ((chunk: Buffer) => void)} [options.stdout] where its output goes
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  const { cwd, env, shell, stdout = 'shown' } = options
  const out = stdout === 'shown' ? 'inherit' : stdout === 'on stderr' ? 2 : 'pipe'
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['inherit', out, 'inherit'] })
    if (typeof stdout === 'function' && child.stdout) child.stdout.on('data', stdout)

    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      // A terminal sends Ctrl-C to every program in the foreground itself; a second one would mean "at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    }
    for (const signal of FORWARDED) process.on(signal, forward)
    const letGo = () => {
      for (const signal of FORWARDED) process.off(signal, forward)
    }

    child.on('error', (error) => {
      letGo()
      reject(new Halt(`${command} could not be started (${error.message}): check that it is installed.`))
    })
    child.on('close', (code, signal) => {
      letGo()
      resolve(signal === null ? Number(code) : SIGNAL_BASE + constants.signals[signal])
    })
  })
}
