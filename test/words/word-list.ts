/** Which words does no page say? They belong to a bank of money or to a machine; a time bank helps and is helped. */

/** By language; a language that is spoken has its own list. */
export const WORDS_NEVER_SAID: Readonly<Record<string, readonly RegExp[]>> = {
  en: [
    ...[
      /\bpay(s|ing|ment|ments|er|ee)?\b/i,
      /\bpaid\b/i,
      /\btransfers?\b/i,
      /\btransactions?\b/i,
      /\bcharg(e|es|ed|ing)\b/i,
    ],
    ...[
      /\bdebts?\b/i,
      /\bow(e|es|ed|ing)\b/i,
      /\bdeficits?\b/i,
      /\bnegative\b/i,
      /\boverdrawn\b/i,
      /\bcredits?\b/i,
    ],
    ...[
      /\bproviders?\b/i,
      /\brecipients?\b/i,
      /\bgiv(e|es|ing) hours\b/i,
      /\bspend(s|ing)?\b/i,
      /\bearn(s|ed|ing)?\b/i,
    ],
    ...[/\bpeers?\b/i, /\bnodes?\b/i, /\bfederat/i, /\btrustlines?\b/i],
    ...[/\bQR\b/, /\bpayloads?\b/i, /\bhash(es)?\b/i, /\bsignatures?\b/i, /\btokens?\b/i],
    ...[
      /\bpending\b/i,
      /\bcommitted\b/i,
      /\bsettled?\b/i,
      /\bfailed\b/i,
      /\breset\b/i,
      /\bsync/i,
      /\bmigrat/i,
    ],
    ...[/\binvalid\b/i, /\berror\b/i, /\bplease\b/i, /\bclick\b/i, /\blog ?in\b/i, /\badministrator\b/i],
  ],
}

/** Messages in which such a word means something else. */
export const WORDS_SAID_ON_PURPOSE: readonly string[] = [
  // Of a pen, on paper.
]
