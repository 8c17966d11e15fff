/** What does one check of the doctor answer? A verdict, what is so, and what to type or do next. */

export interface Told {
  /** Names the question; several answers may share it, as of several neighbours. */
  readonly id: string
  readonly verdict: 'fine' | 'look' | 'wrong' | 'unknown'
  /** What was found, in a word for programs, never with a name or address in it. */
  readonly code: string
  readonly says: string
  readonly todo: string | null
  /** In the words of the machine. */
  readonly detail: string | null
}

type Wrong = Pick<Told, 'id' | 'code' | 'says'> & { readonly todo: string; readonly detail?: string | null }

export function fine(id: string, says: string, detail: string | null = null): Told {
  return { id, verdict: 'fine', code: `${id}.fine`, says, todo: null, detail }
}

export function wrong({ detail = null, ...rest }: Wrong): Told {
  return { verdict: 'wrong', detail, ...rest }
}

export function look({ detail = null, ...rest }: Wrong): Told {
  return { verdict: 'look', detail, ...rest }
}

export function unknown(id: string, says: string, detail: string | null = null): Told {
  return { id, verdict: 'unknown', code: `${id}.unknown`, says, todo: null, detail }
}
