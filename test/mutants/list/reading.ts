/** What if bytes are read too kindly? Signatures, keys, the encoding of entries, heads and proofs. */

import { type Mutant, tests } from '../mutant.ts'

const KEYS = 'src/core/ed25519.ts'
const SCAN = 'src/core/scan.ts'

export const READING: readonly Mutant[] = [
  {
    name: 'keys of low order are accepted',
    rule: 'SIG-2',
    file: KEYS,
    find: 'return yBelowP(encoding) && !LOW_ORDER_Y.some((y) => sameY(encoding, y))',
    replace: 'return yBelowP(encoding)',
    killers: [tests('core/ed25519')],
  },
  {
    name: 'a y that is too large is accepted',
    rule: 'SIG-2',
    file: KEYS,
    find: 'return yBelowP(encoding) && !LOW_ORDER_Y.some((y) => sameY(encoding, y))',
    replace: 'return !LOW_ORDER_Y.some((y) => sameY(encoding, y))',
    killers: [tests('core/ed25519')],
  },
  {
    name: 'the first half of a signature may be of low order',
    rule: 'SIG-1',
    file: KEYS,
    find: 'return signature.length === SIGNATURE_BYTES && pointOk(signature)',
    replace: 'return signature.length === SIGNATURE_BYTES && yBelowP(signature)',
    killers: [tests('core/ed25519')],
  },
  {
    name: 'an S of the group order or more is reduced',
    rule: 'SIG-1',
    file: KEYS,
    find: 'return signatureShapeOk(signature) && nodeVerify(null, message, key.object, signature)',
    replace: `const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const hex = Buffer.from(signature.subarray(32)).reverse().toString('hex')
  const s = (hex === '' ? 0n : BigInt(\`0x\${hex}\`)) % order
  const half = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
  const reduced = signature.length === 64 ? Buffer.concat([signature.subarray(0, 32), half]) : signature
  return signatureShapeOk(signature) && nodeVerify(null, message, key.object, reduced)`,
    killers: [tests('core/ed25519')],
  },
  {
    name: 'an integer may be written longer than it needs to be',
    rule: 'ENC-2',
    file: SCAN,
    find: `if (argument < least) return this.refuse(start, 'ENC-2', 'a head longer than it needs to be')`,
    replace: '',
    killers: [tests('core/entry'), tests('core/scan')],
  },
  {
    name: 'bytes may follow an entry',
    rule: 'ENC-6',
    file: SCAN,
    find: 'if (scanner.item(0) && scanner.at < bytes.length) {',
    replace: 'if (scanner.item(0) && scanner.at < 0) {',
    killers: [tests('core/scan')],
  },
  {
    name: 'map keys may stand in any order',
    rule: 'ENC-4',
    file: SCAN,
    find: 'if (i > 0 && !this.sorted(previousStart, previousEnd, keyStart, keyEnd)) {',
    replace: 'if (i < 0 && !this.sorted(previousStart, previousEnd, keyStart, keyEnd)) {',
    killers: [tests('core/scan')],
  },
  {
    name: 'an entry may have more fields than its kind',
    rule: 'ENC-12',
    file: 'src/core/schema.ts',
    find: 'if (!Array.isArray(value) || value.length !== names.length) return undefined',
    replace: 'if (!Array.isArray(value) || value.length < names.length) return undefined',
    killers: [tests('core/schema'), tests('core/entry')],
  },
  {
    name: 'an entry of a version to come is read as one of today',
    rule: 'LOG-9',
    file: 'src/core/entry.ts',
    find: 'if (version !== ENTRY_VERSION || kind === undefined) {',
    replace: 'if (kind === undefined) {',
    killers: [tests('core/entry')],
  },
  {
    name: 'legs of an exchange need not add up',
    rule: 'LOG-3',
    file: 'src/core/intent.ts',
    find: 'return sum === 0',
    replace: 'return sum !== 0.5',
    killers: [tests('core/ledger/exchange')],
  },
  {
    name: 'a head is taken under any key',
    rule: 'CKPT-4',
    file: 'src/log/checkpoint.ts',
    find: 'verify: (text, signature) => verify(log.key, text, signature),',
    replace: 'verify: (_, signature) => signature.length === 64 && verify.length === 3,',
    killers: [tests('log/checkpoint')],
  },
  {
    name: 'a consistency proof that fails proves nothing and is forgiven',
    rule: 'FORK-3',
    file: 'src/log/checkpoint.ts',
    find: `if (!consistent) return 'fork'`,
    replace: `if (!consistent) return 'unproven'`,
    killers: [tests('log/checkpoint')],
  },
]
