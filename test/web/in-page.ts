/** What do the tests ask a page from inside? These functions run in the browser and see nothing of this program. */

/** As much of the browser's own objects as is asked here; the tests' compiler knows Node alone. */
interface Element {
  readonly tagName: string
  readonly className: string
  readonly outerHTML: string
  readonly scrollWidth: number
  readonly clientWidth: number
  method: string
  action: string
  name: string
  value: string
  append(child: Element): void
  submit(): void
  getBoundingClientRect(): { left: number; right: number; width: number; height: number }
}
declare const document: {
  readonly documentElement: Element
  readonly body: Element
  readonly activeElement: Element
  createElement(tag: string): Element
  querySelectorAll(selector: string): Iterable<Element>
}
declare const axe: {
  run(options: object): Promise<{
    violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[]
  }>
}

/** Leaves for what this form gets as its answer. */
export function postForm({ path, fields }: { path: string; fields: Readonly<Record<string, string>> }): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = path
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('textarea')
    field.name = name
    field.value = value
    form.append(field)
  }
  document.body.append(form)
  form.submit()
}

/** Elements that stick out of the window sideways; none when nothing has to be scrolled. */
export function findSideways(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return []
  const out = [...document.querySelectorAll('body *')].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect()
    return width > 1 && (left < -1 || right > clientWidth + 1)
  })
  const names = out.map((one) => `${one.tagName.toLowerCase()}.${one.className}`.slice(0, 80))
  return [`${scrollWidth} of ${clientWidth} px`, ...names.slice(-5)]
}

/** What can be pressed or typed into and is smaller than a finger; links inside a sentence may be ([A11Y-4]). */
export function findSmallTargets(): string[] {
  const least = 44
  const targets = document.querySelectorAll(
    'button, .govuk-button, input:not([type=hidden]), select, textarea, header a, nav a, footer li a',
  )
  return [...targets].flatMap((element) => {
    const { height } = element.getBoundingClientRect()
    return height > least - 0.5 ? [] : [`${element.outerHTML.slice(0, 100)}: ${Math.round(height)} px`]
  })
}

/** What axe finds by these rules; its script must be there. */
export async function findViolations(rules: readonly string[]): Promise<string[]> {
  const { violations } = await axe.run({ runOnly: rules, resultTypes: ['violations'] })
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  )
}

/** The element that has the focus, as its tag and its name, or else as it is written. */
export function focused(): string {
  const { tagName, name, outerHTML } = document.activeElement
  return `${tagName.toLowerCase()} ${name || outerHTML.slice(0, 120)}`
}
