import { describe, expect, test } from 'vitest'
import { originOf } from '../../src/core/ids.ts'
import {
  compareHeads,
  type Head,
  openCheckpoint,
  parseHeadText,
  peekOrigin,
  printHeadText,
  sameHead,
  signCheckpoint,
  withCosignatures,
} from '../../src/log/checkpoint.ts'
import { consistencyProof, EMPTY_ROOT, treeRoot } from '../../src/log/merkle.ts'
import { buildNote, KEY_TYPE, keyId, type NoteSignature, parseNote, toBase64 } from '../../src/log/note.ts'
import outside from '../vectors/outside/signed-notes.json' with { type: 'json' }
import { checkpointAt, KEY, keyOf, LOG, note, ORIGIN, read, textOf } from './bank-log.ts'

const ROOT = treeRoot(257, read)

/** A note over any text, signed by the log key under any name: what a lying or careless bank could send. */
function signedText(text: string, name = ORIGIN): Uint8Array {
  const id = keyId({ name, type: KEY_TYPE.log, key: KEY.publicKey })
  return buildNote(note(text), [{ name, id, bytes: KEY.sign(note(text)) }])
}

function headAt(size: number): Head {
  const head = openCheckpoint(checkpointAt(size), LOG)
  if (head === null) throw new Error('our own checkpoints open')
  return head
}

function cosignature(i: number): NoteSignature {
  return { name: `commonhour/w${i}/witness`, id: '0000000a', bytes: new Uint8Array(72).fill(i) }
}

describe('our own checkpoints', () => {
  test('[CKPT-3] three lines, a blank one, and one line of 92 base64 letters under the name of the origin', () => {
    const lines = textOf(checkpointAt(257)).split('\n')
    expect(lines.slice(0, 4)).toEqual([ORIGIN, '257', toBase64(ROOT), ''])
    const [dash, name, signature, ...rest] = lines[4]?.split(' ') ?? []
    expect([dash, name, signature?.length, rest, lines.slice(5)]).toEqual(['\u2014', ORIGIN, 92, [], ['']])
    expect(checkpointAt(257).length).toBe(239)
  })

  test('[CKPT-3] opens to what was signed', () => {
    expect(openCheckpoint(checkpointAt(257), LOG)).toEqual({
      origin: ORIGIN,
      size: 257,
      root: ROOT,
      note: checkpointAt(257),
    })
  })

  test('[CKPT-7] a head of size 0 is never signed, nor one of a name that is no origin', () => {
    expect(() => signCheckpoint({ origin: ORIGIN, size: 0, root: EMPTY_ROOT, key: KEY })).toThrow('size 0')
    expect(() => signCheckpoint({ origin: 'example.com', size: 1, root: ROOT, key: KEY })).toThrow('origin')
  })

  test('[CKPT-3] at most 12 cosignatures are added, 161 bytes or so each, and no second line of the log', () => {
    const second = { ...cosignature(99), name: ORIGIN }
    const all = [second, ...Array.from({ length: 20 }, (_, i) => cosignature(i))]
    const cosigned = withCosignatures(headAt(257), KEY.publicKey, all)
    expect(openCheckpoint(cosigned, LOG)?.size).toBe(257)
    const names = parseNote(cosigned)?.signatures.map(({ name }) => name)
    expect(names).toEqual([ORIGIN, ...Array.from({ length: 12 }, (_, i) => `commonhour/w${i}/witness`)])
  })

  test('[CKPT-6] a note with foreign lines is the same head, and its own line is found by key, not by name', () => {
    const parsed = parseNote(checkpointAt(257))
    const foreign = { ...cosignature(7), name: ORIGIN }
    const odd = buildNote(parsed?.text ?? note(''), [foreign, ...(parsed?.signatures ?? [])])
    const head = openCheckpoint(odd, LOG)
    expect(head !== null && sameHead(head, headAt(257))).toBe(true)
    expect(head === null ? null : withCosignatures(head, KEY.publicKey, [])).toEqual(checkpointAt(257))
  })
})

describe('heads of banks are read strictly', () => {
  const root = toBase64(ROOT)
  test('[CKPT-4] the plain form is accepted, up to size 2^53-1', () => {
    expect(openCheckpoint(signedText(`${ORIGIN}\n257\n${root}\n`), LOG)?.size).toBe(257)
    expect(openCheckpoint(signedText(`${ORIGIN}\n9007199254740991\n${root}\n`), LOG)?.size).toBe(2 ** 53 - 1)
  })

  test.each([
    ['a size of 0257', `${ORIGIN}\n0257\n${root}\n`],
    ['a size of 2^53', `${ORIGIN}\n9007199254740992\n${root}\n`],
    ['a size of 2^63', `${ORIGIN}\n9223372036854775808\n${root}\n`],
    ['a signed size', `${ORIGIN}\n+257\n${root}\n`],
    ['a negative size', `${ORIGIN}\n-257\n${root}\n`],
    ['a hexadecimal size', `${ORIGIN}\n0x101\n${root}\n`],
    ['a size with an exponent', `${ORIGIN}\n1e2\n${root}\n`],
    ['a blank before the size', `${ORIGIN}\n 257\n${root}\n`],
    ['no size', `${ORIGIN}\n\n${root}\n`],
    ['a 31-byte root', `${ORIGIN}\n257\n${toBase64(ROOT.subarray(1))}\n`],
    ['a 33-byte root', `${ORIGIN}\n257\n${toBase64(Uint8Array.of(0, ...ROOT))}\n`],
    ['an empty line in the body', `${ORIGIN}\n257\n\n${root}\n`],
    ['an empty line after the body', `${ORIGIN}\n257\n${root}\n\n`],
    ['an extension line', `${ORIGIN}\n257\n${root}\nmore\n`],
    ['two lines alone', `${ORIGIN}\n257\n`],
    ['stray bits in the root', `${ORIGIN}\n257\n${strayBits(root)}\n`],
    ['no padding in the root', `${ORIGIN}\n257\n${root.slice(0, -1)}\n`],
    ['url-safe letters in the root', `${ORIGIN}\n257\n${'_'.repeat(42)}8=\n`],
    ['32 zero bytes as the empty root', `${ORIGIN}\n0\n${toBase64(new Uint8Array(32))}\n`],
    ['another origin in the text', `${originOf(new Uint8Array(20).fill(1), 1)}\n257\n${root}\n`],
    ['a blank behind the origin', `${ORIGIN} \n257\n${root}\n`],
  ])('[TEST-4] [CKPT-4] refused although well signed: %s', (_, text) => {
    expect(openCheckpoint(signedText(text), LOG)).toBeNull()
  })

  test('[CKPT-7] the empty tree is SHA-256 of nothing to a reader', () => {
    expect(openCheckpoint(signedText(`${ORIGIN}\n0\n${toBase64(EMPTY_ROOT)}\n`), LOG)?.root).toEqual(
      EMPTY_ROOT,
    )
  })

  test('[CKPT-4] a key name other than the origin, and an origin that is no bank, are refused', () => {
    const other = originOf(new Uint8Array(20).fill(2), 0)
    expect(openCheckpoint(signedText(`${ORIGIN}\n257\n${root}\n`, other), LOG)).toBeNull()
    expect(
      openCheckpoint(signedText(`${ORIGIN}\n257\n${root}\n`, other), { ...LOG, origin: other }),
    ).toBeNull()
    const foreign = signedText(`example.com/log\n257\n${root}\n`, 'example.com/log')
    expect(openCheckpoint(foreign, { ...LOG, origin: 'example.com/log' })).toBeNull()
  })

  test('[CKPT-4] the key of another bank, and a note the log key never signed, are refused', () => {
    expect(openCheckpoint(checkpointAt(257), { ...LOG, key: keyOf(2).open })).toBeNull()
    const changed = textOf(checkpointAt(257)).replace('\n257\n', '\n258\n')
    expect(openCheckpoint(note(changed), LOG)).toBeNull()
  })

  test.each([1, 12, 16, 17])('[TEST-4] [CKPT-4] a head with %i signature lines is read', (lines) => {
    const parsed = parseNote(checkpointAt(257))
    const others = Array.from({ length: lines - 1 }, (_, i) => cosignature(i))
    const whole = buildNote(parsed?.text ?? note(''), [...others, ...(parsed?.signatures ?? [])])
    expect(openCheckpoint(whole, LOG)?.size).toBe(257)
  })

  test('[TEST-4] stray bits in a signature line, of the log or a stranger, refuse the head', () => {
    const own = textOf(checkpointAt(257))
    const line = `— stranger.example ${toBase64(new Uint8Array(76))}\n`
    expect(openCheckpoint(note(own + line), LOG)?.size).toBe(257)
    expect(openCheckpoint(note(own + line.replace('A=', 'B=')), LOG)).toBeNull()
    expect(
      openCheckpoint(note(own.replace(/(.)=\n$/, (_, letter) => `${strayBits(`${letter}=`)}\n`)), LOG),
    ).toBeNull()
  })
})

describe('printed checkpoints', () => {
  test.each(outside.parsed.slice(1))(
    '[TEST-4] $name: text of any origin, read and printed alike',
    (example) => {
      const text = parseNote(note(example.note))?.text ?? note('')
      const head = parseHeadText(text)
      expect([head?.origin, head?.size]).toEqual(['example.com/behind-the-sofa', 20_852_163])
      expect(head === null ? null : printHeadText(head)).toEqual(text)
    },
  )
})

describe('heads beside each other', () => {
  test('[FORK-3] same, larger and smaller heads, with and without a proof', () => {
    const [held, next] = [headAt(100), headAt(257)]
    const proof = consistencyProof(100, 257, read)
    expect(compareHeads(held, headAt(100), null)).toBe('same')
    expect(compareHeads(held, next, proof)).toBe('extends')
    expect(compareHeads(next, held, proof)).toBe('older')
    expect(compareHeads(held, next, null)).toBe('unproven')
    expect(compareHeads(next, held, null)).toBe('unproven')
  })

  test('[FORK-3] another root at the same size, or a proof that fails, is a fork', () => {
    const [held, next] = [headAt(100), headAt(257)]
    const proof = consistencyProof(100, 257, read)
    expect(compareHeads(held, { ...held, root: next.root }, null)).toBe('fork')
    expect(compareHeads({ ...held, root: next.root }, next, proof)).toBe('fork')
    expect(compareHeads(held, next, proof.slice(1))).toBe('fork')
    expect(compareHeads(next, { ...held, root: next.root }, proof)).toBe('fork')
  })

  test('[CKPT-6] origin, size and root make a head, its note does not', () => {
    const head = headAt(100)
    const sameInOtherBytes: Head = { ...head, note: new Uint8Array() }
    expect(sameHead(head, sameInOtherBytes)).toBe(true)
    for (const other of [{ origin: 'x' }, { size: 101 }, { root: EMPTY_ROOT }]) {
      expect(sameHead(head, { ...head, ...other })).toBe(false)
    }
    expect(() => compareHeads(head, { ...head, origin: 'x' }, null)).toThrow('broken assertion')
  })

  test('[LOG-1] the claimed origin is read from the first line, and only if it is a bank', () => {
    expect(peekOrigin(checkpointAt(257))).toBe(ORIGIN)
    for (const text of [
      '',
      ORIGIN.slice(0, -1),
      'example.com\n',
      ` ${ORIGIN}\n`,
      `${ORIGIN}\r\n`,
      `${ORIGIN}è\n`,
    ]) {
      expect(peekOrigin(note(text))).toBeNull()
    }
  })
})

/** The same bytes to a lenient decoder: the letter before the padding with its lowest bit set. */
function strayBits(base64: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const at = base64.indexOf('=') - 1
  const next = letters[letters.indexOf(base64[at] as string) + 1] as string
  return base64.slice(0, at) + next + base64.slice(at + 1)
}
