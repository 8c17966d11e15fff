import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, commonhour, ON_FREE_PORTS, type Ran, type Serving, serve } from './program.ts'

let base: string
let harbour: string
let serving: Serving
let made: Ran

beforeAll(async () => {
  await build()
  base = await mkdtemp(join(tmpdir(), 'commonhour-cli-'))
  harbour = join(base, 'harbour')
  made = await commonhour([
    'init',
    '--dir',
    harbour,
    '--name',
    'Harbour',
    '--coordinator',
    'Priya',
    ...ON_FREE_PORTS,
  ])
  serving = await serve(harbour)
})
afterAll(async () => {
  await serving?.stop('SIGKILL')
  await rm(base, { recursive: true, force: true })
})

const at = (...args: string[]): Promise<Ran> => commonhour([...args, '--dir', harbour])

describe('init', () => {
  test('[KEY-2] shows 24 words once and keeps them nowhere', async () => {
    expect(made.code).toBe(0)
    const words = [...made.out.matchAll(/^ *\d+ [a-z]+.*$/gm)].flatMap(([row]) => row.match(/[a-z]+/g) ?? [])
    expect(words).toHaveLength(24)
    for (const name of await readdir(harbour, { recursive: true })) {
      const path = join(harbour, name)
      if (!(await stat(path)).isFile()) continue
      expect(await readFile(path, 'latin1'), name).not.toContain(words.slice(0, 3).join(' '))
    }
    expect(made.err).toContain(`Next: commonhour serve --dir ${harbour}`)
  })

  test('a second bank in the same folder is refused, and nothing in it changes', async () => {
    const free = join(base, 'twice')
    const first = await commonhour(['init', '--dir', free, '--name', 'One', '--coordinator', 'Sam', '--json'])
    expect(first.json).toMatchObject({ schema_version: 1, name: 'One', recovery_words: expect.any(Array) })
    const keys = await readFile(join(free, 'keys', 'log.key'), 'utf8')
    const second = await commonhour(['init', '--dir', free, '--name', 'Two', '--coordinator', 'Sam'])
    expect([second.code, second.err]).toEqual([
      2,
      expect.stringContaining('There is a bank in this folder already'),
    ])
    expect(await readFile(join(free, 'keys', 'log.key'), 'utf8')).toBe(keys)
  })

  test.each([
    [['init', '--name', 'Harbour'], /--coordinator/],
    [['init', '--name', ' ', '--coordinator', 'Priya'], /not empty/],
    [
      ['init', '--name', 'Harbour', '--coordinator', 'Priya', '--http-port', '70000'],
      /--http-port should be a whole number from 0 to 65535/,
    ],
    [['init', '--name', 'Harbour', '--coordinator', 'Priya', '--bootstrap', '/ip4/1.2.3.4/tcp/1'], /\/p2p\//],
    [['init', '--name', 'Harbour', '--coordinator', 'Priya', '--public-url', 'harbour.example'], /https:/],
  ])('[CLI-6] %j is wrong usage, and makes nothing', async (args, words) => {
    const folder = join(base, 'never')
    const ran = await commonhour([...args, '--dir', folder])
    expect([ran.code, ran.err]).toEqual([64, expect.stringMatching(words)])
    await expect(stat(folder)).rejects.toThrow(/ENOENT/)
  })
})

describe('the folder', () => {
  test('[CLI-6] where no bank is set up: 10', async () => {
    const folder = join(base, 'nothing')
    for (const command of [['status'], ['member', 'list']]) {
      const ran = await commonhour([...command, '--dir', folder])
      expect([ran.code, ran.err]).toEqual([10, expect.stringContaining(`commonhour init --dir ${folder}`)])
    }
    // Something else lies there: it may be the wrong folder, and no place for a new bank.
    await mkdir(folder, { mode: 0o700 })
    await writeFile(join(folder, 'holiday.jpg'), 'the sea')
    const ran = await commonhour(['serve', '--dir', folder])
    expect([ran.code, ran.err]).toEqual([10, expect.stringContaining(`commonhour init --dir ${folder}`)])
    expect(await readdir(folder)).toEqual(['holiday.jpg'])
  })

  test('[CLI-6] a second process on the same folder: 11, and the first goes on', async () => {
    const ran = await at('serve')
    expect([ran.code, ran.err]).toEqual([11, expect.stringMatching(/in use by process \d+/)])
    expect((await at('status')).code).toBe(0)
  })

  test('COMMONHOUR_DIR names it too', async () => {
    expect((await commonhour(['status'], { COMMONHOUR_DIR: harbour })).out).toMatch(
      /^Harbour: running and recording/,
    )
  })

  test('[OPS-3] one that others can enter is refused', async () => {
    const folder = join(base, 'loose')
    await commonhour(['init', '--dir', folder, '--name', 'Loose', '--coordinator', 'Sam', ...ON_FREE_PORTS])
    await chmod(folder, 0o755)
    const ran = await commonhour(['serve', '--dir', folder])
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(`chmod 700 ${folder}`)])
  })
})

describe('members and help', () => {
  test('added, listed, told', async () => {
    const ada = await at(
      'member',
      'add',
      '--name',
      'Ada',
      '--number',
      'M-0001',
      '--phone',
      '020 7946 0000',
      '--json',
    )
    expect(ada.json).toMatchObject({ schema_version: 1, name: 'Ada', number: 'M-0001', state: 'open' })
    expect((await at('member', 'add', '--name', 'Bo', '--number', 'M-0002')).out).toBe(
      'Bo is member M-0002.\n',
    )
    const given = await at(
      'give',
      '--helper',
      'M-0002',
      '--helped',
      'm-0001',
      '--minutes',
      '90',
      '--note',
      'gardening',
      '--reason',
      'telephoned',
      '--channel',
      'call',
    )
    expect([given.code, given.out]).toEqual([
      0,
      expect.stringMatching(/^Recorded: M-0002 helped m-0001 for 1 hour 30 minutes\./),
    ])
    const list = await at('member', 'list')
    expect(list.out).toMatch(/M-0001 +Ada +open +0 minutes +1 hour 30 minutes/)
    const statement = await at('member', 'statement', 'M-0001')
    expect(statement.out).toContain(
      'Has helped for 0 minutes and was helped for 1 hour 30 minutes. Welcome to ask again.',
    )
    expect(statement.out).toContain('was helped by Bo (M-0002) for 1 hour 30 minutes: gardening')
    expect(statement.out).not.toMatch(/(?<!\w)-\d/)
  })

  test('[EX-8] a wrong record is taken back, or corrected, by how its id begins', async () => {
    const help = ['give', '--helper', 'M-0001', '--helped', 'M-0002', '--reason', 'telephoned', '--json']
    const [one, two] = [await at(...help, '--minutes', '20'), await at(...help, '--minutes', '30')]
    const short = one.json.id.slice(0, 12)
    const back = await at('record', 'take-back', short, '--member', 'M-0001')
    expect([back.code, back.out]).toEqual([0, `Taken back: record ${one.json.id.slice(0, 16)}.\n`])
    const gone = await at('record', 'take-back', one.json.id, '--member', 'M-0001')
    expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('was taken back before')])
    const named = [two.json.id, '--member', 'M-0002', '--cause', 'wrong_people', '--because', 'the other way']
    const put = await at('record', 'correct', ...named, '--helper', 'M-0002', '--helped', 'M-0001')
    expect(put.out).toMatch(/^Taken back: record [0-9a-f]{16}\. In its place: record [0-9a-f]{16}\.\n$/)
    const statement = await at('member', 'statement', 'M-0002')
    expect(statement.out).toContain('was helped by Ada (M-0001) for 20 minutes (taken back)')
    expect(statement.out).toContain('taken back: was helped by Ada (M-0001) for 30 minutes: the other way')
    const back30 = ['--member', 'M-0001', '--cause', 'other']
    const last = (await at('member', 'statement', 'M-0001', '--json')).json.lines.at(-1)
    expect((await at('record', 'correct', last.id, ...back30)).code).toBe(0)
    const none = await at('record', 'take-back', 'abcd', '--member', 'M-0001')
    expect([none.code, none.err]).toEqual([
      64,
      expect.stringContaining('No record of M-0001 begins with abcd'),
    ])
  })

  test('[SIGN-2] [EX-15] what is known of a member is shown, changed and helped', async () => {
    const edited = await at(
      'member',
      'edit',
      'M-0001',
      '--phone-word',
      'heron',
      '--large-print',
      'yes',
      '--phone',
      '',
    )
    expect([edited.code, edited.out]).toEqual([0, 'Ada (M-0001) is changed.\n'])
    const helped = await at(
      'member',
      'helper',
      'M-0001',
      'M-0002',
      '--for',
      'record',
      '--until',
      '2099-01-01',
    )
    expect(helped.out).toBe('M-0002 may act for Ada (M-0001).\n')
    const shown = (await at('member', 'show', 'M-0001')).out
    expect(shown).toMatch(/^Ada \(M-0001\), open\n/)
    expect(shown).toMatch(/phone word +heron/)
    expect(shown).toMatch(/may act for them +Bo \(M-0002\) from .* until 2099-01-01, to record help/)
    expect(shown).not.toContain('7946')
    expect((await at('member', 'helper', 'M-0001', 'M-0002', '--end')).code).toBe(0)
    expect((await at('member', 'edit', 'M-0001')).code).toBe(64)
  })

  test('[PRIV-27] a member is erased once the name was typed', async () => {
    await at('member', 'add', '--name', 'Eve Stone', '--number', 'M-0009')
    const give = [
      'give',
      '--helper',
      'M-0009',
      '--helped',
      'M-0001',
      '--minutes',
      '5',
      '--reason',
      'telephoned',
    ]
    expect((await at(...give)).code).toBe(0)
    const unsure = await at('member', 'erase', 'M-0009')
    expect([unsure.code, unsure.err]).toEqual([64, expect.stringContaining('--confirm')])
    const other = await at('member', 'erase', 'M-0009', '--confirm', 'Eve')
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('not the name of this member')])
    const gone = await at('member', 'erase', 'M-0009', '--confirm', 'Eve Stone', '--rest-to', 'M-0001')
    expect([gone.code, gone.out]).toEqual([0, 'The person is erased. 5 minutes went to M-0001.\n'])
    expect((await at('member', 'show', 'M-0009')).code).toBe(1)
    expect((await at('member', 'statement', 'M-0001')).out).toContain('was helped by somebody for 5 minutes')
  })

  test('[DESK-3] [DESK-12] coordinators come and go, and what they did is told', async () => {
    const alone = await at('coordinator', 'link')
    expect([alone.code, alone.out]).toEqual([0, expect.stringMatching(/^http:\/\/\S+\/setup\/[\w-]+\n$/)])
    expect(alone.err).toContain('lets Priya choose a password')
    const sam = await at('coordinator', 'add', 'Sam', '--member', 'M-0002')
    expect([sam.out, sam.err]).toEqual([
      'Sam is a coordinator.\n',
      expect.stringContaining('commonhour coordinator link "Sam"'),
    ])
    const which = await at('coordinator', 'link')
    expect([which.code, which.err]).toEqual([64, expect.stringContaining('In office are: Priya, Sam')])
    expect((await at('coordinator', 'link', 'Nobody')).code).toBe(1)
    const link = (await at('coordinator', 'link', 'sam', '--json')).json
    expect(link).toMatchObject({ name: 'Sam', path: expect.stringMatching(/^\/setup\//) })
    expect(await (await fetch(link.url)).text()).toContain('Sam')
    const unsure = await at('coordinator', 'remove', 'Sam')
    expect([unsure.code, unsure.err]).toEqual([64, expect.stringContaining('--confirm "Sam"')])
    expect((await at('coordinator', 'list')).out).toMatch(/Priya +- +in office\nSam +M-0002 +in office/)
    const gone = await at('coordinator', 'remove', 'Sam', '--confirm', 'Sam')
    expect([gone.code, gone.out]).toEqual([0, 'Sam is not a coordinator any more.\n'])
    const last = await at('coordinator', 'remove', 'Priya', '--confirm', 'Priya')
    expect([last.code, last.err]).toEqual([1, expect.stringContaining('coordinator add NAME')])
    const acts = await at('coordinator', 'acts', '--member', 'M-0002')
    expect(acts.out).toMatch(/Priya +took a coordinator out of office +M-0002/)
    expect(acts.out).toMatch(/Priya +recorded help +M-0001, M-0002/)
  })

  test('[CLI-2] JSON on stdout, everything else on stderr', async () => {
    const ran = await at('member', 'statement', 'M-0002', '--json')
    expect(ran.json).toMatchObject({ schema_version: 1, balance_minutes: 90 })
    const handle = await at('member', 'handle', 'M-0002', '--uses', '3', '--days', '7')
    expect(handle.out).toMatch(/^[a-z2-7]{32}\/[a-z2-7]{26}\n$/)
    expect(handle.err).toMatch(/^Good until .* commonhour pay --from/)
  })

  test('suspended, resumed', async () => {
    expect((await at('member', 'suspend', 'M-0002')).out).toBe('Bo (M-0002) is suspended.\n')
    expect((await at('member', 'resume', 'M-0002')).out).toBe('Bo (M-0002) may act again.\n')
  })

  test('a device key is made, kept from others, and never overwritten', async () => {
    const file = join(base, 'ada.key')
    expect((await at('member', 'device', 'M-0001', '--file', file)).code).toBe(0)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const key = await readFile(file, 'utf8')
    expect(Object.keys(JSON.parse(key)).sort()).toEqual([
      'account',
      'bank',
      'device',
      'format',
      'secret_seed',
    ])
    const again = await at('member', 'device', 'M-0001', '--file', file)
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('never overwritten')])
    expect(await readFile(file, 'utf8')).toBe(key)
  })

  test('[CLI-6] a refusal: 1, with the sentence and what to do', async () => {
    const unknown = await at('member', 'statement', 'M-9999')
    expect([unknown.code, unknown.out]).toEqual([1, ''])
    expect(unknown.err).toBe(
      'commonhour: There is no member with the number M-9999 at this bank. See all with: commonhour member list\n',
    )
    const half = await at(
      'give',
      '--helper',
      'M-0002',
      '--helped',
      'M-0001',
      '--minutes',
      '1.5',
      '--reason',
      'telephoned',
      '--json',
    )
    expect([half.code, half.json.error.code]).toEqual([1, 'minutes_not_whole'])
  })
})

describe('wrong usage', () => {
  test.each([
    [['stauts'], /unknown command 'stauts'[\s\S]*Did you mean status\?/],
    [['member', 'lits'], /Did you mean list\?/],
    [
      ['give', '--helper', 'a', '--helped', 'b', '--minutes', '9', '--resaon', 'x'],
      /unknown option '--resaon'[\s\S]*--reason/,
    ],
    [['give', '--helper', 'a', '--helped', 'b', '--minutes', 'ninety'], /It should be a number/],
    [
      ['give', '--helper', 'a', '--helped', 'b', '--minutes', '9', '--reason', 'because'],
      /Allowed choices are/,
    ],
    [['export', 'all'], /-o FILE/],
    [['pay', '--to', 'nowhere', '--minutes', '9'], /a bank, a slash and a code/],
    [['import', 'check', '--members', '/nonexistent.csv'], /cannot be read/],
  ])('[CLI-3] [CLI-6] %j: 64, with a suggestion, and nothing is run', async (args, words) => {
    const ran = await at(...args)
    expect([ran.code, ran.out, ran.err]).toEqual([64, '', expect.stringMatching(words)])
  })

  test('help shows the commands and examples', async () => {
    const help = await commonhour(['--help'])
    expect([help.code, help.out]).toEqual([0, expect.stringContaining('commonhour init --name Harbour')])
    expect((await commonhour(['member', 'add', '--help'])).out).toContain('--dir <folder>')
    expect((await commonhour(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('settings', () => {
  const withSettings = async (text: string, act: () => Promise<Ran>): Promise<Ran> => {
    const path = join(harbour, 'commonhour.toml')
    const before = await readFile(path, 'utf8')
    await writeFile(path, text)
    try {
      return await act()
    } finally {
      await writeFile(path, before)
    }
  }

  test('[OPS-2] every mistake at once, each with where it stands and a suggestion', async () => {
    const text = 'htpp-port = 7600\nnetwork = "world"\np2p-port = 7601.5\n'
    const ran = await withSettings(text, () =>
      commonhour(['serve', '--dir', harbour, '--start', 'never'], { COMMONHOUR_P2P_PRT: '1' }),
    )
    expect(ran.code).toBe(64)
    expect(ran.err).toContain('5 settings are wrong')
    expect(ran.err).toContain('htpp-port, which is no setting. Did you mean http-port?')
    expect(ran.err).toMatch(/network in .*commonhour\.toml should be internet or lan/)
    expect(ran.err).toMatch(/p2p-port in .* should be a whole number/)
    expect(ran.err).toContain('COMMONHOUR_P2P_PRT is no setting. Did you mean COMMONHOUR_P2P_PORT?')
    expect(ran.err).toContain('--start should be usual or strict')
  })

  test('a file that is no TOML says so', async () => {
    const ran = await withSettings('http-port = = 1', () => at('serve'))
    expect([ran.code, ran.err]).toEqual([64, expect.stringContaining('are not TOML')])
  })

  test('[OPS-2] flags over environment over file over default', async () => {
    const { readConfig } = await import('../../src/cli/config.ts')
    const folder = await mkdtemp(join(base, 'settings-'))
    await writeFile(join(folder, 'commonhour.toml'), 'http-port = 1\np2p-port = 2\nbootstrap = []\n')
    const env = { COMMONHOUR_P2P_PORT: '3', COMMONHOUR_START_WAIT_SECONDS: '4' }
    const { settings, origins } = await readConfig(folder, env, { 'start-wait-seconds': '5' })
    expect(settings).toMatchObject({
      'http-port': 1,
      'p2p-port': 3,
      'start-wait-seconds': 5,
      network: 'internet',
    })
    expect(origins).toMatchObject({
      'http-port': join(folder, 'commonhour.toml'),
      'p2p-port': 'COMMONHOUR_P2P_PORT',
      'start-wait-seconds': '--start-wait-seconds',
      network: 'default',
    })
  })

  test('the file that init writes is read as it is', async () => {
    const text = await readFile(join(harbour, 'commonhour.toml'), 'utf8')
    const { readConfig, SETTING_NAMES } = await import('../../src/cli/config.ts')
    const { settings } = await readConfig(harbour, {}, {})
    expect(settings).toMatchObject({ 'http-port': 0, 'p2p-port': 0, network: 'lan' })
    for (const name of SETTING_NAMES) expect(text).toMatch(new RegExp(`^(# )?${name} = `, 'm'))
  })
})

describe('the API of a running bank', () => {
  test('a missing, a wrong and a loose token', async () => {
    const path = join(harbour, 'api-token')
    const token = await readFile(path, 'utf8')
    await rename(path, `${path}.away`)
    expect(await at('status')).toMatchObject({ code: 10 })
    await writeFile(path, `${'a'.repeat(52)}\n`, { mode: 0o600 })
    const wrong = await at('status')
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("is not this bank's")])
    await writeFile(path, token)
    await chmod(path, 0o644)
    expect((await at('status')).err).toContain('chmod 600')
    await rename(`${path}.away`, path)
    expect((await at('status')).code).toBe(0)
  })

  test('is reached at an address with a token file, and a silent address is told', async () => {
    const { url } = JSON.parse(await readFile(join(harbour, 'api.json'), 'utf8'))
    const token = join(harbour, 'api-token')
    expect((await commonhour(['status', '--url', url, '--token-file', token])).code).toBe(0)
    const silent = await commonhour(['status', '--url', 'http://127.0.0.1:1', '--token-file', token])
    expect([silent.code, silent.err]).toEqual([2, expect.stringContaining('does not answer')])
  })
})

describe('ports', () => {
  let taken: Server
  beforeAll(async () => {
    taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => taken.close())

  test.each(['--http-port', '--p2p-port'])(
    '%s in use: 11, with what to do, and the folder is free again',
    async (option) => {
      const folder = join(base, option)
      await commonhour(['init', '--dir', folder, '--name', 'Other', '--coordinator', 'Sam', ...ON_FREE_PORTS])
      const { port } = taken.address() as { port: number }
      const ran = await commonhour(['serve', '--dir', folder, option, String(port)])
      expect([ran.code, ran.err]).toEqual([11, expect.stringMatching(/Another program.*listens.*port/)])
      const next = await serve(folder)
      expect(await next.stop()).toBe(0)
    },
  )
})

describe('stopping', () => {
  test('[OPS-12] SIGTERM: finishes, closes, 0; the next start finds a clean stop', async () => {
    const folder = join(base, 'stops')
    await commonhour(['init', '--dir', folder, '--name', 'Stops', '--coordinator', 'Sam', ...ON_FREE_PORTS])
    const first = await serve(folder)
    await commonhour(['member', 'add', '--name', 'Ada', '--dir', folder])
    expect(await first.stop()).toBe(0)
    expect(await readdir(folder)).toContain('clean')
    expect(await readdir(folder)).not.toContain('api.json')
    const gone = await commonhour(['status', '--dir', folder])
    expect([gone.code, gone.err]).toEqual([2, expect.stringContaining('is not running')])

    const second = await serve(folder)
    expect(second.said()).not.toContain('did not end in order')
    await second.stop('SIGKILL')
    expect((await commonhour(['status', '--dir', folder])).err).toContain('is not running')
    const third = await serve(folder)
    expect(third.said()).toContain('did not end in order')
    expect((await commonhour(['member', 'list', '--dir', folder])).out).toContain('Ada')
    expect(await third.stop('SIGINT')).toBe(0)
  })

  test('[OPS-5] the log is JSON, a line each, and names nobody', () => {
    const lines = serving.said().trim().split('\n')
    for (const line of lines) expect(() => JSON.parse(line), line).not.toThrow()
    expect(serving.said()).not.toMatch(/Ada|\bBo\b|Priya|gardening|020 7946/)
  })
})
