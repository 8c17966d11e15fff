/** Does an invite say what it was made of, and nothing that was not? */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/core/hash.ts'
import { makeInvite, parseInvite } from '../../src/peer/invite.ts'
import { peerIdOf } from '../../src/peer/peer-id.ts'

const invite = {
  bank: new Uint8Array(20).fill(0xb5),
  peerId: peerIdOf(sha256(Uint8Array.of(1))),
  addresses: ['/ip4/9.9.9.9/tcp/7601', '/dns4/hours.example.org/tcp/443/wss', '/ip6/2a00::1/tcp/7601'],
  token: new Uint8Array(16).fill(7),
}
const bank = 'ww23lnnvww23lnnvww23lnnvww23lnnv'
const token = 'a4dqobyha4dqobyha4dqobyha4'
const text = makeInvite({ ...invite, addresses: invite.addresses.slice(0, 1) })

test('[REC-6] an invite is one line that can be read', () => {
  expect(text).toBe(`commonhour:invite?b=${bank}&p=${invite.peerId}&a=/ip4/9.9.9.9/tcp/7601&t=${token}`)
})

test('[REC-6] what is made is what is read, with up to three addresses', () => {
  for (let count = 0; count <= 3; count++) {
    const some = { ...invite, addresses: invite.addresses.slice(0, count) }
    expect(parseInvite(makeInvite(some))).toEqual(some)
  }
  const four = { ...invite, addresses: [...invite.addresses, '/ip4/8.8.8.8/tcp/1'] }
  expect(parseInvite(makeInvite(four))).toEqual(invite)
})

test('[REC-6] any bytes and any printable address come back', () => {
  const address = fc.stringMatching(/^\/[!-~]{1,60}$/)
  const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n })
  fc.assert(
    fc.property(bytes(20), bytes(16), fc.array(address, { maxLength: 3 }), (id, secret, addresses) => {
      const made = { ...invite, bank: id, token: secret, addresses }
      expect(parseInvite(makeInvite(made))).toEqual(made)
    }),
  )
})

test('[REC-6] the same query on a web page, and blanks around it, are read', () => {
  const query = text.slice(text.indexOf('?'))
  expect(parseInvite(`https://hours.example.org/invite${query}`)).toEqual(parseInvite(text))
  expect(parseInvite(`  ${text}\n`)).toEqual(parseInvite(text))
})

describe('[REC-6] what is no invite is not read', () => {
  const cases: [string, string][] = [
    ['nothing', ''],
    ['another scheme', text.replace('commonhour', 'mailto')],
    ['another word', text.replace('invite', 'pay')],
    ['no bank', text.replace(`b=${bank}&`, '')],
    ['no peer', text.replace(`p=${invite.peerId}&`, '')],
    ['no token', text.replace(`&t=${token}`, '')],
    ['two banks', `${text}&b=${bank}`],
    ['two tokens', `${text}&t=${token}`],
    ['four addresses', `${text}${'&a=/ip4/9.9.9.9/tcp/1'.repeat(3)}`],
    ['an unknown part', `${text}&x=1`],
    ['a part without a value', `${text}&a`],
    ['a bank id in capitals', text.replace(bank, bank.toUpperCase())],
    ['a bank id too short', text.replace(bank, bank.slice(1))],
    ['a token with stray bits', text.replace(token, `${token.slice(0, -1)}5`)],
    [
      'a peer id of another kind',
      text.replace(invite.peerId, 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'),
    ],
    ['a peer id with a wrong letter', text.replace(invite.peerId, `${invite.peerId.slice(0, -1)}0`)],
    ['an address that is none', text.replace('/ip4', 'ip4')],
    ['an address with a blank', text.replace('/ip4', '/ip4%20')],
    ['an address that is too long', text.replace('/ip4', `/${'x'.repeat(200)}`)],
    ['a broken escape', text.replace('/ip4', '/%zz')],
    ['a text without end', `${text}${'&a=/ip4'.repeat(1_000)}`],
    ['a page with two questions', `https://a.example/invite?x?${text.slice(text.indexOf('?') + 1)}`],
  ]
  test.each(cases)('%s', (_, broken) => {
    expect(broken).not.toBe(text)
    expect(parseInvite(broken)).toBeNull()
  })
})
