/**
 * Where does one frame end on a stream of bytes? A frame is its length as an unsigned varint (LEB128, shortest
 * form) and then that many bytes, 1 to `LIMITS.frameBytes`.
 *
 * A stranger decides what comes in, so memory follows what has arrived and never what is announced, and frames are
 * cut when they are asked for: bytes nobody has asked for are held as they came.
 */

import { must } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'

/** The largest length, 2^18, takes three bytes of seven bits. */
const LENGTH_BYTES = 3
/** Bytes with which the first memory is taken, and above which empty memory is given back. */
const SMALL = 4_096
const NOTHING = new Uint8Array(0)

/** The frame with its length in front, in memory of its own. A frame that is empty or too long is a bug. */
export function frameBytes(frame: Bytes): Bytes {
  const length = frame.length
  must(length > 0 && length <= LIMITS.frameBytes, `a frame has 1 to ${LIMITS.frameBytes} bytes`)
  const head = length < 0x80 ? 1 : length < 0x4000 ? 2 : LENGTH_BYTES
  const bytes = new Uint8Array(head + length)
  let rest = length
  for (let i = 0; i < head; i++) {
    bytes[i] = (rest & 0x7f) | (i === head - 1 ? 0 : 0x80)
    rest >>>= 7
  }
  bytes.set(frame, head)
  return bytes
}

/** Holds arriving bytes and cuts frames off their front. */
export class FrameCutter {
  /** What is wrong with the stream; nothing more of it can be read then. */
  problem: string | null = null
  private buffer = NOTHING
  private start = 0
  private end = 0

  /** Bytes held. Below `FrameCutter.enough` a frame may be incomplete, and more must be taken in. */
  get held(): number {
    return this.end - this.start
  }

  /** Bytes in which one frame of any length is complete. */
  static readonly enough = LENGTH_BYTES + LIMITS.frameBytes

  /** Takes in a copy of the bytes. */
  push(piece: Bytes): void {
    if (this.end + piece.length > this.buffer.length) this.makeRoom(piece.length)
    this.buffer.set(piece, this.end)
    this.end += piece.length
  }

  /** The next frame in memory of its own; null while it is incomplete, or when `problem` is set. */
  next(): Bytes | null {
    let length = 0
    let at = this.start
    for (let i = 0; ; i++) {
      if (this.problem !== null || at === this.end) return null
      const byte = this.buffer[at++] as number
      length |= (byte & 0x7f) << (7 * i)
      if (byte >= 0x80 && i < LENGTH_BYTES - 1) continue
      this.problem = problemOf(byte, length)
      if (byte < 0x80) break
    }
    if (this.problem !== null || this.end - at < length) return null
    const frame = this.buffer.slice(at, at + length)
    this.start = at + length
    if (this.start === this.end) this.empty()
    return frame
  }

  private empty(): void {
    if (this.buffer.length > SMALL) this.buffer = NOTHING
    this.start = 0
    this.end = 0
  }

  /** Grows until at most half is in use, so that what is held is moved rarely. */
  private makeRoom(more: number): void {
    const held = this.held
    let size = Math.max(this.buffer.length, SMALL)
    while ((held + more) * 2 > size) size *= 2
    if (size === this.buffer.length) this.buffer.copyWithin(0, this.start, this.end)
    else {
      const larger = new Uint8Array(size)
      larger.set(this.buffer.subarray(this.start, this.end))
      this.buffer = larger
    }
    this.start = 0
    this.end = held
  }
}

/** What is wrong with a length whose last read byte is this one. */
function problemOf(byte: number, length: number): string | null {
  if (byte >= 0x80) return 'the length of a frame has more than three bytes'
  if (byte === 0) return 'the length of a frame is 0 or not in its shortest form'
  return length > LIMITS.frameBytes ? `a frame of ${length} bytes is too long` : null
}
