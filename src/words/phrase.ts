/**
 * How do two people see that they hold the same receipt? By a phrase to compare aloud, made from the record's id and so
 * the same at both banks: `BLUE-KITE-42` ([EX-19]). Some 180,000 phrases tell receipts apart; they prove nothing.
 */

import type { Bytes } from '../core/ids.ts'

// biome-ignore format: a list of words is read as a block
/** Short words of school English that are hard to take for one another on the telephone; no two of a list rhyme closely. */
const COLOURS = [
  'AMBER', 'APPLE', 'BLUE', 'BROWN', 'CHERRY', 'COPPER', 'CREAM', 'GOLD', 'GREEN', 'GREY', 'INDIGO', 'IVORY', 'LEMON',
  'LILAC', 'MINT', 'OLIVE', 'ORANGE', 'PEACH', 'PINK', 'PLUM', 'PURPLE', 'RED', 'RUBY', 'SCARLET', 'SILVER', 'SKY',
  'TURQUOISE', 'VIOLET', 'WHITE', 'YELLOW', 'BRONZE', 'CORAL',
] as const
// biome-ignore format: a list of words is read as a block
const THINGS = [
  'ANCHOR', 'APRON', 'BASKET', 'BELL', 'BENCH', 'BICYCLE', 'BOAT', 'BRIDGE', 'BUTTON', 'CANDLE', 'CASTLE', 'CHAIR',
  'CLOCK', 'CLOUD', 'DRUM', 'FEATHER', 'FENCE', 'FLUTE', 'FOREST', 'GARDEN', 'GATE', 'GLOVE', 'GUITAR', 'HAMMER',
  'HARBOUR', 'HAT', 'ISLAND', 'JACKET', 'KETTLE', 'KEY', 'KITE', 'LADDER', 'LAMP', 'LANTERN', 'LEAF', 'MARKET',
  'MIRROR', 'MOUNTAIN', 'NEEDLE', 'ORCHARD', 'PENCIL', 'PIANO', 'PILLOW', 'POCKET', 'RIBBON', 'RIVER', 'ROBIN',
  'SADDLE', 'SHELL', 'SPOON', 'STATION', 'SWALLOW', 'TABLE', 'TEAPOT', 'TRAIN', 'TRUMPET', 'UMBRELLA', 'VALLEY',
  'VIOLIN', 'WAGON', 'WHISTLE', 'WINDOW', 'WINDMILL', 'ZEBRA',
] as const

/** The phrase of a record's id, which is a hash and so evenly spread. */
export function receiptPhrase(id: Bytes): string {
  const [colour = 0, thing = 0, high = 0, low = 0] = id
  const number = 10 + (((high << 8) | low) % 90)
  return `${COLOURS[colour % COLOURS.length]}-${THINGS[thing % THINGS.length]}-${number}`
}
