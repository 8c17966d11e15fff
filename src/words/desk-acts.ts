/**
 * How is an act of the desk told? A few words for each, after the name of whoever did it; an act without words does not
 * compile where it is told.
 */

const DESK_ACT_WORDS = {
  added: 'added the member',
  edited: 'changed what is known of the person',
  opened_person: 'opened the page of the person',
  opened_notes: 'opened private notes',
  helper_added: 'let somebody act for the person',
  helper_removed: 'ended that somebody acts for the person',
  suspended: 'suspended the membership',
  resumed: 'let the membership act again',
  closed: 'closed the membership',
  left: 'let the member leave',
  erased: 'erased a person',
  recorded: 'recorded help',
  took_back: 'took a record back',
  corrected: 'corrected a record',
  sent: 'sent hours to another bank',
  cancelled: 'took back hours that waited',
  imported: 'imported people and balances',
  device_added: 'registered a device',
  device_removed: 'signed a device out',
  code_given: 'gave out a code',
  invited: 'invited the person to sign in',
  pin_reset: 'set the PIN back',
  letter_printed: 'printed a letter',
  coordinator_added: 'made somebody a coordinator',
  coordinator_removed: 'took a coordinator out of office',
  sheet_shown: 'was shown the recovery sheet',
  sheet_on_paper: 'put the recovery sheet on paper',
  coordinator_reset: 'let a coordinator sign in anew',
  board_added: 'put somebody on the board',
  board_removed: 'took somebody off the board',
  notice_made: 'wrote an ask or an offer for the person',
  notice_renewed: 'renewed an ask or an offer',
  notice_shown: 'let neighbouring banks see an ask or an offer',
  notice_taken_down: 'took an ask or an offer down',
  notice_answered: 'answered an ask or an offer for the person',
  introduced: 'brought two people together',
  asked_back: 'asked another bank for hours of the person back',
  import_undone: 'took a list of people away again',
} as const

export function deskActWords(what: keyof typeof DESK_ACT_WORDS): string {
  return DESK_ACT_WORDS[what]
}
