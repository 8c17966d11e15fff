/**
 * How is a positional array read into named fields, and written back? One small set of field types describes
 * every entry, order and line agreement, so that writer, reader and auditor hold the same shape.
 *
 * A field reads a decoded tb-cbor value and gives `undefined` when the value does not fit; there is no other
 * way to say no. Arrays have exactly the length of their fields: nothing optional at the end, nothing extra.
 */

import type { Cbor } from './codec.ts'

/** One position of an array: how its value is read and written. */
export interface Field<T> {
  read(value: Cbor): T | undefined
  write(value: T): Cbor
}

export type TypeOf<F> = F extends Field<infer T> ? T : never
export type Shape = { readonly [name: string]: Field<never> | Field<unknown> }
export type RecordOf<S> = { readonly [K in keyof S]: TypeOf<S[K]> }

function plain<T extends Cbor>(fits: (value: Cbor) => value is T): Field<T> {
  return { read: (value) => (fits(value) ? value : undefined), write: (value) => value }
}

/** Integer from `low` to `high`. */
export function integer(low: number, high: number): Field<number> {
  return plain((v): v is number => typeof v === 'number' && Number.isSafeInteger(v) && v >= low && v <= high)
}

/** Signed minutes that are never 0, at most `high` either way. */
export function signedMinutes(high: number): Field<number> {
  const whole = integer(-high, high)
  return { read: (v) => (v === 0 ? undefined : whole.read(v)), write: (v) => v }
}

export const u = integer(0, Number.MAX_SAFE_INTEGER)
export const anyInteger = integer(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
/** Seconds since 1970 UTC. */
export const time = integer(0, 2 ** 40 - 1)
/** Days since 1970-01-01 in the bank's civil calendar. */
export const day = integer(0, 2 ** 24)
export const bool = plain((v): v is boolean => typeof v === 'boolean')

/** Byte string of exactly `length` bytes. */
export function fixed(length: number): Field<Uint8Array> {
  return plain((v): v is Uint8Array => v instanceof Uint8Array && v.length === length)
}

/** Byte string of at most `longest` bytes. */
export function bytes(longest: number): Field<Uint8Array> {
  return plain((v): v is Uint8Array => v instanceof Uint8Array && v.length <= longest)
}

export const b16 = fixed(16)
export const b20 = fixed(20)
export const b32 = fixed(32)
export const sig = fixed(64)

/** Text of 1 to `longest` bytes in UTF-8. */
export function text(longest: number): Field<string> {
  return plain((v): v is string => typeof v === 'string' && v.length > 0 && Buffer.byteLength(v) <= longest)
}

/** Exactly this integer; a version number or the tag of a form. */
export function literal<N extends number>(number: N): Field<N> {
  return plain((v): v is N => v === number)
}

/** The field's value or null. */
export function optional<T>(field: Field<T>): Field<T | null> {
  return {
    read: (value) => (value === null ? null : field.read(value)),
    write: (value) => (value === null ? null : field.write(value)),
  }
}

/** Array of `low` to `high` items. */
export function list<T>(item: Field<T>, low: number, high: number): Field<readonly T[]> {
  return {
    read(value) {
      if (!Array.isArray(value) || value.length < low || value.length > high) return undefined
      const items: T[] = []
      for (const raw of value as readonly Cbor[]) {
        const read = item.read(raw)
        if (read === undefined) return undefined
        items.push(read)
      }
      return items
    },
    write: (items) => items.map((one) => item.write(one)),
  }
}

/** Array of exactly these fields, in the order in which they are written here. */
export function record<S extends Shape>(shape: S): Field<RecordOf<S>> {
  const names = Object.keys(shape)
  const fields = names.map((name) => shape[name] as Field<unknown>)
  return {
    read(value) {
      if (!Array.isArray(value) || value.length !== names.length) return undefined
      const read: Record<string, unknown> = {}
      for (let i = 0; i < names.length; i++) {
        const one = (fields[i] as Field<unknown>).read(value[i] as Cbor)
        if (one === undefined) return undefined
        read[names[i] as string] = one
      }
      return read as RecordOf<S>
    },
    write(value) {
      const written: Cbor[] = []
      for (let i = 0; i < names.length; i++) {
        written.push(
          (fields[i] as Field<unknown>).write((value as Record<string, unknown>)[names[i] as string]),
        )
      }
      return written
    },
  }
}

/** The first of several forms that fits; forms tell themselves apart by a leading literal. */
export function either<T>(forms: readonly Field<T>[], formOf: (value: T) => number): Field<T> {
  return {
    read(value) {
      for (const form of forms) {
        const read = form.read(value)
        if (read !== undefined) return read
      }
      return undefined
    },
    write: (value) => (forms[formOf(value)] as Field<T>).write(value),
  }
}
