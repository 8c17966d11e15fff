/**
 * How does a list look on a terminal? Columns as wide as their widest cell, numbers to the right.
 */

export interface Column {
  readonly heading: string
  readonly align?: 'left' | 'right'
}

/** Lines of a table; every row has a cell for each column. */
export function tableOf(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ heading }) => heading), ...rows]
  const widths = columns.map((_, i) => Math.max(...lines.map((cells) => [...(cells[i] ?? '')].length)))
  return lines
    .map((cells) =>
      columns
        .map(({ align }, i) => padded(cells[i] ?? '', widths[i] as number, align ?? 'left'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** `name  value` lines, the values under one another. */
export function factsOf(facts: readonly (readonly [string, string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')
}

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - [...text].length))
  return align === 'left' ? text + blanks : blanks + text
}
