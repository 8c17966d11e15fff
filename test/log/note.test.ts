import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type VerifyingKey, verify, verifyingKey } from '../../src/core/ed25519.ts'
import {
  buildNote,
  fromBase64,
  keyId,
  parseNote,
  parseVkey,
  printVkey,
  privateNoteOf,
  toBase64,
  type Verifier,
} from '../../src/log/note.ts'
import outside from '../vectors/outside/signed-notes.json' with { type: 'json' }
import { keyOf, note, textOf } from './bank-log.ts'

const EXAMPLE = outside.verified[0] as { vkey: string; note: string }

function verifierOf(vkey: string): Verifier {
  const named = parseVkey(vkey)
  const key = named === null ? null : verifyingKey(named.key)
  if (named === null || key === null) throw new Error(`${vkey} is no vkey`)
  return ed25519(named.name, keyId(named), key)
}

function ed25519(name: string, id: string, key: VerifyingKey): Verifier {
  return { name, id, verify: (text, signature) => verify(key, text, signature) }
}

/** The example note with `extra` lines of unknown keys after its own. */
function withLines(extra: number): Uint8Array {
  const line = `— unknown.example/w ${toBase64(new Uint8Array(76).fill(3))}\n`
  return note(EXAMPLE.note + line.repeat(extra))
}

describe('printed examples', () => {
  test.each(outside.verified)(
    '[TEST-4] [CKPT-2] $name verifies under its vkey and prints the same',
    (example) => {
      const verifier = verifierOf(example.vkey)
      const opened = privateNoteOf(note(example.note), [verifier])
      expect(opened?.signatures.map(({ name, id }) => [name, id])).toEqual([[verifier.name, verifier.id]])
      expect(textOf(opened?.text ?? new Uint8Array())).toBe(
        example.note.slice(0, example.note.indexOf('\n\n') + 1),
      )
      const named = parseVkey(example.vkey)
      expect(named === null ? null : printVkey(named)).toBe(example.vkey)
      expect(opened === null ? null : textOf(buildNote(opened.text, opened.signatures))).toBe(example.note)
    },
  )

  test.each(outside.parsed)('[TEST-4] [CKPT-1] $name is taken apart and put together again', (example) => {
    const parsed = parseNote(note(example.note))
    expect(parsed?.signatures.length).toBe(example.lines)
    expect(parsed === null ? null : textOf(buildNote(parsed.text, parsed.signatures))).toBe(example.note)
  })

  test('[CKPT-1] the text reaches to the last blank line, blank lines of its own included', () => {
    const poem = outside.parsed[0] as { note: string }
    const parsed = parseNote(note(poem.note))
    expect(textOf(parsed?.text ?? new Uint8Array())).toMatch(/sole:\n\ned è subito sera\.\n$/)
  })

  test('[CKPT-4] one changed letter of the text, or another key, and the note is refused', () => {
    const verifier = verifierOf(EXAMPLE.vkey)
    expect(privateNoteOf(note(EXAMPLE.note.replace('example', 'Example')), [verifier])).toBeNull()
    const other = ed25519(verifier.name, verifier.id, keyOf(2).open)
    expect(privateNoteOf(note(EXAMPLE.note), [other])).toBeNull()
    expect(privateNoteOf(note(EXAMPLE.note), [{ ...verifier, id: '00000000' }])).toBeNull()
    expect(privateNoteOf(note(EXAMPLE.note), [{ ...verifier, name: 'example.com/bar' }])).toBeNull()
    expect(privateNoteOf(note(EXAMPLE.note), [])).toBeNull()
  })
})

describe('signature lines', () => {
  const verifier = verifierOf(EXAMPLE.vkey)

  test.each([1, 12, 16, 17, 100])('[TEST-4] [CKPT-4] %i lines are read and unknown ones ignored', (lines) => {
    const opened = privateNoteOf(withLines(lines - 1), [verifier])
    expect(opened?.signatures.length).toBe(1)
    expect(parseNote(withLines(lines - 1))?.signatures.length).toBe(lines)
  })

  test('[CKPT-4] 101 lines are refused', () => {
    expect(privateNoteOf(withLines(100), [verifier])).toBeNull()
  })

  test('[CKPT-4] a known pair that fails refuses the whole note, beside a good one and twice alike', () => {
    const text = note('one\n')
    const [first, second] = [keyOf(1), keyOf(2)].map((key, i) => {
      const name = `key.example/${i}`
      const id = keyId({ name, type: 1, key: key.publicKey })
      const good = { name, id, bytes: key.sign(text) }
      return {
        good,
        bad: { name, id, bytes: key.sign(note('two\n')) },
        verifier: ed25519(name, id, key.open),
      }
    })
    if (first === undefined || second === undefined) throw new Error('there are two keys')
    const both = [first.verifier, second.verifier]
    expect(privateNoteOf(buildNote(text, [first.good, second.good]), both)?.signatures.length).toBe(2)
    expect(privateNoteOf(buildNote(text, [first.good, second.bad]), both)).toBeNull()
    expect(
      privateNoteOf(buildNote(text, [first.good, second.bad]), [first.verifier])?.signatures.length,
    ).toBe(1)
    expect(privateNoteOf(buildNote(text, [first.good, first.bad]), both)).toBeNull()
    expect(privateNoteOf(buildNote(text, [first.good, first.good]), both)?.signatures.length).toBe(2)
  })

  const [before, line = ''] = EXAMPLE.note.split('\n\n')
  const name = 'example.com/foo'
  const base64 = line.slice(`— ${name} `.length, -1)
  test.each([
    ['no blank line', `${before}\n${line}`],
    ['no signature', `${before}\n\n`],
    ['no last line feed', `${before}\n\n${line.slice(0, -1)}`],
    ['a blank line at the end', `${before}\n\n${line}\n`],
    ['a carriage return', `${before}\n\n${line.replace('\n', '\r\n')}`],
    ['a tab in the text', `${before}\t\n\n${line}`],
    ['a zero byte in the text', `${before}\0\n\n${line}`],
    ['a delete character in the text', `${before}\u007f\n\n${line}`],
    ['a hyphen for the dash', `${before}\n\n${line.replace('—', '-')}`],
    ['an en dash for the dash', `${before}\n\n${line.replace('—', '–')}`],
    ['no blank behind the dash', `${before}\n\n${line.replace('— ', '—')}`],
    ['no name', `${before}\n\n— ${base64}\n`],
    ['an empty name', `${before}\n\n—  ${base64}\n`],
    ['a name with a plus', `${before}\n\n— example.com+foo ${base64}\n`],
    ['a name with a foreign blank', `${before}\n\n— example\u00a0com ${base64}\n`],
    ['no signature in the line', `${before}\n\n— ${name}\n`],
    ['an empty signature', `${before}\n\n— ${name} \n`],
    ['a key id alone', `${before}\n\n— ${name} ${toBase64(new Uint8Array(4))}\n`],
    ['a third word', `${before}\n\n— ${name} ${base64} more\n`],
    ['a blank at the end', `${before}\n\n— ${name} ${base64} \n`],
  ])('[CKPT-1] refused: %s', (_, text) => {
    expect(parseNote(note(text))).toBeNull()
  })

  test('[CKPT-1] bytes that are not UTF-8 are refused', () => {
    const bytes = note(EXAMPLE.note)
    bytes[3] = 0xff
    expect(parseNote(bytes)).toBeNull()
  })

  test('[CKPT-4] any bytes are refused or read, never an exception', () => {
    const piece = fc.constantFrom('\n', '\n\n', '— ', 'a', ' ', 'AAAAAAAA', '=', '\u2014', 'è', '\0')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.uint8Array({ maxLength: 40 }), (pieces, bytes) => {
        const parsed = parseNote(note(pieces.join('')))
        if (parsed !== null) expect(textOf(buildNote(parsed.text, parsed.signatures))).toBe(pieces.join(''))
        expect(parseNote(bytes)).toBeNull()
      }),
    )
  })
})

describe('base64', () => {
  test('[CKPT-5] what is written is read again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      }),
    )
  })

  test.each([
    ['url-safe letters', '-_-_'],
    ['missing padding', 'AAAAAA'],
    ['half the padding', 'AAAAAA='],
    ['too much padding', 'AAAA===='],
    ['stray bits before two pads', 'AB=='],
    ['stray bits before one pad', 'AAB='],
    ['a blank inside', 'AAAA AAAA'],
    ['a blank behind', 'AAAA '],
    ['a line end', 'AAAA\n'],
    ['text behind the padding', 'AAAAAA==AAAA'],
    ['a foreign letter', 'AAA*'],
    ['one letter', 'A'],
  ])('[TEST-4] [CKPT-5] %s is refused though the decoder takes it', (_, text) => {
    expect(fromBase64(text)).toBeNull()
  })

  test('[TEST-4] every such change to the base64 of a good note refuses it', () => {
    const verifier = verifierOf(EXAMPLE.vkey)
    const end = EXAMPLE.note.length - 1
    for (let at = EXAMPLE.note.lastIndexOf(' ') + 1; at < end; at++) {
      const letter = EXAMPLE.note[at] as string
      for (const other of ['-', '_', ' ', '', `${letter}=`, `${letter} `, letter === 'A' ? 'B' : 'A']) {
        const changed = EXAMPLE.note.slice(0, at) + other + EXAMPLE.note.slice(at + 1)
        expect(privateNoteOf(note(changed), [verifier]), changed).toBeNull()
      }
    }
  })
})

describe('vkeys', () => {
  test('[CKPT-2] types 01 and 04 print and read back, with different key ids for one key', () => {
    const key = keyOf(5).publicKey
    const both = ([1, 4] as const).map((type) => ({ name: 'commonhour/a/witness', type, key }))
    expect(both.map((named) => parseVkey(printVkey(named)))).toEqual(both)
    expect(new Set(both.map(keyId)).size).toBe(2)
  })

  test('[CKPT-2] every cut and every changed letter of a vkey is refused', () => {
    const { vkey } = EXAMPLE
    for (let from = 0; from < vkey.length; from++) {
      for (let to = from + 1; to <= vkey.length; to++) {
        if (to - from < vkey.length) expect(parseVkey(vkey.slice(from, to))).toBeNull()
      }
      const next = String.fromCharCode(vkey.charCodeAt(from) + 1)
      expect(parseVkey(vkey.slice(0, from) + next + vkey.slice(from + 1))).toBeNull()
    }
  })

  test('[CKPT-2] other key types, lengths and spellings are refused', () => {
    const key = keyOf(5).publicKey
    const spell = (name: string, typed: Uint8Array) => {
      const id = keyId({ name, type: typed[0] as 1, key: typed.slice(1) })
      return `${name}+${id}+${toBase64(typed)}`
    }
    expect(parseVkey(spell('a', Uint8Array.of(1, ...key)))).not.toBeNull()
    expect(parseVkey(spell('a', Uint8Array.of(2, ...key)))).toBeNull()
    expect(parseVkey(spell('a', Uint8Array.of(1, ...key, 0)))).toBeNull()
    expect(parseVkey(spell('a b', Uint8Array.of(1, ...key)))).toBeNull()
    expect(parseVkey(spell('', Uint8Array.of(1, ...key)))).toBeNull()
    expect(parseVkey(EXAMPLE.vkey.replace('530d903a', '530D903A'))).toBeNull()
  })
})
