/** How do the 24 words of a recovery sheet look on paper? Numbered, four in a row. */

const WORDS_IN_A_ROW = 4

export function sheetText(words: readonly string[]): string {
  const cells = words.map((word, i) => `${String(i + 1).padStart(2)} ${word.padEnd(10)}`)
  const rows: string[] = []
  for (let i = 0; i < cells.length; i += WORDS_IN_A_ROW)
    rows.push(
      `  ${cells
        .slice(i, i + WORDS_IN_A_ROW)
        .join('  ')
        .trimEnd()}`,
    )
  return rows.join('\n')
}
