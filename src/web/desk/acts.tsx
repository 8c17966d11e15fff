/** Who did what for whom, and when? Every act of the desk, the newest first; nobody can edit or remove one ([DESK-12]). */

import { screen, type Visit } from '../screen.ts'
import { ActsTable } from './acts-table.tsx'

const PAGE = 50

export const actsScreen = screen({
  path: '/desk/acts',
  who: ['coordinator'],
  async get(visit) {
    const { say, desk, query } = visit
    const asked = Number(query.get('before') ?? '')
    const before = Number.isSafeInteger(asked) && asked >= 1 ? asked : null
    const { acts, next } = await desk.people.acts.recent({ before, most: PAGE })
    return {
      title: say('acts.title'),
      body: (
        <>
          <p class="govuk-body">{say('acts.lead')}</p>
          {acts.length === 0 ? (
            <p class="govuk-body">{say('acts.none')}</p>
          ) : (
            <ActsTable visit={visit} acts={acts} />
          )}
          <Ways visit={visit} isFirst={before === null} next={next} />
        </>
      ),
    }
  },
})

function Ways({ visit: { say }, isFirst, next }: { visit: Visit; isFirst: boolean; next: number | null }) {
  if (isFirst && next === null) return null
  return (
    <nav class="ch-row" aria-label={say('acts.pages')}>
      {isFirst ? null : (
        <a class="govuk-link" href="/desk/acts">
          {say('acts.newest')}
        </a>
      )}
      {next === null ? null : (
        <a class="govuk-link" href={`/desk/acts?before=${next}`}>
          {say('acts.earlier')}
        </a>
      )}
    </nav>
  )
}
