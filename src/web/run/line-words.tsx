/** How is a line between two banks said in words? How it is with the bank, and how much room is left in both directions. */

import type { NeighbourView } from '../../register/neighbours.ts'
import type { Visit } from '../screen.ts'

type Saying = Pick<Visit, 'say' | 'speech' | 'desk'>

/** One short sentence: connected, or when it was last heard. */
export function contactWords({ say, speech, desk }: Saying, view: NeighbourView): string {
  if (view.connected) return say('neighbour.connected')
  return view.lastHeard === null
    ? say('neighbour.never_heard')
    : say('neighbour.last_heard', { moment: speech.moment(view.lastHeard, desk.zone) })
}

/** What stands in the way of new hours just now, and what waits. */
export function hindrances({ say, speech }: Saying, view: NeighbourView): readonly string[] {
  const { name, line, pausedThere } = view
  if (line === null) return []
  const facts = { bank: name }
  const words: string[] = []
  if (line.state === 'proposed') words.push(say('neighbour.state.proposed', facts))
  if (line.state === 'closing') words.push(say('neighbour.state.closing', facts))
  if (line.state === 'dead') words.push(say('neighbour.state.dead', facts))
  if (line.pausedHere) words.push(say('neighbour.state.paused_here', facts))
  if (pausedThere) words.push(say('neighbour.state.paused_there', facts))
  if (line.waitingLimitMinutes !== null)
    words.push(say('neighbour.limit.waits', { ...facts, length: speech.hours(line.waitingLimitMinutes) }))
  return words
}

/** For how long members can still be helped, one sentence a direction. */
export function RoomLeft({ visit: { say, speech }, view }: { visit: Saying; view: NeighbourView }) {
  const { name, line } = view
  if (line?.state !== 'open') return null
  const { roomToSendMinutes: out, roomToReceiveMinutes: back } = line
  return (
    <ul class="govuk-list govuk-list--bullet">
      <li>
        {out > 0
          ? say('neighbour.room.here', { bank: name, length: speech.hours(out) })
          : say('neighbour.room.none_here', { bank: name })}
      </li>
      <li>
        {back > 0
          ? say('neighbour.room.there', { length: speech.hours(back) })
          : say('neighbour.room.none_there')}
      </li>
    </ul>
  )
}

/** Who has helped for longer so far. */
export function standingWords({ say, speech }: Saying, { name, line }: NeighbourView): string {
  const ahead = line?.weOweMinutes ?? 0
  const facts = { bank: name, length: speech.hours(Math.abs(ahead)) }
  if (ahead === 0) return say('neighbour.standing.even', facts)
  return say(ahead > 0 ? 'neighbour.standing.they_helped' : 'neighbour.standing.we_helped', facts)
}
