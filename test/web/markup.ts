/** What does a piece of HTML consist of? One line for each element and text, so that two pieces can be compared. */

import { type HtmlElement, Parser, StaticConfigLoader } from 'html-validate'

const config = await new StaticConfigLoader({ extends: [], elements: ['html5'], rules: {} }).getConfigFor('')

/** Lines of tag, classes and attributes in fixed order, then what stands inside. `data-…` is for scripts and left out. */
export function linesOf(html: string): string[] {
  return linesIn(new Parser(config).parseHtml(html.trim()), '')
}

function linesIn(parent: Pick<HtmlElement, 'childNodes'>, indent: string): string[] {
  const lines: string[] = []
  for (const node of parent.childNodes) {
    if (isElement(node)) lines.push(`${indent}<${openingOf(node)}>`, ...linesIn(node, `${indent}  `))
    else if (node.textContent.trim() !== '') lines.push(`${indent}${plain(node.textContent.trim())}`)
  }
  return joined(lines)
}

function isElement(node: HtmlElement['childNodes'][number]): node is HtmlElement {
  return 'tagName' in node && 'attributes' in node
}

function openingOf({ tagName, attributes }: HtmlElement): string {
  const texts = attributes.flatMap(({ key, value }) => {
    if (key.startsWith('data-')) return []
    const text = plain(String(value ?? ''))
    return [`${key}="${key === 'class' ? text.split(/\s+/).sort().join(' ') : text}"`]
  })
  return [tagName, ...texts.sort()].join(' ')
}

/** Texts that stand side by side are one text: whoever wrote the markup broke its lines. */
function joined(lines: readonly string[]): string[] {
  const found: string[] = []
  for (const line of lines) {
    const last = found.at(-1)
    const isText = !/^ *</.test(line) && last !== undefined && !/^ *</.test(last)
    if (isText && line.search(/\S/) === last.search(/\S/)) found[found.length - 1] = `${last} ${line.trim()}`
    else found.push(line)
  }
  return found
}

const ENTITIES: Readonly<Record<string, string>> = { '#39': "'", quot: '"', amp: '&', lt: '<', gt: '>' }

function plain(text: string): string {
  return text
    .replace(/&(#39|quot|amp|lt|gt);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\s+/g, ' ')
}

/** Lines of the one that are missing in the other, in order, as `- theirs` and `+ ours`. */
export function differences(theirs: readonly string[], ours: readonly string[]): string[] {
  const left = [...ours]
  const missing = theirs.filter((line) => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return [...missing.map((line) => `- ${line.trim()}`), ...left.map((line) => `+ ${line.trim()}`)]
}
