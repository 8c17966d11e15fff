/**
 * Which screens are there, and who may see each? The one list of doors: whatever is not in it does not answer, and a test
 * tries every door as everybody ([PRIV-26]).
 */

import { actsScreen } from './desk/acts.tsx'
import { caseScreen } from './desk/cases.tsx'
import { deskCrossingScreen } from './desk/crossing.tsx'
import { crossingCaseScreen, deskWrongScreen } from './desk/crossing-case.tsx'
import { giveBackScreen } from './desk/give-back.tsx'
import { joinerScreen } from './desk/joiner.tsx'
import { joinersScreen } from './desk/joiners.tsx'
import { letterScreen, lettersScreen, receiptScreen } from './desk/letters.tsx'
import { listCheckScreen } from './desk/list-check.tsx'
import { listColumnsScreen } from './desk/list-columns.tsx'
import { broughtListScreen } from './desk/list-done.tsx'
import { newListScreen } from './desk/list-new.tsx'
import { ownPageScreen } from './desk/me.tsx'
import { memberCodeScreen } from './desk/member-code.tsx'
import { newPersonScreen } from './desk/new-person.tsx'
import { noticeScreen } from './desk/notice.tsx'
import { answerForScreen } from './desk/notice-answer.tsx'
import { newNoticeScreen } from './desk/notice-new.tsx'
import { sentNoticeScreen } from './desk/notice-sent.tsx'
import { noticesScreen } from './desk/notices.tsx'
import { peopleScreen } from './desk/people.tsx'
import { personScreen } from './desk/person.tsx'
import { accountScreen } from './desk/person-account.tsx'
import { changePersonScreen } from './desk/person-change.tsx'
import { deputiesScreen } from './desk/person-deputies.tsx'
import { eraseScreen } from './desk/person-erase.tsx'
import { leaveScreen } from './desk/person-leave.tsx'
import { noteScreen } from './desk/person-note.tsx'
import { deskCodeScreen, personRequestScreen } from './desk/person-request.tsx'
import { recordScreen } from './desk/record.tsx'
import { recordAcrossScreen } from './desk/record-across.tsx'
import { recordPageScreen } from './desk/record-page.tsx'
import { sheetScreen } from './desk/sheet.tsx'
import { slipsScreen } from './desk/slips.tsx'
import { blankSlipsScreen } from './desk/slips-print.tsx'
import { todayScreen } from './desk/today.tsx'
import { askScreen, offerScreen } from './member/ask.tsx'
import { boardScreen } from './member/board.tsx'
import { claimScreen } from './member/claim.tsx'
import { collectScreen, typeCodeScreen } from './member/collect.tsx'
import { ownCrossingScreen } from './member/crossing.tsx'
import { crossingWrongScreen } from './member/crossing-wrong.tsx'
import { memberDevicesScreen } from './member/devices.tsx'
import { memberHomeScreen } from './member/home.tsx'
import { hoursFileScreen, hoursScreen, ownRecordScreen } from './member/hours.tsx'
import { ownNoticeScreen } from './member/own-notice.tsx'
import { proofScreen } from './member/proof.tsx'
import { askCodeScreen, ownCodeScreen, ownCodesScreen } from './member/show-code.tsx'
import { giftScreen, hasHelpedScreen, wasHelpedScreen } from './member/tell.tsx'
import { tellAcrossScreen } from './member/tell-across.tsx'
import { wrongScreen } from './member/wrong.tsx'
import { aboutScreen } from './public/about.tsx'
import { activityScreen } from './public/activity.tsx'
import { joinScreen } from './public/join.tsx'
import { codeScreen, memberSignInScreen } from './public/member-sign-in.tsx'
import { accessibilityScreen, homeScreen, languageScreen, privacyScreen } from './public/open-pages.tsx'
import { openedCodeScreen } from './public/opened-code.tsx'
import { setupScreen } from './public/setup.tsx'
import { coordinatorSignInScreen, recoveryScreen, signOutScreen } from './public/sign-in.tsx'
import { verifyScreen } from './public/verify.tsx'
import { addNeighbourScreen } from './run/add-neighbour.tsx'
import { bankScreen } from './run/bank.tsx'
import { colleagueScreen } from './run/colleague.tsx'
import { healthScreen } from './run/health.tsx'
import { inviteScreen, openedInviteScreen } from './run/invite.tsx'
import { neighbourScreen } from './run/neighbour.tsx'
import { neighbourEndScreen } from './run/neighbour-end.tsx'
import { neighboursScreen } from './run/neighbours.tsx'
import { officeScreen } from './run/office.tsx'
import { sheetOnPaperScreen } from './run/sheet.tsx'
import type { Screen } from './screen.ts'

export const SCREENS: readonly Screen[] = [
  homeScreen,
  aboutScreen,
  activityScreen,
  joinScreen,
  verifyScreen,
  privacyScreen,
  accessibilityScreen,
  languageScreen,
  openedInviteScreen,
  setupScreen,
  coordinatorSignInScreen,
  recoveryScreen,
  memberSignInScreen,
  codeScreen,
  signOutScreen,
  openedCodeScreen,
  memberHomeScreen,
  wasHelpedScreen,
  tellAcrossScreen,
  typeCodeScreen,
  collectScreen,
  ownCodesScreen,
  askCodeScreen,
  ownCodeScreen,
  ownCrossingScreen,
  crossingWrongScreen,
  hasHelpedScreen,
  giftScreen,
  claimScreen,
  boardScreen,
  askScreen,
  offerScreen,
  ownNoticeScreen,
  hoursScreen,
  hoursFileScreen,
  ownRecordScreen,
  proofScreen,
  wrongScreen,
  memberDevicesScreen,
  todayScreen,
  recordScreen,
  recordPageScreen,
  recordAcrossScreen,
  deskCrossingScreen,
  deskWrongScreen,
  crossingCaseScreen,
  giveBackScreen,
  deskCodeScreen,
  caseScreen,
  sheetScreen,
  slipsScreen,
  blankSlipsScreen,
  peopleScreen,
  newPersonScreen,
  newListScreen,
  listColumnsScreen,
  listCheckScreen,
  broughtListScreen,
  memberCodeScreen,
  personRequestScreen,
  personScreen,
  changePersonScreen,
  noteScreen,
  deputiesScreen,
  accountScreen,
  leaveScreen,
  eraseScreen,
  noticesScreen,
  newNoticeScreen,
  answerForScreen,
  sentNoticeScreen,
  noticeScreen,
  lettersScreen,
  letterScreen,
  receiptScreen,
  actsScreen,
  joinersScreen,
  joinerScreen,
  ownPageScreen,
  bankScreen,
  healthScreen,
  officeScreen,
  colleagueScreen,
  sheetOnPaperScreen,
  neighboursScreen,
  inviteScreen,
  addNeighbourScreen,
  neighbourScreen,
  neighbourEndScreen,
]
