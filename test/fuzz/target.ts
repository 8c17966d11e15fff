/**
 * What is one decoder to the fuzzers? Something that reads bytes from outside and either takes them or says a named
 * "no". Everything else it could do - throw, hang, differ from itself - is a finding.
 */

import type { Arbitrary } from 'fast-check'
import type { FaultCode } from '../../src/core/fault.ts'

/** What a decoder made of an input. */
export type Told =
  | {
      readonly accepted: unknown
      /** What is taken is written again; where the form is canonical these are the bytes that came in. */
      readonly again?: Uint8Array
    }
  | {
      /** The name of the "no". */
      readonly refused: string
    }

export interface Target {
  /** For the command line and for file names: lower case and hyphens. */
  readonly name: string
  /** Which decoders of `src` it drives, as `core/entry.ts decodeEntry`. */
  readonly covers: readonly string[]
  /** Valid inputs from which others are made. */
  corpus(): readonly Uint8Array[]
  /** Inputs that know the form; bytes that are merely damaged are made for every target alike. */
  readonly inputs: () => Arbitrary<Uint8Array>
  /** Must not throw, but for `Fault`s of the codes below. */
  tell(input: Uint8Array): Told | Promise<Told>
  /** Every "no" it may say. */
  readonly refusals: readonly (string | RegExp)[]
  /** Codes of the `Fault`s that count as a named "no". */
  readonly faults?: readonly FaultCode[]
  /** Longest input that is tried, in bytes. */
  readonly mostBytes: number
  /** Milliseconds one input may take. */
  readonly mostMs: number
  /** Inputs of each fuzzer on `npm test`. */
  readonly inTest: number
  /** Why the same input may be told another thing the second time; without it that is a finding. */
  readonly remembers?: string
  /** Begins anew, as far as the target remembers anything; everything random in it follows from the seed. */
  begin?(seed: number): Promise<void>
  /** What must hold after many inputs; null, or what does not. */
  sound?(): Promise<string | null>
  end?(): Promise<void>
}

/** A "no" of a decoder that gives none but null. */
export const NO = 'null'

/** The value of a decoder that gives null for a "no". */
export function orNull<T>(value: T | null | undefined, write?: (value: T) => Uint8Array): Told {
  if (value === null || value === undefined) return { refused: NO }
  return write === undefined ? { accepted: value } : { accepted: value, again: write(value) }
}

/** Bytes as the text a decoder is handed; bytes that are no UTF-8 become U+FFFD, as a file or socket would give them. */
export function textOf(input: Uint8Array): string {
  return Buffer.from(input.buffer, input.byteOffset, input.length).toString('utf8')
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'))
}
