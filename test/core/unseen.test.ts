import { describe, expect, test } from 'vitest'
import { hasLetterOrNumber, isSeen, seenText } from '../../src/core/unseen.ts'
import { isSoundName } from '../../src/node/fetched.ts'
import { nameOutside, soundText } from '../../src/register/names.ts'
import { shownText } from '../../src/register/texts.ts'

const TOWER = `a${'\u0301\u0316'.repeat(10)}`

describe('[SIGN-11] what nobody sees', () => {
  test.each([
    ['a soft hyphen', 'Bo\u00adLind', 'BoLind'],
    ['a blank without width', 'Bo\u200bLind', 'BoLind'],
    ['a word joiner', 'Bo\u2060 Lind', 'Bo Lind'],
    ['a tag', 'Bo\u{e0041} Lind', 'Bo Lind'],
    ['fillers of Hangul', 'Bo\u115f\u1160\u3164\uffa0', 'Bo'],
    ['a joiner at an end', 'Bo\u200d Lind\u200c', 'Bo Lind'],
    ['joiners in a row', 'Bo\u200d\u200dLind', 'BoLind'],
    ['a joiner beside a filler', 'Bo\u200d\u3164', 'Bo'],
  ])('%s is in no name, and taken out of words', (_, text, seen) => {
    expect([isSeen(text), isSoundName(text)]).toEqual([false, false])
    expect([seenText(text), soundText(text), shownText(text)]).toEqual([seen, seen, seen])
    expect(isSoundName(seen)).toBe(true)
  })

  test.each(['علی‌رضا', 'क्‍ष', 'श्रीमान्‌को', 'Zoë', 'Nguyễn Thị', '小林 一茶', '김 철수', 'B2'])(
    '%s stays as it is',
    (name) => {
      expect(isSoundName(name)).toBe(true)
      expect([seenText(name), soundText(name), shownText(name)]).toEqual([name, name, name])
    },
  )

  test('a tower of marks is cut to four', () => {
    expect(isSoundName(TOWER)).toBe(false)
    for (const cut of [seenText, soundText, shownText])
      expect(cut(TOWER).match(/\p{M}/gu)?.length).toBeLessThan(5)
    expect(isSoundName(soundText(TOWER))).toBe(true)
    expect(isSoundName(soundText('a\u0344\u0344\u0344'))).toBe(true)
  })

  test.each(['', ' ', '\u3164', '!?', '\u0301', '\u2800', '—'])('%j is no name', (name) => {
    expect([hasLetterOrNumber(name), isSoundName(name), soundText(name)]).toEqual([false, false, ''])
    expect(isSoundName(nameOutside({ name, kind: 'member' }))).toBe(true)
  })

  test.each([['राम क्‍षत्रिय'], ['Bo ΐ\u0316\u0316\u0316\u0316']])('%s is shortened to a sound name', (name) => {
    const short = nameOutside({ name, kind: 'member' })
    expect(isSoundName(short)).toBe(true)
    expect(short.startsWith(name.split(' ')[0] ?? '-')).toBe(true)
  })
})
