import { describe, expect, test } from 'vitest'
import { readLength } from '../../../src/register/import/lengths.ts'

describe('[IMP-6] hours as people write them', () => {
  test.each([
    ['2h30', 150],
    ['2h 30m', 150],
    ['2 h 30 min', 150],
    ['2H05', 125],
    ['2:30', 150],
    ['2:30:00', 150],
    ['-1:45', -105],
    ['\u22121:45', -105],
    ['+0:15', 15],
    ['2,5', 150],
    ['2.5', 150],
    ['2,50', 150],
    [',5', 30],
    ['0,125', 8],
    ['1h', 60],
    ['1 hora', 60],
    ['2,5 horas', 150],
    ['90 min', 90],
    ['45m', 45],
    ['1 hour and 5 minutes', 65],
    ['12', 720],
    ['0', 0],
    ['-0', 0],
    ['', 0],
    ['-', 0],
    ['1.234,5', 74_070],
    ['1,234.5', 74_070],
    ['8760', 525_600],
  ])('%s is %i minutes', (cell, minutes) => {
    expect(readLength(cell, 'hours')).toMatchObject({ minutes })
    expect(Object.is((readLength(cell, 'hours') as { minutes: number }).minutes, minutes)).toBe(true)
  })

  test.each([
    ['90', 90],
    ['1h30', 90],
    ['1:30:00', 90],
    ['90,5', 91],
  ])('in a column of minutes %s is %i', (cell, minutes) => {
    expect(readLength(cell, 'minutes')).toMatchObject({ minutes })
  })

  test.each([
    ['2,500', 'hours', 'hours_ambiguous'],
    ['2.500', 'hours', 'hours_ambiguous'],
    ['1,200', 'minutes', 'hours_ambiguous'],
    ['2:30', 'minutes', 'hours_ambiguous'],
    ['2:75', 'hours', 'hours_unclear'],
    ['two', 'hours', 'hours_unclear'],
    ['1h90', 'hours', 'hours_unclear'],
    ['2 3', 'hours', 'hours_unclear'],
    ['h', 'hours', 'hours_unclear'],
    ['1,5,5', 'hours', 'hours_unclear'],
    ['=2+3', 'hours', 'hours_unclear'],
    ['(1:45)', 'hours', 'hours_unclear'],
    ['8761', 'hours', 'minutes_out_of_range'],
    ['999999999999', 'hours', 'minutes_out_of_range'],
  ] as const)('%s in %s is not guessed at: %s', (cell, unit, reason) => {
    expect(readLength(cell, unit)).toBe(reason)
  })

  test('what is left over a whole minute is told in seconds, above or below it', () => {
    expect(readLength('0,33', 'hours')).toEqual({ minutes: 20, restSeconds: -12 })
    expect(readLength('-2,33', 'hours')).toEqual({ minutes: -140, restSeconds: 12 })
    expect(readLength('1:00:20', 'hours')).toEqual({ minutes: 60, restSeconds: 20 })
  })
})
