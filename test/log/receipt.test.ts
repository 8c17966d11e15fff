import { describe, expect, test } from 'vitest'
import { openArtefact } from '../../src/log/artefact.ts'
import { parseReceipt, printReceipt } from '../../src/log/receipt.ts'
import outside from '../vectors/outside/signed-notes.json' with { type: 'json' }
import { artefactOf, LOG, note, textOf } from './bank-log.ts'

const OWN = artefactOf(123, 257)
const PUBLIC = { ...OWN, entry: null }
const TEXT = textOf(printReceipt(OWN))

describe('receipts', () => {
  test('[HTTP-2] a member checks the own receipt with the key of the log alone', () => {
    const receipt = parseReceipt(printReceipt(OWN))
    expect(receipt).toEqual(OWN)
    if (receipt === null || receipt.entry === null) throw new Error('the own receipt carries its entry')
    expect(openArtefact({ ...receipt, entry: receipt.entry }, LOG)?.index).toBe(123)
  })

  test('[HTTP-2] a public receipt carries no entry', () => {
    expect(parseReceipt(printReceipt(PUBLIC))).toEqual(PUBLIC)
    expect(textOf(printReceipt(PUBLIC))).not.toContain('extra')
  })

  test('[HTTP-2] the first entry of a log of one needs no hash', () => {
    const first = artefactOf(0, 1)
    expect(textOf(printReceipt(first)).split('\n').slice(2, 5)).toEqual(['index 0', '', LOG.origin])
    expect(parseReceipt(printReceipt(first))).toEqual(first)
  })

  test('[TEST-4] the printed receipt is read and printed alike', () => {
    const receipt = parseReceipt(note(outside.receipt.text))
    expect([receipt?.entry?.length, receipt?.index, receipt?.proof.length]).toEqual([39, 73_894, 5])
    expect(textOf(receipt?.checkpoint ?? note(''))).toMatch(/^example\.com\/fancylog\n109482\n/)
    expect(receipt === null ? null : textOf(printReceipt(receipt))).toBe(outside.receipt.text)
  })

  test.each([
    ['another first line', TEXT.replace('@v1', '@v2')],
    ['nothing at all', ''],
    ['no blank line', TEXT.slice(0, TEXT.indexOf('\n\n'))],
    ['no index', TEXT.replace(/^index.*\n/m, '')],
    ['a leading zero', TEXT.replace('index 123', 'index 0123')],
    ['an index of 2^53', TEXT.replace('index 123', 'index 9007199254740992')],
    ['a negative index', TEXT.replace('index 123', 'index -123')],
    ['a blank behind the index', TEXT.replace('index 123', 'index 123 ')],
    ['index before extra', TEXT.replace(/^(extra.*\n)(index.*\n)/m, '$2$1')],
    ['two extra lines', TEXT.replace(/^(extra.*\n)/m, '$1$1')],
    ['an empty extra', TEXT.replace(/^extra.*$/m, 'extra ')],
    ['an extra over 16 KiB', TEXT.replace(/^extra.*$/m, `extra ${'AAAA'.repeat(5_462)}`)],
    ['a short hash', TEXT.replace(/^(index.*\n)/m, '$1AAAA\n')],
    ['a hash without padding', TEXT.replace('=\n', '\n')],
    ['65 hashes', TEXT.replace(/^(index.*\n)/m, `$1${`${'A'.repeat(43)}=\n`.repeat(65)}`)],
    ['carriage returns', TEXT.replaceAll('\n', '\r\n')],
  ])('[HTTP-2] refused: %s', (_, text) => {
    expect(text).not.toBe(TEXT)
    expect(parseReceipt(note(text))).toBeNull()
  })
})
