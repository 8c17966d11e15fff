/**
 * Which room of the house does a file live in, and whom may it know? The table behind the layer rule, and every
 * exception to the other rules, each with its reason. An exception that nothing needs any more is a failed test.
 */

/** A folder of `src`, or a file that stands alone there. */
export interface Room {
  readonly level: string
  /** Files and folders below `src` that it may import besides its own; a folder ends with a slash. */
  readonly may: readonly string[]
  /** What it must not import although `may` would allow it. */
  readonly never?: readonly string[]
}

export const ROOMS: Readonly<Record<string, Room>> = {
  core: { level: 'L0', may: [] },
  'version.ts': { level: 'L0', may: [] },
  words: { level: 'beside', may: ['core/'] },
  log: { level: 'L1', may: ['core/'] },
  store: { level: 'L2', may: ['core/', 'log/'] },
  peer: { level: 'L2', may: ['core/', 'log/'] },
  keys: { level: 'L2', may: ['core/'] },
  node: {
    level: 'L3',
    may: [
      'core/',
      'log/',
      'store/store.ts',
      'store/keyspace.ts',
      'peer/ports.ts',
      'peer/messages.ts',
      'peer/record-messages.ts',
      'peer/bank-record.ts',
    ],
  },
  audit: { level: 'L3', may: ['core/', 'log/', 'words/'], never: ['core/ledger/', ...rulesOfTheNode()] },
  register: { level: 'L4', may: ['node/', 'store/store.ts', 'store/keyspace.ts', 'core/', 'log/', 'words/'] },
  http: {
    level: 'L5',
    may: [
      'register/',
      'node/',
      'store/store.ts',
      'store/keyspace.ts',
      'peer/ports.ts',
      'peer/invite.ts',
      'peer/peer-address.ts',
      'peer/private-address.ts',
      'keys/api-token.ts',
      'keys/secret-files.ts',
      'log/',
      'core/',
      'words/',
    ],
  },
  web: {
    level: 'L5',
    may: ['register/', 'node/', 'peer/invite.ts', 'store/store.ts', 'audit/', 'core/', 'words/'],
  },
  'machine.ts': { level: 'L6', may: ['node/ports.ts'] },
  'serve.ts': {
    level: 'L6',
    may: [
      'machine.ts',
      'http/',
      'web/',
      'words/',
      'register/',
      'node/',
      'audit/',
      'store/',
      'peer/',
      'keys/',
      'log/',
      'core/',
      'version.ts',
    ],
  },
  'begin.ts': {
    level: 'L6',
    may: ['machine.ts', 'serve.ts', 'http/', 'web/', 'register/', 'words/', 'core/'],
  },
  cli: {
    level: 'L7',
    may: [
      'begin.ts',
      'web/begin/first.ts',
      'machine.ts',
      'serve.ts',
      'http/client.ts',
      'http/problem.ts',
      'audit/',
      'keys/',
      'peer/ports.ts',
      'peer/peer-address.ts',
      'core/',
      'words/',
      'version.ts',
    ],
  },
  'index.ts': {
    level: 'L7',
    may: ['core/', 'log/', 'audit/', 'machine.ts', 'serve.ts', 'http/client.ts', 'version.ts'],
  },
}

/** Single imports that the table forbids and somebody needs. */
export const BEYOND_THE_ROOMS: readonly {
  readonly from: string
  readonly to: string
  readonly why: string
}[] = [
  {
    from: 'cli/commands/pay.ts',
    to: 'register/calendar.ts',
    why: 'a device key signs the day as the register writes it',
  },
  {
    from: 'cli/demo/bank.ts',
    to: 'http/running-bank.ts',
    why: 'the demo waits for the process it has just started',
  },
  {
    from: 'cli/doctor/place.ts',
    to: 'http/running-bank.ts',
    why: 'the doctor also looks at a bank that does not answer',
  },
  {
    from: 'cli/doctor/public-address.ts',
    to: 'peer/private-address.ts',
    why: 'the doctor says whether a name leads outside',
  },
  ...['checkpoint', 'merkle', 'note', 'tiles', 'tree'].map((file) => ({
    from: 'cli/demo/fraud.ts',
    to: `log/${file}.ts`,
    why: 'the demo forges a copied log, for a reader to find',
  })),
]

/** Who else may sign a checkpoint or build a tree of entries; docs/decisions/0014 says why this is no second writer. */
export const FORGERS: readonly string[] = ['src/cli/demo/fraud.ts']

/** What the judge must work out for itself: it shares the shape of entries with the node, never a rule. */
function rulesOfTheNode(): string[] {
  return ['core/transfer/payer.ts', 'core/transfer/payee.ts', 'core/transfer/payments.ts', 'core/line.ts']
}

/** Inside `core` the judge's files know nothing of the ledger, and the ledger nothing of the judge. */
export const APART: readonly { readonly who: RegExp; readonly never: RegExp; readonly why: string }[] = [
  {
    who: /^src\/core\/audit(\.ts$|\/)/,
    never: /^src\/core\/(ledger\/|line\.ts$|transfer\/(payer|payee|payments)\.ts$)/,
    why: 'the judge is a second opinion',
  },
  {
    who: /^src\/core\/(?!audit)/,
    never: /^src\/core\/audit(\.ts$|\/)/,
    why: 'what is judged does not lean on the judge',
  },
]

const MACHINE_ROOMS = ['machine.ts', 'serve.ts', 'cli/', 'keys/']

/** Every npm package and Node module, and who may import it. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'cbor-x': ['core/codec.ts'],
  cborg: ['audit/second-decoder.ts'],
  '@noble/ed25519': ['audit/second-verifier.ts'],
  '@scure/bip39': ['keys/recovery-sheet.ts', 'words/six-words.ts'],
  '@chainsafe/libp2p-noise': ['peer/libp2p-host.ts'],
  '@libp2p/circuit-relay-v2': ['peer/libp2p-host.ts'],
  '@libp2p/crypto': ['peer/libp2p-host.ts'],
  '@libp2p/identify': ['peer/libp2p-host.ts'],
  '@libp2p/interface': ['peer/'],
  '@libp2p/kad-dht': ['peer/libp2p-host.ts'],
  '@libp2p/peer-id': ['peer/'],
  '@libp2p/ping': ['peer/libp2p-host.ts'],
  '@libp2p/tcp': ['peer/libp2p-host.ts'],
  '@libp2p/yamux': ['peer/libp2p-host.ts'],
  '@multiformats/multiaddr': ['peer/'],
  multiformats: ['peer/'],
  libp2p: ['peer/libp2p-host.ts'],
  'datastore-level': ['peer/peer-folder.ts', 'peer/libp2p-host.ts'],
  level: ['store/level-store.ts', 'peer/peer-folder.ts'],
  fflate: [
    'audit/source.ts',
    'register/import/zip.ts',
    'http/export.ts',
    'cli/commands/export.ts',
    'cli/demo/story.ts',
  ],
  zod: ['http/'],
  'csv-parse': ['register/import/'],
  'csv-stringify': ['register/import/', 'register/statement-csv.ts', 'cli/demo/town.ts'],
  hono: ['http/', 'web/'],
  'intl-messageformat': ['words/language.ts'],
  qr: ['cli/commands/serve.ts', 'web/parts/qr.tsx'],
  '@hono/zod-openapi': ['http/'],
  '@hono/node-server': ['http/server.ts'],
  pino: ['machine.ts'],
  commander: ['cli/'],
  'smol-toml': ['cli/config.ts', 'cli/columns-file.ts'],
  'node:crypto': [
    'core/hash.ts',
    'core/ed25519.ts',
    'node/door.ts',
    'peer/libp2p-directory.ts',
    'audit/second-verifier.ts',
    'audit/signatures.ts',
    'http/auth.ts',
    'register/secrets.ts',
    ...MACHINE_ROOMS,
  ],
  'node:fs': ['audit/source.ts', 'web/assets.ts', ...MACHINE_ROOMS],
  'node:fs/promises': [
    'store/',
    'peer/peer-folder.ts',
    'http/client.ts',
    'http/running-bank.ts',
    ...MACHINE_ROOMS,
  ],
  'node:path': ['store/', 'audit/source.ts', 'http/client.ts', 'http/running-bank.ts', ...MACHINE_ROOMS],
  'node:os': ['store/data-folder.ts', ...MACHINE_ROOMS],
  'node:process': ['store/data-folder.ts', 'store/durable.ts', 'http/running-bank.ts', ...MACHINE_ROOMS],
  'node:dns/promises': ['cli/doctor/public-address.ts'],
  'node:tls': ['cli/doctor/public-address.ts'],
  'node:dns': ['peer/private-address.ts'],
  'node:net': ['peer/private-address.ts', 'http/server.ts', 'http/asked-from.ts', ...MACHINE_ROOMS],
  'node:http': ['http/server.ts', 'http/asked-from.ts'],
  'node:url': MACHINE_ROOMS,
  'node:child_process': ['cli/'],
  'node:util': ['cli/'],
  'node:readline/promises': ['cli/terminal.ts'],
}

/** Dependencies that nothing imports by name. */
export const UNSEEN_PACKAGES: Readonly<Record<string, string>> = {
  zod: 'what @hono/zod-openapi hands on; it asks for it as a peer',
}

/** Refusals of the closed list that no code gives yet. */
export const UNGIVEN_REFUSALS: Readonly<Record<string, string>> = {}

/** Files that turn a port into a real thing, or belong to one; they are picked in one place. */
export const ADAPTERS: readonly string[] = [
  'store/level-store.ts',
  'store/memory-store.ts',
  'store/head-guard.ts',
  'store/data-folder.ts',
  'store/clean-stop.ts',
  'store/durable.ts',
  'store/disk-fault.ts',
  'peer/address-book.ts',
  'peer/peer-folder.ts',
  'peer/libp2p-directory.ts',
  'peer/libp2p-frames.ts',
  'peer/libp2p-gate.ts',
  'peer/libp2p-host.ts',
  'peer/libp2p-relays.ts',
  'peer/libp2p-transport.ts',
]

/** Who may import an adapter besides its own room and the tests. */
export const COMPOSITION_ROOT: readonly string[] = ['serve.ts']

/** Clock, chance, process and console below the composition root: the adapters, and what each needs. */
export const MACHINE_USERS: Readonly<
  Record<string, { readonly words: readonly string[]; readonly why: string }>
> = {
  'store/data-folder.ts': {
    words: ['process.'],
    why: 'the lock file names the process that holds the folder',
  },
  'keys/secret-files.ts': {
    words: ['process.'],
    why: 'Windows keeps no permission bits that could be checked',
  },
  'store/level-store.ts': {
    words: ['performance.'],
    why: 'it measures the disk, which the clock of the bank is too coarse for',
  },
  'keys/loose-secrets.ts': {
    words: ['process.'],
    why: 'the same: bits are looked at where there are any',
  },
  'http/client.ts': {
    words: ['AbortSignal.timeout'],
    why: 'the client runs outside the bank, and its waits have an end',
  },
  'http/running-bank.ts': { words: ['process.'], why: 'a file says which process answers for a folder' },
  'store/durable.ts': { words: ['process.'], why: 'Windows has no call that syncs a folder' },
  'peer/libp2p-relays.ts': {
    words: ['setInterval', 'performance.'],
    why: 'it looks for places again and again, as libp2p does with its own clocks',
  },
  'peer/libp2p-directory.ts': {
    words: ['setTimeout', 'performance.', 'AbortSignal.timeout'],
    why: 'provider records are said again and walks of the DHT have an end',
  },
  'peer/libp2p-frames.ts': {
    words: ['setTimeout', 'setImmediate', 'AbortSignal.timeout'],
    why: 'frames of one turn leave together, and a peer that takes nothing in is given up',
  },
  'peer/libp2p-transport.ts': {
    words: ['setTimeout', 'AbortSignal.timeout'],
    why: 'dials and answers have deadlines',
  },
}

/** Files above 300 lines: why they are not split, and where their growth ends. */
export const LONG_FILES: Readonly<Record<string, { readonly most: number; readonly why: string }>> = {
  'src/core/entry.ts': {
    most: 520,
    why: 'the closed list of entries with their layouts is read as one table',
  },
  'src/core/limits.ts': { most: 420, why: 'one table: every bound of the program with its reason' },
  'src/core/audit/book.ts': { most: 410, why: 'what the judge remembers of one log, as one set of shapes' },
  'src/audit/rules.ts': { most: 450, why: 'one closed table: every rule with its severity and words' },
  'src/node/commit.ts': { most: 480, why: 'one place where a write becomes real, with its crash story' },
  'src/node/contacts.ts': {
    most: 380,
    why: 'dialling, finding and welcoming share one list of whom we know',
  },
  'src/node/link.ts': {
    most: 360,
    why: 'one session with one neighbour: what is said, when again, and what waits',
  },
  'src/node/listener.ts': {
    most: 560,
    why: 'every message of a neighbour and its one decision, side by side',
  },
  'src/register/exchanges.ts': {
    most: 360,
    why: 'from numbers and words to one record, by a desk or by a device',
  },
  'src/node/receive.ts': { most: 320, why: 'what the payee decides about an offer, a commit and an abort' },
  'src/node/session.ts': { most: 320, why: 'messages into frames and frames into checked entries' },
  'src/store/keyspace.ts': {
    most: 350,
    why: 'every key of the store is built and read here and nowhere else',
  },
  'src/node/pay.ts': { most: 320, why: "every decision of the payer's bank, side by side" },
  'src/web/parts/form-parts.tsx': {
    most: 390,
    why: 'every kind of question, with the one way in which its label, hint and error are said',
  },
  'src/words/refusals.ts': { most: 360, why: 'one closed table: every refusal with its words' },
  'src/node/node.ts': { most: 570, why: 'the doors of a running bank, each a few lines that lead below' },
  'src/serve.ts': {
    most: 420,
    why: 'the one place where adapters are picked: founding, serving, recovering',
  },
  'src/cli/demo/story.ts': { most: 340, why: 'one story, told from beginning to end' },
}

/** Functions above 70 lines. */
export const LONG_FUNCTIONS: Readonly<Record<string, { readonly most: number; readonly why: string }>> = {
  'src/core/ledger/apply.ts applyKind': {
    most: 90,
    why: 'one line for every kind of entry, and the compiler sees that none is missing',
  },
  'src/store/level-store.ts levelStore': {
    most: 90,
    why: 'the calls of one port in one object, each of them short',
  },
  'src/node/own-log.ts openOwnLog': {
    most: 95,
    why: 'the questions one may ask of our log in one object, each of them short',
  },
  'src/serve.ts open': { most: 95, why: 'every part of a running bank, in the order in which they open' },
  'src/peer/libp2p-transport.ts libp2pTransport': {
    most: 90,
    why: 'the calls of one port in one object, each of them short',
  },
}

/** Words that name nothing: never part of a file's, a folder's or a declared name. */
export const EMPTY_WORDS = [
  'util',
  'utils',
  'helper',
  'helpers',
  'manager',
  'handler',
  'base',
  'impl',
  'service',
  'services',
]
/** Words that name nothing when they stand for a whole file, folder or name; inside a longer name they may. */
export const EMPTY_NAMES = ['common', 'shared', 'misc', 'stuff', 'lib']

/** The few names in which somebody else's word has to stand. */
export const EMPTY_WORDS_ALLOWED: Readonly<Record<string, string>> = {
  'src/peer/libp2p-host.ts Services': "libp2p's own word for the parts a node is given",
}

/** Everything that may lie at the top of the project; what git ignores is not looked at. */
export const TOP_LEVEL = [
  '.ci',
  '.editorconfig',
  '.git',
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  'LICENSE',
  'README.md',
  'bin',
  'biome.json',
  'docs',
  'package-lock.json',
  'package.json',
  'src',
  'test',
  'tsconfig.json',
  'vitest.config.ts',
]
