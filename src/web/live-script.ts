/**
 * How does a page tell by itself that something has happened? It asks for itself again, every second at first and then
 * more and more rarely, and shows what has changed; whoever has no script presses "Look again" ([A11Y-3], [A11Y-4]).
 */

/** What such a look says it is: nobody need sit before it, so it keeps no sign-in from ending ([SIGN-10]). */
export const LOOK_HEADER = 'x-commonhour-look'
export const LIVE_LOOK = 'live'

/** Runs in browsers; `#live` is the part that changes, and says politely that it did. It goes on while that waits. */
export const LIVE_SCRIPT = `(() => {
  const live = document.getElementById('live')
  let wait = 1000
  const look = async () => {
    if (live === null || live.dataset.waits !== 'yes') return
    try {
      const headers = { '${LOOK_HEADER}': '${LIVE_LOOK}' }
      const answer = await fetch(location.href, { credentials: 'same-origin', redirect: 'follow', headers })
      if (answer.redirected) return location.replace(answer.url)
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const now = page.getElementById('live')
      if (answer.ok && now !== null && now.dataset.state !== live.dataset.state) {
        live.replaceChildren(...now.childNodes)
        live.dataset.state = now.dataset.state
        live.dataset.waits = now.dataset.waits
        const title = page.querySelector('h1')
        const heading = document.querySelector('h1')
        if (title !== null && heading !== null) heading.textContent = title.textContent
        document.title = page.title
        wait = 1000
      }
    } catch {
      // No connection: the next look may have one.
    }
    wait = Math.min(wait * 1.05, 15000)
    setTimeout(look, wait)
  }
  setTimeout(look, wait)
})()
`
