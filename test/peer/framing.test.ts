/** Are frames cut from a stream as they were put in, however it is broken into pieces? */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { FrameCutter, frameBytes } from '../../src/peer/framing.ts'

/** Every frame that can be cut now. */
function cut(cutter: FrameCutter): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let frame = cutter.next(); frame !== null; frame = cutter.next()) frames.push(frame)
  return frames
}

test.each([
  [1, '01'],
  [127, '7f'],
  [128, '8001'],
  [16_383, 'ff7f'],
  [16_384, '808001'],
  [LIMITS.frameBytes, '808010'],
])('a frame of %i bytes starts with its length in %s', (length, head) => {
  const bytes = frameBytes(new Uint8Array(length).fill(5))
  expect(Buffer.from(bytes).toString('hex', 0, head.length / 2)).toBe(head)
  const cutter = new FrameCutter()
  cutter.push(bytes)
  expect(cut(cutter)).toEqual([new Uint8Array(length).fill(5)])
})

test('frames come out as they went in, whatever the pieces and whenever they are asked for', () => {
  const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { maxLength: 30 })
  const steps = fc.array(fc.record({ length: fc.integer({ min: 1, max: 700 }), ask: fc.boolean() }), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(frames, steps, (sent, pieces) => {
      const stream = Buffer.concat(sent.map(frameBytes))
      const cutter = new FrameCutter()
      const got: Uint8Array[] = []
      let at = 0
      for (const { length, ask } of pieces) {
        cutter.push(new Uint8Array(stream.subarray(at, at + length)))
        at += length
        if (ask) got.push(...cut(cutter))
      }
      cutter.push(new Uint8Array(stream.subarray(at)))
      got.push(...cut(cutter))
      expect(got).toEqual(sent)
      expect([cutter.held, cutter.problem]).toEqual([0, null])
    }),
  )
})

test('[ADMIT-5] what is announced reserves nothing, and a broken length is said once and for all', () => {
  const cutter = new FrameCutter()
  cutter.push(Uint8Array.of(0x80, 0x80, 0x10))
  expect([cutter.next(), cutter.held]).toEqual([null, 3])
  const broken = new FrameCutter()
  broken.push(Uint8Array.of(1, 9, 0x81, 0x80, 0x10, 1, 2))
  expect(cut(broken)).toEqual([Uint8Array.of(9)])
  expect(broken.problem).toBe(`a frame of ${LIMITS.frameBytes + 1} bytes is too long`)
  broken.push(frameBytes(Uint8Array.of(1)))
  expect(cut(broken)).toEqual([])
})

test('only an empty frame and one that is too long cannot be sent', () => {
  expect(() => frameBytes(new Uint8Array(0))).toThrow('broken assertion')
  expect(() => frameBytes(new Uint8Array(LIMITS.frameBytes + 1))).toThrow('broken assertion')
})
