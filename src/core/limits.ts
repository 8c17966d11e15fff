/**
 * How much is too much? Every bound of the program stands here once, each with its reason. docs/spec/limits.md
 * lists the same names and figures, and a test compares the two.
 */

const KIB = 1024
const MIB = 1024 * KIB
const HOUR = 3600
const DAY = 24 * HOUR

export const LIMITS = {
  /** bytes; an entry stays far below a bundle's 65,535 so that a frame always has room for its proof. */
  entryBytes: 16_384,
  /** levels of nesting in one tb-cbor item; entries use 5, so 16 leaves room and bounds recursion. */
  cborDepth: 16,
  /** bytes of one frame between banks; about 200 payments with their proofs. */
  frameBytes: 256 * KIB,
  /** messages in one frame; what a peer can make us look at before it must wait for our answer. */
  frameMessages: 256,
  /** frames of one neighbour that may wait for the writer at a time; a few share a sync, more only cost memory. */
  framesUnderWay: 64,
  /** entries with proofs in one frame; the frame's size binds first in practice. */
  frameEntries: 256,
  /** bytes of one HTTP body; the longest is a CSV of members. */
  httpBodyBytes: 8 * MIB,
  /** minutes of one exchange inside a bank: a year. */
  exchangeMinutes: 525_600,
  /** minutes a member may enter in one record: one day. */
  recordMinutes: 1_440,
  /** minutes that leave a member's account above which the PIN is asked again: a telephone left on a table; most help is shorter. */
  pinAgainMinutes: 180,
  /** minutes of one payment between banks: 100 hours, well under any line's limit. */
  crossingMinutes: 6_000,
  /** minutes a line may let either bank owe: 10,000 hours. */
  lineMinutes: 600_000,
  /** entries whose words one entry says were erased; such an entry has at most 9,000 bytes. */
  redactedEntries: 1_000,
  /** people whom one entry says were erased. */
  redactedAccounts: 100,
  /** seconds an erasure waits for readers of the old content; then it goes on at the next start. */
  eraseWaitSeconds: 60,
  /** legs of one exchange: a large group sheet. */
  exchangeLegs: 100,
  /** days back that help may have happened: a year and a day. */
  dayBack: 366,
  /** seconds for which it is kept what a coordinator did for whom: 24 months, as long as members may ask. */
  actsKeptSeconds: 731 * DAY,
  /** days for which a record is taken back in one press; later it is corrected, and somebody says why. */
  takeBackDays: 14,
  /** days ahead that help may be dated: one, for time zones. */
  dayAhead: 1,
  /** seconds between a hold and its deadline: eight days, one more than the longest offered wait. */
  decideAheadSeconds: 8 * DAY,
  /** seconds added to the bound above when a payee's bank checks it: two clocks may differ by an hour. */
  decideAheadSlackSeconds: HOUR,
  /** seconds a payment waits for a neighbour that is expected to be there. */
  decideInteractiveSeconds: 60,
  /** seconds a payment by post, or one told to wait, may stay undecided: a week. */
  decidePostalSeconds: 7 * DAY,
  /** seconds after its deadline that a payee's bank keeps a promise before it renounces it. */
  waiveGraceSeconds: 7 * DAY,
  /** ids that may be open on one line at a time; bounds memory and the length of a reconnect. */
  openIdsPerLine: 512,
  /** proposals of uninvited banks that wait for the operator; the 21st is told BUSY. */
  waitingProposals: 20,
  /** banks that may not ask for a line, a coordinator having said so of each; then the oldest is forgotten. */
  refusedBanks: 200,
  /** seconds a proposal of ours waits for an answer before it is withdrawn: 30 days. */
  proposalSeconds: 30 * DAY,
  /** seconds of silence, by the bank's own log, after which its board may give a neighbour up: 30 days. */
  deadSilenceSeconds: 30 * DAY,
  /** members of the board who decide together at least, so that nobody gives hours up alone. */
  boardLeast: 2,
  /** members of the board that one entry names at most. */
  boardMost: 5,
  /** entries a neighbour may make us write in a day that move nothing, such as aborts of unknown ids (R7). */
  fruitlessEntriesPerDay: 1_000,
  /** minutes of the first line each way: 40 hours. */
  firstLineMinutes: 2_400,
  /** minutes of open and parked offers on a first line. */
  firstLineCapMinutes: 240,
  /** entries of one commit; bounds how long the others wait for the one sync. */
  commitEntries: 256,
  /** bytes of entries in one commit. */
  commitBytes: MIB,
  /** commands waiting for the writer; beyond it the answer is "busy, try again". */
  commitQueue: 4_096,
  /** bytes of free disk under which nothing is written any more, while reads go on. */
  diskFreeBytes: 64 * MIB,
  /** bytes of free disk under which somebody should make room soon; months of a large bank. */
  diskSoonBytes: 1_024 * MIB,
  /** copies of LevelDB's write-ahead files kept after starts without a clean stop; the last three crashes. */
  crashCopies: 3,
  /** bytes of rows in one page read from the store; bounds the memory of a walk over the whole log. */
  storePageBytes: MIB,
  /** bytes of one of LevelDB's tables; they are read through mapped memory, a table at a time. */
  storeTableBytes: MIB,
  /** tables LevelDB keeps open and mapped, the fewest it can do with; bounds how much of the log lies in memory: 64 MiB. */
  storeOpenTables: 64,
  /** seconds a start waits for neighbours to say which head of ours they hold. */
  startWaitSeconds: 15,
  /** seconds of clock difference to one neighbour that warn. */
  clockWarnSeconds: 300,
  /** seconds of difference to two agreeing neighbours, or of a jump against the machine's own counter, that stop the writer. */
  clockStopSeconds: HOUR,
  /** seconds for which what a neighbour's clock showed counts: a day. */
  clockHeardSeconds: DAY,
  /** seconds of silence after which a start warns that the clock may be wrong: 30 days. */
  clockIdleSeconds: 30 * DAY,
  /** seconds of asking in vain, over all starts, after which the operator may confirm a log without a guard: a week. */
  startSilenceSeconds: 7 * DAY,
  /** seconds between two notes of how long a start has asked in vain; a stop loses no more than these. */
  startAskedKeptSeconds: 600,
  /** hex digits of the root that an operator types to confirm a log; enough that no other log has them by chance. */
  confirmRootDigits: 8,
  /** seconds between two writes of a neighbour's newest head when nothing else is written about it. */
  headKeptSeconds: 60,
  /** seconds between two notes that a neighbour was on the wire: a day. */
  heardKeptSeconds: DAY,
  /** seconds: first wait before a message is sent again. */
  resendFirstSeconds: 1,
  /** seconds: longest wait before a message is sent again. */
  resendLongestSeconds: 600,
  /** seconds a dial or handshake may take. */
  dialSeconds: 10,
  /** seconds an answer of another bank may take. */
  answerSeconds: 30,
  /** seconds a question waits for a session that broke off: twice what it takes to dial again. */
  interruptionSeconds: 5,
  /** settle streams on one connection: one in use, and room for those that a reconnect leaves behind. */
  settleStreams: 4,
  /** record streams on one connection; questions asked at the same time. */
  recordStreams: 16,
  /** pings on one connection at the same time: those of the network library and of the DHT meet, and slow ones overlap. */
  pingStreams: 8,
  /** bytes a peer may send on one stream before we read: a few frames, and what a slow reader can cost us. */
  streamWindowBytes: MIB,
  /** seconds a peer may take nothing in while we wait to send; then the stream is reset. */
  stalledSeconds: 120,
  /** bytes of a signed bank record. */
  recordBytes: 131_072,
  /** seconds a bank record is good for: seven days. */
  recordSeconds: 7 * DAY,
  /** addresses in a bank record. */
  recordAddresses: 8,
  /** bytes of the description in a bank record. */
  descriptionBytes: 1_024,
  /** addresses in an invite; more do not fit a QR code that a phone reads well. */
  inviteAddresses: 3,
  /** candidates looked at for one key of the DHT. */
  findCandidates: 20,
  /** candidates dialled at a time. */
  findDials: 4,
  /** seconds one search of the DHT may take. */
  findSeconds: 60,
  /** seconds after which a provider record is said again: twelve hours. */
  announceSeconds: 12 * HOUR,
  /** seconds a provider record is held for others: two days. */
  announcedSeconds: 2 * DAY,
  /** peers in the routing table below which it is refreshed every minute. */
  tableSmall: 8,
  /** seconds between two refreshes of a small routing table. */
  tableRefreshSeconds: 60,
  /** seconds libp2p remembers a peer and its addresses unheard: 60 days, so that a restart finds old friends. */
  peerAgeSeconds: 60 * DAY,
  /** banks the address book remembers; the longest unheard go first. */
  addressBookBanks: 5_000,
  /** connections in all; a Raspberry Pi holds them with ease. */
  connections: 200,
  /** connections of these kept free for line partners, so that strangers can never fill the house. */
  connectionsKept: 32,
  /** connections from one address outside a local network; several banks may share one house. */
  connectionsPerAddress: 8,
  /** connections that may wait for their handshake at a time. */
  connectionsPending: 50,
  /** new connections a second from one address; a large hall behind one router stays below it. */
  connectionsPerSecond: 50,
  /** line partners at which a bank without an address of its own keeps a place: one may go, the other is there. */
  relayPlaces: 2,
  /** line partners through which a bank is looked for: each answers at once, and a dial has ten seconds. */
  relayWays: 4,
  /** seconds between two looks for places: one that has gone is replaced within the minute. */
  relayLookSeconds: 20,
  /** longest wait in seconds before a partner that gave no place is asked again. */
  relayWaitSeconds: 3_600,
  /** places that a bank gives to line partners; twice the neighbours of a large bank. */
  relayGuests: 100,
  /** connections that one line partner may have through us at a time. */
  relayStreams: 64,
  /** bytes of a frame of a bank without a line: a proposal with its proof. */
  strangerFrameBytes: 4_096,
  /** messages in line for a neighbour that reads slowly; then the session ends, and the next derives them again. */
  sessionBacklog: 8_192,
  /** postings repeated after one HELLO; twice what may be open, and the next HELLO goes on from there. */
  postingsRepeated: 1_024,
  /** sessions ended for bad bytes within an hour after which a peer is not heard for a while. */
  badSessions: 3,
  /** seconds for which a stranger with bad bytes is not heard: an hour. */
  strangerShutSeconds: HOUR,
  /** seconds for which a line partner with bad bytes is not heard: a minute, for it may be an upgrade gone wrong. */
  partnerShutSeconds: 60,
  /** uses of one handle; enough for a regular at a neighbouring bank. */
  handleUses: 100_000,
  /** seconds a handle lives unless said otherwise: 30 days. */
  handleSeconds: 30 * DAY,
  /** letters of a request code: 40 random bits, so that nobody guesses one at 30 tries a day. */
  requestCodeLetters: 8,
  /** seconds a request is good for unless said otherwise: a day. */
  requestSeconds: DAY,
  /** seconds a request may be good for: 31 days, so that a wall code lasts for a course. */
  requestLongestSeconds: 31 * DAY,
  /** payments one request may be good for: everybody at a festival. */
  requestUses: 1_000,
  /** requests of one member that may be open at a time; bounds what is kept in memory. */
  requestsOpen: 20,
  /** seconds a request is remembered after its end, so that a late code says when it ran out: 30 days. */
  requestKeptSeconds: 30 * DAY,
  /** questions about members, and about codes that fail, a neighbour may ask us in a day: nobody walks through our numbers. */
  questionsPerDay: 30,
  /** wrong codes and numbers one member may ask a neighbour about in a day, so that nobody uses up the bank's questions. */
  failedLookupsPerDay: 8,
  /** questions of ours to one neighbour that may wait for an answer at a time. */
  questionsUnderWay: 64,
  /** uses of the handle that answers a question about a member: a payment, and two more tries. */
  askedHandleUses: 3,
  /** seconds such a handle lives: as long as a payment may stay undecided. */
  askedHandleSeconds: 8 * DAY,
  /** requests of other banks' members that are remembered after they were fetched. */
  requestsFetched: 1_000,
  /** words of one neighbour that may wait for the commit they belong to, which is next on the same stream. */
  wordsAhead: 16,
  /** bytes of the sentence in which a member asks or offers; two lines on a telephone, and scripts of three bytes a letter. */
  noticeBytes: 400,
  /** seconds for which an ask or an offer is shown, and again after each renewal: 90 days; then it sleeps. */
  noticeSeconds: 90 * DAY,
  /** asks and offers of one member, those asleep too; bounds what is kept in memory. */
  noticesOfMember: 20,
  /** seconds for which it is kept that one was taken down, and why: 30 days, as long as somebody may ask. */
  noticeDownSeconds: 30 * DAY,
  /** asks and offers in one answer to a neighbour, the newest; with the longest sentences a sixth of a frame. */
  noticesOutside: 100,
  /** times a neighbour may ask us in a day what our members ask and offer: every half hour. */
  noticeLooksPerDay: 48,
  /** seconds for which a neighbour's asks and offers are shown before it is asked again: an hour. */
  noticeFreshSeconds: HOUR,
  /** seconds for which they are shown while the neighbour is away: a day. */
  noticeStaleSeconds: DAY,
  /** seconds before a neighbour that did not answer is asked again what its members ask and offer. */
  noticeLookAgainSeconds: 60,
  /** milliseconds a page waits for a neighbour's asks and offers of which it has none yet; the next page has them. */
  noticeWaitMilliseconds: 300,
  /** members who may answer one ask or offer; more than that nobody rings. */
  noticeAnswersMost: 20,
  /** answers of one member that nobody has dealt with; bounds what a press can make us keep. */
  noticeAnswersOfMember: 20,
  /** answers of its members that a neighbour may bring us in a day. */
  noticeAnswersPerDay: 50,
  /** seconds for which an answer to a neighbour's notice is said again until it is heard: a week. */
  noticeAnswerSeconds: 7 * DAY,
  /** days a handle may live at most: a year, then a regular at a neighbouring bank gets a new one. */
  handleDays: 366,
  /** members read from one file; the largest bank has 10,000. */
  importRows: 100_000,
  /** columns of such a file; the widest export of another program has a few dozen. */
  importColumns: 500,
  /** bytes of a member's name or a bank's. */
  nameBytes: 80,
  /** combining marks in a row in words of others; no script stacks more, and a tower of them covers the lines above. */
  combiningMarks: 4,
  /** bytes of a member's number; it is printed on cards and read out on the phone. */
  numberBytes: 24,
  /** bytes of a phone number, an e-mail address, an area or the like; the longest e-mail address has 254. */
  contactBytes: 254,
  /** people who may act for one member; a family and a carer or two. */
  helpersMost: 10,
  /** rows of an imported history kept in one batch; bounds how long others wait for its sync. */
  archiveBatch: 2_000,
  /** entries an export reads at a time; between two pages others get their turn. */
  exportPageEntries: 1_000,
  /** bytes of a private note on an exchange. */
  noteBytes: 2_000,
  /** bytes of an address in a card or record. */
  addressBytes: 200,
  /** links of a bank's identity chain (founding body and rotations). */
  identityChain: 64,
  /** signature lines of a note that are read; more is refused. */
  noteSignatures: 100,
  /** cosignatures we put on a checkpoint of ours; some verifiers refuse more than 16 lines. */
  cosignatures: 12,
  /** full tiles of hashes kept in memory; 16 KiB each, 2 MiB in all, and they span 32,768 entries. */
  tilesCached: 128,
  /** hashes of one proof; a log of 2^53 entries needs 53, a consistency proof at most one more. */
  proofHashes: 64,
  /** entries a neighbour's `seen` heads may cost us in a day. */
  seenPerDay: 4,
  /** bytes of one file of an export that is audited: a bundle of 256 entries of the longest the format allows. */
  auditFileBytes: 17 * MIB,
  /** bytes of a zip file's logs when unpacked, since they are held in memory; larger exports are read from a folder. */
  auditZipBytes: 2 * KIB * MIB,
  /** signatures an audit has under way at a time; enough to keep every thread of the machine busy. */
  auditSignaturesUnderWay: 64,
  /** signatures that wait for a thread before an audit stops reading on; bounds memory. */
  auditSignaturesWaiting: 512,
  /** findings of one rule in one bank that a report lists; more are counted. */
  auditFindings: 100,
  /** seconds an HTTP request may wait for a payment to end; longer waits ask again. */
  waitingRequestSeconds: 60,
  /** HTTP connections at a time; pages and programs of one bank need a few dozen. */
  httpConnections: 512,
  /** seconds requests under way have to end when the bank stops; then their connections are cut. */
  closingSeconds: 5,
  /** seconds of activity that count for the pace of the public head: 90 days. */
  publicHeadActiveSeconds: 90 * DAY,
  /** active accounts from which the public head moves hourly instead of daily; fewer are told apart too easily. */
  publicHeadActiveAccounts: 20,
  /** seconds an invitation is good for: 14 days. */
  inviteSeconds: 14 * DAY,
  /** invitations to other banks that are good at a time; one bank is invited after the other. */
  invitations: 20,
  /** wrong passwords, PINs or codes at one door before it waits; people mistype three times, machines do not stop. */
  guesses: 5,
  /** seconds a door waits at most after one more wrong guess: an hour; a day holds at most 29 guesses. */
  guessWaitSeconds: HOUR,
  /** seconds after the last wrong guess at a door after which all are forgotten: a day, far longer than it waits. */
  guessesKeptSeconds: DAY,
  /** wrong guesses from one address that are free, at whatever doors; a hall full of people who mistype stays below it. */
  guessesOfAddress: 30,
  /** wrong PINs from unknown devices that are free at the whole bank; 10,000 members mistype ten in an hour, a campaign more. */
  guessesOfStrangers: 300,
  /** seconds for each further one: 60 in an hour, six times what the largest bank mistypes and a 150th of all short PINs. */
  guessOfStrangersSeconds: 60,
  /** places whose wrong guesses and other pieces are counted at a time; about 2 MiB, and the longest unheard goes first. */
  placesCounted: 10_000,
  /** devices of one person that are known as theirs; as many as sign-ins, and the one unused longest goes first. */
  deviceMarks: 20,
  /** days for which a device is known after its owner came in there: a year, for some come for the yearly party. */
  deviceMarkDays: 365,
  /** names and numbers that nobody has whose wrong guesses are remembered, in memory alone; about 4 MiB. */
  strangersDoors: 20_000,
  /** passwords and PINs hashed at a time; the disk shares four threads with them, and two stay free for it. */
  secretsUnderWay: 2,
  /** passwords and PINs that wait to be hashed; about a second on a small computer, then "busy, try again". */
  secretsWaiting: 20,
  /** characters of a coordinator's password at least; long enough that nothing else need be asked of it. */
  passwordCharacters: 12,
  /** bytes of a password at most; a long sentence fits, and hashing stays cheap. */
  passwordBytes: KIB,
  /** recovery codes of one coordinator; a sheet of them. */
  recoveryCodes: 10,
  /** seconds a link that lets a coordinator choose a password is good for. */
  coordinatorLinkSeconds: 1_800,
  /** codes of one member that are good at a time; one in a letter and a few read out. */
  memberCodes: 4,
  /** seconds a code of six digits is good for; a million of them, and five tries in that time. */
  saidCodeSeconds: 900,
  /** seconds a code in a letter is good for: 14 days. */
  letterCodeSeconds: 14 * DAY,
  /** things one member said that others have not agreed to; more are a matter for the desk. */
  claimsWaiting: 20,
  /** seconds the desk has for a record that somebody calls wrong: 14 days, as long as one may object. */
  caseSeconds: 14 * DAY,
  /** codes by which one payment is asked back, one after another: more than that is a matter to talk about. */
  caseRequests: 20,
  /** people who may ask to join from one address at once; a family, or three at the table of a fair. */
  joinsOfAddress: 3,
  /** seconds for each further one from there: eight hours, so that a day has three. */
  joinOfAddressSeconds: 8 * HOUR,
  /** people who may ask to join in one day; more come from many machines, and the telephone stays open. */
  joinsPerDay: 100,
  /** seconds without a word after which somebody who asked to join is forgotten: 90 days. */
  joinerSeconds: 90 * DAY,
  /** bytes of a bank's own rules for people who join; two pages. */
  houseRulesBytes: 8 * KIB,
  /** days a sign-in on an own device lasts. */
  signInDays: 90,
  /** seconds without a page after which a sign-in on a shared computer ends. */
  signInSharedSeconds: 900,
  /** seconds after which it is noted again that a sign-in was used; a note costs a write. */
  signInNoteSeconds: 60,
  /** sign-ins of one person that last; nobody has more devices, and the one unused longest ends first. */
  signInsOfPerson: 20,
  /** bytes of a device's name in the list of sign-ins. */
  deviceNameBytes: 120,
  /** bytes of one posted form; the longest is a group sheet with a hundred lines. */
  formBytes: 256 * KIB,
  /** fields of one posted form. */
  formFields: 1_000,
  /** seconds for which a count of what waits at the desk is kept for programs: it looks at everybody. */
  deskCountSeconds: 300,
  /** bytes of one posted form with files; a list of 10,000 people with their addresses. */
  listFormBytes: 2 * MIB,
  /** pasted lists that wait in memory to be looked over; several at a desk have one or two each, and the oldest goes first. */
  listDrafts: 24,
  /** seconds for which such a list waits: two hours, over a meal and a telephone call. */
  listDraftSeconds: 7_200,
  /** columns of a sheet that are asked about; nobody keeps more about people. */
  listColumns: 40,
  /** people and lines of a list on the page where it is looked over, so that the page can be read on a telephone. */
  listRowsShown: 200,
  /** payments in one page of the list of open ones. */
  listedPayments: 1_000,
} as const
