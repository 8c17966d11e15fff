/** How often was each situation met that the design promises to survive? Counters by name, added up over seeds. */

export class Coverage {
  readonly counts: Record<string, number> = {}

  met(situation: string, times = 1): void {
    this.counts[situation] = (this.counts[situation] ?? 0) + times
  }

  add(other: Readonly<Record<string, number>>): void {
    for (const [situation, times] of Object.entries(other)) this.met(situation, times)
  }
}
