/** What was typed wrongly, and how is it typed rightly? An error that ends a command with the code of wrong usage. */
export class UsageError extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'UsageError'
  }
}
