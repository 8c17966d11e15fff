/**
 * How is another bank invited? By a link, also as a picture for a camera, that says which bank this is, where it answers,
 * and a word that is good once; and what does somebody read who opens that link ([REC-6])?
 */

import { sameBytes } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { makeInvite, parseInvite } from '../../peer/invite.ts'
import { Button, ButtonLink, TextArea } from '../parts/form-parts.tsx'
import { QrPicture } from '../parts/qr.tsx'
import { sheetFirstPage } from '../parts/sheet-first.tsx'
import { EVERYBODY, notHere, type Page, refused, screen, type Visit } from '../screen.ts'

const SCHEME = 'commonhour:invite?'
const SECONDS_PER_DAY = 86_400

export const inviteScreen = screen({
  path: '/run/neighbours/invite',
  who: ['coordinator'],
  get: (visit) => (visit.desk.sheet.waits() ? sheetFirstPage(visit) : explainPage(visit)),
  async post(visit) {
    const { desk, now } = visit
    const { node } = desk
    if (desk.sheet.waits()) return sheetFirstPage(visit)
    const expires = now + LIMITS.inviteSeconds
    const token = await node.invite(expires)
    if (!token.ok) return refused(visit, token.refusal, '/run/neighbours')
    const publicUrl = await node.read(({ book }) => book.card?.publicUrl ?? null)
    const { transport, bank } = node
    const invite = makeInvite({
      bank,
      peerId: transport.peerId,
      addresses: transport.addresses(),
      token: token.value,
    })
    return invitationPage(visit, linkOf(invite, publicUrl), Math.floor(expires / SECONDS_PER_DAY))
  },
})

function explainPage({ say }: Visit): Page {
  return {
    title: say('invite.title'),
    back: '/run/neighbours',
    body: (
      <form method="post" action="/run/neighbours/invite">
        <p class="govuk-body">{say('invite.lead')}</p>
        <ol class="govuk-list govuk-list--number">
          <li>{say('invite.step_1')}</li>
          <li>{say('invite.step_2')}</li>
          <li>{say('invite.step_3')}</li>
        </ol>
        <Button>{say('invite.make')}</Button>
      </form>
    ),
  }
}

/** What somebody sees who opens the link in a browser: whose it is, and what to do with it at the own bank. */
export const openedInviteScreen = screen({
  path: '/invite',
  who: EVERYBODY,
  get(visit) {
    const { say, query, bankName, desk } = visit
    const text = `${SCHEME}${query}`
    const invite = parseInvite(text)
    if (invite === null || !sameBytes(invite.bank, desk.node.bank)) return notHere(visit)
    return {
      title: say('invite.opened.title', { bank: bankName }),
      body: (
        <>
          <p class="govuk-body">{say('invite.opened.text', { bank: bankName })}</p>
          <ol class="govuk-list govuk-list--number">
            <li>{say('invite.opened.step_1')}</li>
            <li>{say('invite.opened.step_2')}</li>
            <li>{say('invite.opened.step_3')}</li>
          </ol>
          <LinkText visit={visit} link={text} />
        </>
      ),
    }
  },
})

/** With an address of our own pages the link opens in any browser; without one it is only pasted. */
function linkOf(invite: string, publicUrl: string | null): string {
  if (publicUrl === null || !/^https?:\/\//.test(publicUrl)) return invite
  return `${publicUrl.replace(/\/+$/, '')}/invite?${invite.slice(SCHEME.length)}`
}

function invitationPage(visit: Visit, link: string, untilDay: number): Page {
  const { say, speech, bankName } = visit
  return {
    title: say('invite.made.title'),
    back: '/run/neighbours',
    body: (
      <>
        <p class="govuk-body">{say('invite.made.text', { day: speech.date(untilDay) })}</p>
        <LinkText visit={visit} link={link} />
        <QrPicture text={link} label={say('invite.picture', { bank: bankName })} />
        <p class="govuk-body">{say('invite.made.next')}</p>
        <ButtonLink to="/run/neighbours">{say('invite.done')}</ButtonLink>
      </>
    ),
  }
}

function LinkText({ visit: { say }, link }: { visit: Visit; link: string }) {
  return (
    <TextArea say={say} name="link" label={say('invite.link')} value={link} rows={5} errors={[]} readonly />
  )
}
