/** Does a text keep to Prometheus's format 0.0.4? A strict reader of it, which throws at whatever it does not allow. */
import { must } from '../../src/core/fault.ts'

export interface ReadSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\+Inf|-Inf|NaN|-?[0-9.]+(?:e[+-]?[0-9]+)?)$`)
const PAIR = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
}

/** All samples. Each metric has one HELP, then one TYPE, then its samples, each once, and stands in one place. */
export function readSamples(text: string): readonly ReadSample[] {
  must(text.endsWith('\n'), 'the last line ends with a line feed')
  must(!text.includes('\r'), 'lines end with a line feed alone')
  const samples: ReadSample[] = []
  const metrics = new Set<string>()
  const seen = new Set<string>()
  let [helped, metric, type] = ['', '', '']
  for (const line of text.slice(0, -1).split('\n')) {
    const help = new RegExp(`^# HELP (${NAME}) (?:[^\\\\]|\\\\[\\\\n])+$`).exec(line)
    const typed = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`).exec(line)
    if (help !== null) {
      helped = help[1] as string
      must(!metrics.has(helped), `${helped} stands in one place`)
      metrics.add(helped)
    } else if (typed !== null) {
      ;[metric, type] = [typed[1] as string, typed[2] as string]
      must(metric === helped, `the type of ${metric} follows its help`)
    } else {
      const [, name = '', inside = '', value = ''] = SAMPLE.exec(line) ?? []
      must(name !== '', `a line is a sample: ${line}`)
      const fits = SUFFIXES[type]?.some((suffix) => name === metric + suffix)
      must(fits === true, `${name} stands below its own type`)
      must(!seen.has(`${name}{${inside}}`), `${line} stands once`)
      seen.add(`${name}{${inside}}`)
      samples.push({ name, labels: labelsIn(inside), value: numberIn(value) })
    }
  }
  return samples
}

function labelsIn(inside: string): Record<string, string> {
  const labels: Record<string, string> = {}
  for (let rest = inside; rest !== ''; ) {
    const [whole = '', name = '', value = ''] = PAIR.exec(rest) ?? []
    must(whole !== '' && !(name in labels), `labels are pairs, each once: ${rest}`)
    labels[name] = value.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one))
    rest = rest.slice(whole.length)
  }
  return labels
}

function numberIn(value: string): number {
  if (value === '+Inf') return Number.POSITIVE_INFINITY
  return value === '-Inf' ? Number.NEGATIVE_INFINITY : Number(value)
}
