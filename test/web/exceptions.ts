/** What do the pages do otherwise than a rule asks, on purpose? Each with its reason; a test fails on one that is no longer so. */

/** Rules of html-validate that are not kept. */
export const HTML_RULES_NOT_KEPT: Readonly<Record<string, string>> = {
  'no-redundant-role': 'some screen readers read the hint of several small fields only with it',
  'attribute-boolean-style': 'what renders the pages writes novalidate="", which means the same',
  'doctype-style': 'small letters mean the same, and compress better',
  'form-dup-name': 'several boxes that answer one question bear one name',
  'long-title': 'a title says the heading and the bank whole, so that whoever hears it knows where they are',
  'tel-non-breaking': 'the style sheet keeps a number on one line; copied, it is as the bank typed it',
  'void-style': 'what renders the pages writes <input/>, which means the same',
}

/** Where links lead that other screens of the same release will answer; whoever adds such a screen strikes its line. */
export const COMING: readonly RegExp[] = []

/** Where our parts differ from GOV.UK Frontend's fixtures: what of an element of theirs becomes what in ours. */
export const MARKUP_ON_PURPOSE: readonly {
  readonly of: readonly string[]
  readonly theirs: RegExp
  readonly ours: string
  readonly why: string
}[] = [
  {
    of: ['error-summary'],
    theirs: /^<div class="govuk-error-summary">/,
    ours: '<div autofocus="" class="govuk-error-summary" tabindex="-1">',
    why: 'the focus goes there without a script',
  },
  {
    of: ['input', 'date-input'],
    theirs: /(<input (?!.*value=)[^>]*)>/,
    ours: '$1 value="">',
    why: 'an empty field says so, which means the same',
  },
  {
    of: ['radios', 'checkboxes', 'date-input'],
    theirs: /"govuk-fieldset__legend"/,
    ours: '"govuk-fieldset__legend govuk-fieldset__legend--s"',
    why: 'questions of a group stand out from their answers on pages with several',
  },
  {
    of: ['date-input'],
    theirs: /(<div class="govuk-date-input") id="[^"]*"/,
    ours: '$1',
    why: 'the error summary leads to the first field, not to the row of them',
  },
  {
    of: ['date-input'],
    theirs: /(id="([^"]*)" .*)name="(day|month|year)"/,
    ours: '$1name="$2"',
    why: 'a field is found by its name, which is its id',
  },
  {
    of: ['summary-list'],
    theirs: /^( *)(Go to GOV.UK|First action)$/,
    ours: '$1$2\n$1<span class="govuk-visually-hidden">\n$1  (Name)',
    why: 'each way to change something says what it changes',
  },
  {
    of: ['select'],
    theirs: / disabled=""/,
    ours: '',
    why: 'whatever cannot be chosen is not offered',
  },
  {
    of: ['button'],
    theirs: / role="button"/,
    ours: '',
    why: 'a link that looks like a button stays a link: without a script the space bar would not press it',
  },
]
