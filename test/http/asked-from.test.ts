/** Whose address does the bank count under? Nobody may choose it, and nobody hides behind it who need not. */
import type { IncomingHttpHeaders } from 'node:http'
import { expect, test } from 'vitest'
import { askedFrom } from '../../src/http/asked-from.ts'

function addressOf(remoteAddress: string, headers: IncomingHttpHeaders = {}, proxies: string[] = []) {
  return askedFrom({ headers, socket: { remoteAddress } as never }, proxies, []).address
}

test.each([
  ['81.2.69.142', '81.2.69.142'],
  ['::ffff:81.2.69.142', '81.2.69.142'],
  ['2a02:8071:22c:9300:aa:bb:cc:dd', '2a02:8071:22c:9300'],
  ['2a02:8071:22c:9300::1', '2a02:8071:22c:9300'],
  ['2a02::1', '2a02:0:0:0'],
  // One house, and perhaps one proxy before everybody.
  ['127.0.0.1', null],
  ['::1', null],
  ['192.168.1.5', null],
  ['fe80::1%eth0', null],
  ['', null],
])('[SIGN-12] a connection from %s counts under %s', (remote, address) => {
  expect(addressOf(remote)).toBe(address)
})

test('[SIGN-12] a house has one place, however many addresses it takes', () => {
  const all = Array.from({ length: 50 }, (_, i) => addressOf(`2a02:8071:22c:9300:${i}:${i * 7}::${i + 1}`))
  expect(new Set(all)).toEqual(new Set(['2a02:8071:22c:9300']))
})

test('[SIGN-12] what a visitor says of the own address counts for nothing', () => {
  const headers = { 'x-forwarded-for': '9.9.9.9', 'x-real-ip': '9.9.9.9', forwarded: 'for=9.9.9.9' }
  expect(addressOf('81.2.69.142', headers)).toBe('81.2.69.142')
  expect(addressOf('81.2.69.142', headers, ['127.0.0.1'])).toBe('81.2.69.142')
  expect(addressOf('127.0.0.1', headers)).toBe(null)
})

test.each([
  ['81.2.69.142', '81.2.69.142'],
  ['9.9.9.9, 81.2.69.142', '81.2.69.142'],
  ['9.9.9.9,81.2.69.142, 10.0.0.7', '81.2.69.142'],
  ['81.2.69.142:50123', '81.2.69.142'],
  ['[2a02:8071:22c:9300::1]:443', '2a02:8071:22c:9300'],
  ['192.168.1.5', '192.168.1.5'],
  ['9.9.9.9, unknown', null],
  ['9.9.9.9,', null],
  ['', null],
])('[SIGN-12] a proxy that a setting names says %j, and that is %s', (said, address) => {
  expect(addressOf('::ffff:127.0.0.1', { 'x-forwarded-for': said }, ['127.0.0.1', '10.0.0.7'])).toBe(address)
})

test.each([
  ['localhost:7600', true],
  ['127.0.0.1', true],
  ['10.0.0.7:80', true],
  ['[::1]:7600', true],
  ['bank.home.arpa', true],
  ['Pages.Bank.Example', true],
  ['pages.bank.example:7600', true],
  ['bank.example', false],
  ['evil.pages.bank.example', false],
  ['localhost.evil.example', false],
  ['81.2.69.142', false],
  ['localhost/evil.example', false],
  ['evil.example@localhost', false],
  ['localhost:evil', false],
  ['', false],
])('[PRIV-34] the host %j may stand in a link: %s', (host, may) => {
  const from = askedFrom(
    { headers: { host }, socket: { remoteAddress: '127.0.0.1' } as never },
    [],
    ['pages.bank.example'],
  )
  expect(from.host).toBe(may ? host.toLowerCase() : null)
})
