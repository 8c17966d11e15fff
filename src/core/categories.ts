/**
 * Which kinds of help can a record name? One closed list for all banks, by number in the log; 0 is not said. A number
 * is never given another meaning, and a log may hold numbers of a later list ([EX-5]).
 */

export const CATEGORIES = {
  10: 'company',
  11: 'telephone_chat',
  12: 'visiting',
  20: 'lifts',
  21: 'shopping',
  22: 'errands',
  30: 'cooking',
  40: 'gardening',
  50: 'repairs',
  51: 'decorating',
  60: 'housework',
  70: 'pets',
  80: 'children',
  90: 'sitting_with_someone',
  100: 'computers_and_phones',
  110: 'letters_and_forms',
  120: 'languages',
  130: 'lessons',
  140: 'sewing_and_crafts',
  150: 'music_and_arts',
  160: 'walking_and_sport',
  170: 'wellbeing',
  180: 'clean_up',
  190: 'events',
  200: 'running_the_time_bank',
  210: 'panels_and_planning',
  220: 'learning',
  900: 'something_else',
  990: 'gift',
} as const

/** Hours passed on without help: offered nowhere as a kind of help. */
export const GIFT = 990

export type CategoryName = (typeof CATEGORIES)[keyof typeof CATEGORIES]

/** The name behind a number, or null for 0 and for numbers this list does not have. */
export function categoryName(number: number): CategoryName | null {
  const entry = Object.entries(CATEGORIES).find(([no]) => Number(no) === number)
  return entry === undefined ? null : entry[1]
}
