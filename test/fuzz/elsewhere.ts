/** Which readers have no target of their own? Each with the reason why nobody outside hands it bytes by itself. */

const OWN_ROW = 'a row of the own database, behind the checksums of LevelDB; nobody else writes there'
const OWN_KEY = 'reads back a key that the program has just built; anything else is a broken assertion'
const A_PART = 'opens or finds a part of the running program, and reads no bytes'
const OWN_LOG = 'reads the own log and tree, which a start has verified against its signed head'
const IN_RECORDS = 'is read inside a bank record and a session, which are tried'
const A_FORM = 'reads the fields of a form; test/web/any-visit.test.ts posts any fields to every screen'
const NOT_READ = 'asks others, or is read through the decoders below it, which are tried'

/** Exported functions, by file. */
export const READERS_ELSEWHERE: Readonly<Record<string, string>> = {
  'cli/demo/exchanges.ts findMembers': A_PART,
  'core/audit/accounts.ts openAccount': A_PART,
  'core/audit/book.ts openBook': A_PART,
  'core/audit/book.ts findAccount': A_PART,
  'core/audit/book.ts findLine': A_PART,
  'core/audit/lines.ts openLine': A_PART,
  'core/sign.ts findBankPreimage': A_PART,
  'cli/payee.ts readPayee': 'what the operator typed, read by what the bank refuses',
  'cli/payee.ts readTerms': 'what the operator typed, read by what the bank refuses',
  'http/client.ts openClient': NOT_READ,
  'http/health.ts ready': A_PART,
  'http/openapi.ts openApiDocument': A_PART,
  'http/routes/neighbours.ts findNeighbour': NOT_READ,
  'http/shapes/neighbours.ts findShape': NOT_READ,
  'keys/recovery-sheet.ts readSheet':
    'the words of the own sheet, typed by whoever holds it: 32 bytes, or none',
  'log/lineage.ts readLineage': IN_RECORDS,
  'log/lineage.ts openOf': IN_RECORDS,
  'log/tree.ts openTree': OWN_LOG,
  'node/door.ts verifyOnThreads': 'the rule of core/ed25519.ts, which is tried, on other threads',
  'node/epochs.ts openEpochTree': OWN_LOG,
  'node/identity.ts openIdentity': A_PART,
  'node/neighbour.ts readLineageRow': OWN_ROW,
  'node/node.ts openNode': A_PART,
  'node/noticeboard.ts openNeighbours': A_PART,
  'node/own-log.ts openOwnLog': OWN_LOG,
  'peer/peer-folder.ts openPeerFolder':
    'a LevelDB that is made anew when it cannot be opened; its rows are tried',
  'register/bank-facts.ts readBankFacts': OWN_ROW,
  'register/house-rules.ts readHouseRules': OWN_ROW,
  'register/find-people.ts findPeople': A_FORM,
  'register/find-people.ts findForMember': A_FORM,
  'register/find-people.ts findMemberNumber': A_FORM,
  'register/person.ts readPersonRow': OWN_ROW,
  'register/records.ts readRecord': OWN_LOG,
  'store/keyspace.ts parseEdgeKey': OWN_KEY,
  'store/keyspace.ts parseTileKey': OWN_KEY,
  'store/keyspace.ts parseSeenHeadKey': OWN_KEY,
  'store/level-store.ts openLevelStore': A_PART,
  'store/memory-store.ts openMemoryStore': A_PART,
  'web/desk/known.tsx readKnown': A_FORM,
  'web/desk/sheet-draft.ts readSheet': A_FORM,
  'register/verify.ts verifyReference': A_FORM,
  'register/verify.ts verifyProof': NOT_READ,
  'web/public/verify.tsx verifyScreen': A_FORM,
  'web/run/invite.tsx openedInviteScreen': NOT_READ,
  'web/form.ts readForm': A_FORM,
  'web/pages.ts openPages': A_PART,
  'web/parts/help-fields.tsx readLength': A_FORM,
  'web/parts/help-fields.tsx readDay': A_FORM,
  'web/parts/help-fields.tsx readDate': A_FORM,
  'web/parts/help-fields.tsx readCategory': A_FORM,
  'web/parts/notice-parts.tsx readPosted': A_FORM,
  'web/parts/notice-parts.tsx readReach': A_FORM,
  'web/parts/who.tsx readPeople': A_FORM,
}

/** Files that turn bytes into values by themselves. */
export const READ_ELSEWHERE: Readonly<Record<string, string>> = {
  'audit/replay.ts': NOT_READ,
  'cli/demo/story.ts': 'unpacks what the demo itself has just packed',
  'core/audit/book.ts': 'declares the decoder that the audit hands in',
  'node/handles.ts': OWN_ROW,
  'node/proposals.ts': OWN_ROW,
  'node/invitations.ts': OWN_ROW,
  'peer/libp2p-transport.ts': 'hands an address to the network library and passes over what that refuses',
  'register/bank-facts.ts': OWN_ROW,
  'register/board.ts': OWN_ROW,
  'register/house-rules.ts': OWN_ROW,
  'register/joiners.ts': OWN_ROW,
  'register/cases.ts': OWN_ROW,
  'register/claims.ts': OWN_ROW,
  'register/logins.ts': OWN_ROW,
  'register/member-keys.ts': OWN_ROW,
  'register/sign-ins.ts': OWN_ROW,
  'register/today.ts': OWN_ROW,
  'register/tries.ts': OWN_ROW,
  'register/coordinators.ts': OWN_ROW,
  'register/acts.ts': OWN_ROW,
  'register/presses.ts': OWN_ROW,
  'register/notice-rows.ts': OWN_ROW,
  'register/request-rows.ts': OWN_ROW,
  'register/people.ts': OWN_ROW,
}
