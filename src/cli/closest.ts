/**
 * Which of the known words was probably meant? For a suggestion after a typo, which is never acted on.
 */

/** The known word nearest to a mistyped one, or null when none is near (Levenshtein distance at most a third). */
export function closest(word: string, known: readonly string[]): string | null {
  let best: string | null = null
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const one of known) {
    const distance = editDistance(word, one)
    if (distance < least) {
      best = one
      least = distance
    }
  }
  return best
}

/** ` Did you mean x?`, or nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = closest(word, known)
  return near === null ? '' : ` Did you mean ${near}?`
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
