/** Which words does no page say? They belong to a bank of money or to a machine; a time bank helps and is helped. */

/** Whole words that are one of these, in any script; the usual mark of a word's end knows plain letters only. */
function words(...patterns: readonly string[]): RegExp[] {
  return patterns.map((pattern) => new RegExp(`(?<![\\p{L}\\d])(?:${pattern})(?![\\p{L}\\d])`, 'iu'))
}

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
  es: [
    ...words('pag(o|os|a|an|ar|ará|arán|ado|ada|ados|adas|ando|ó|aron|ue|uen|ador|adora)', 'cobr\\p{L}*'),
    ...words('transf[ei]r\\p{L}*', 'transacci\\p{L}*', 'cargos?', 'abonos?', 'importes?'),
    ...words('a?deud\\p{L}*', 'deb(o|e|en|er|erá|ía|ían|ido)', 'déficit', 'negativ\\p{L}*', 'números rojos'),
    ...words('crédit\\p{L}*', 'débit\\p{L}*', 'saldos?', 'monedero', 'cartera', 'extractos?'),
    ...words('proveedor\\p{L}*', 'receptor\\p{L}*', 'destinatari\\p{L}*', 'beneficiari\\p{L}*'),
    ...words(
      'd(ar|a|an|io|ieron|ado|ando|ará|arán|é) (\\p{L}+ )?horas',
      'gast\\p{L}*',
      'gan(ar|a|an|ado|ó|aron)',
    ),
    ...words('nodos?', 'federa\\p{L}*', 'QR', 'hash', 'tokens?', 'firmas?'),
    ...words('pendientes?', 'liquid\\p{L}*', 'fall(o|os|ó|ido|ida|ar)', 'reinici\\p{L}*', 'restable\\p{L}*'),
    ...words('sincroni\\p{L}*', 'migra\\p{L}*', 'inválid\\p{L}*', 'error(es)?', 'por favor', 'clics?'),
    ...words('administrador\\p{L}*', 'inici(e|ar) sesión'),
    // Everybody is spoken to with usted.
    ...words(
      'tú',
      'tu',
      'tus',
      'te',
      'ti',
      'contigo',
      'vosotr\\p{L}*',
      'vuestr\\p{L}*',
      'tienes',
      'puedes',
      'quieres',
    ),
  ],
}

/** Messages in which such a word means something else. */
export const WORDS_SAID_ON_PURPOSE: readonly string[] = [
  // Of a pen, on paper.
]
